"""Inspectors' addresses as the user writes them, and which of them are on this machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from leakline.errors import UsageError


@dataclass(frozen=True, slots=True)
class InspectorAddress:
    """An inspector as the user names it: ``HOST:PORT``, or a web socket's URL.

    Attributes:
        host: Host name or IP address, IPv6 without brackets.
        port: TCP port.
        web_socket_url: The URL when the user gave one, else None.
        name: Which of its programs is meant, where the user says it; empty for the only one.
    """

    host: str
    port: int
    web_socket_url: str | None = None
    name: str = ""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_inspector(text: str) -> InspectorAddress:
    """Read an inspector's address.

    Args:
        text: ``HOST:PORT``, ``PORT``, ``HOST:PORT/NAME`` for one of several programs, or a
            ``ws://`` or ``wss://`` URL.

    Raises:
        UsageError: It is none of these.
    """
    advice = "give HOST:PORT, such as 127.0.0.1:9229, or a ws:// URL"
    text = text.strip()
    is_url = "://" in text
    try:
        parts = urlsplit(text if is_url else f"//{f'127.0.0.1:{text}' if text.isdigit() else text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{text!r} is not an inspector's address", advice) from error
    if is_url and parts.scheme in ("ws", "wss") and host:
        return InspectorAddress(host, port or (443 if parts.scheme == "wss" else 80), text)
    if is_url or not host or not port or parts.query or parts.fragment or "@" in text:
        raise UsageError(f"{text!r} is not an inspector's address", advice)
    return InspectorAddress(host, port, name=unquote(parts.path.removeprefix("/")))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or IP address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def elsewhere(inspector: str) -> str | None:
    """Say what is dangerous about an inspector on another machine.

    Args:
        inspector: Its address, as the user names it.

    Returns:
        One sentence for the user; None for an inspector on this machine.

    Raises:
        UsageError: It is no address.
    """
    address = parse_inspector(inspector)
    if is_loopback(address.host):
        return None
    host = "".join(c if c.isprintable() else "\ufffd" for c in address.host)
    crosses = (
        "the heap crosses the network"
        if (address.web_socket_url or "").startswith("wss:")
        else "the heap crosses the network unencrypted"
    )
    return (
        f"the inspector at {host} is not on this machine: {crosses}, and whoever reaches the "
        "inspector can run code"
    )
