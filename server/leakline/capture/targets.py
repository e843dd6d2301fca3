"""Which programs can be captured: inspectors by their HTTP addresses."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import aiohttp

from leakline.capture.cdp.transport import open_transport, unreachable
from leakline.capture.listeners import Listener, find_listeners
from leakline.capture.wrangler_ports import configured_ports
from leakline.errors import (
    CaptureError,
    InspectorBusy,
    InspectorProtocolError,
    InspectorUnreachable,
    UsageError,
)

_USUAL_PORTS = (*range(9229, 9239), 9222)
_MOVES = 10
_PROBE_SECONDS = 1.0
_TAKEN_SECONDS = 0.3
_LIST_SECONDS = 5.0
_MAX_LIST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """A program behind an inspector.

    Attributes:
        address: ``HOST:PORT`` of the inspector.
        kind: ``wrangler``, ``node``, ``deno``, ``page`` or ``unknown``.
        title: What the inspector calls it.
        url: The URL or path that the inspector gives for it; may be empty.
        web_socket_url: Where to connect.
        runtime: Name and version of the runtime, such as ``wrangler/v4.164.0``; may be empty.
        v8: V8's version; empty where the inspector does not tell it.
        pid: The process that listens; None where the system does not tell. The next three are
            told by :func:`find_targets` only.
        directory: That process's working directory; empty when unknown.
        other_ports: The other TCP ports at which that process listens: its own server's.
        taken: Whether another client keeps us out; None for inspectors that take several.
        shared: Whether a debugger passes its own connection on: what is set on it (pauses,
            breakpoints) is the debugger's to set.
    """

    address: str
    kind: str
    title: str
    url: str
    web_socket_url: str
    runtime: str = ""
    v8: str = ""
    pid: int | None = None
    directory: str = ""
    other_ports: tuple[int, ...] = ()
    taken: bool | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class InspectorAddress:
    """An inspector as the user names it: ``HOST:PORT``, or a web socket's URL.

    Attributes:
        host: Host name or IP address, IPv6 without brackets.
        port: TCP port.
        web_socket_url: The URL when the user gave one, else None.
    """

    host: str
    port: int
    web_socket_url: str | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_inspector(text: str) -> InspectorAddress:
    """Read an inspector's address.

    Args:
        text: ``HOST:PORT``, ``PORT``, or a ``ws://`` or ``wss://`` URL.

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
    if is_url or not host or not port or parts.path or "@" in text:
        raise UsageError(f"{text!r} is not an inspector's address", advice)
    return InspectorAddress(host, port)


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


async def find_targets(
    addresses: Sequence[str] = (),
    *,
    here: Sequence[str] = (),
    workspaces: Sequence[Path] = (),
) -> tuple[TargetInfo, ...]:
    """Find the programs that can be captured.

    Args:
        addresses: ``HOST:PORT`` or ``ws://`` URLs of inspectors to ask, and no others; none
            means loopback's usual ports: Node's, Deno's and wrangler's 9229 and the nine above
            it, Chromium's 9222, and what the workspaces configure, with the nine above, where
            wrangler moves when one is taken.
        here: Addresses to ask as well, as far as they are on this machine.
        workspaces: Their wrangler files are looked through for ``dev.inspector_port``.

    Returns:
        What answers, in the order of the addresses. An address where nothing listens, or
        something else than an inspector, is left out.

    Raises:
        UsageError: An address makes no sense.
    """
    if addresses:
        asked = [parse_inspector(text) for text in addresses]
    else:
        asked = [each for each in map(parse_inspector, here) if is_loopback(each.host)]
        asked += [
            InspectorAddress(host, port)
            for port in searched_ports(workspaces)
            for host in ("127.0.0.1", "::1")
        ]
    asked = list(dict.fromkeys(replace(each, web_socket_url=None) for each in asked))

    async def ask(address: InspectorAddress) -> list[TargetInfo]:
        try:
            listed = await list_targets(address, seconds=_PROBE_SECONDS)
        except CaptureError:
            return []  # no inspector here: that is the answer to the question
        return [replace(each, taken=await _is_taken(each)) for each in listed]

    answers = await asyncio.gather(*(ask(address) for address in asked))
    here_ports = {address.port for address in asked if is_loopback(address.host)}
    listeners = find_listeners(here_ports) if any(answers) else {}
    found: dict[tuple[str, str], TargetInfo] = {}
    for address, targets in zip(asked, answers, strict=True):
        listener = listeners.get(address.port) if is_loopback(address.host) else None
        for each in targets:
            known = listener or Listener(None)
            # `localhost` and `127.0.0.1`, or a program that listens on both loopbacks.
            name = address.port if is_loopback(address.host) else address
            path = urlsplit(each.web_socket_url).path
            served = replace(
                each, pid=known.pid, directory=known.directory, other_ports=known.other_ports
            )
            found.setdefault((str(name), path), served)
    return tuple(found.values())


def searched_ports(workspaces: Sequence[Path]) -> tuple[int, ...]:
    """Give the ports where inspectors are looked for, each once."""
    configured = (port for workspace in workspaces for port in configured_ports(workspace))
    moved = (port + up for port in configured for up in range(_MOVES))
    return tuple(dict.fromkeys((*_USUAL_PORTS, *(port for port in moved if port < 1 << 16))))


async def _is_taken(target: TargetInfo) -> bool | None:
    """Tell whether an inspector that takes one client has one already."""
    if target.kind != "wrangler":
        return None
    try:
        transport = await open_transport(target.web_socket_url)
    except CaptureError:
        return None
    try:
        await asyncio.wait_for(transport.receive(), timeout=_TAKEN_SECONDS)
    except InspectorBusy:
        return True
    except (TimeoutError, CaptureError):
        return False
    finally:
        await transport.close()
    return False


async def choose_target(address: InspectorAddress) -> TargetInfo:
    """Give the one program behind an inspector's address.

    Raises:
        InspectorUnreachable: Nothing listens there.
        InspectorProtocolError: Something else than an inspector answers.
        CaptureError: It has no program, or several to choose from.
    """
    try:
        targets = await list_targets(address)
    except InspectorProtocolError:
        if address.web_socket_url is None:
            raise
        # VS Code's debugger passes its connection on at such an address, which lists nothing.
        return TargetInfo(str(address), "unknown", "", "", address.web_socket_url, shared=True)
    if address.web_socket_url is not None:
        path = urlsplit(address.web_socket_url).path
        named = [each for each in targets if urlsplit(each.web_socket_url).path == path]
        known = named[0] if named else TargetInfo(str(address), "unknown", "", "", "")
        return replace(known, web_socket_url=address.web_socket_url)
    if not targets:
        raise CaptureError(
            f"the inspector at {address} has no program to capture", "open a page or start a Worker"
        )
    if len(targets) > 1:
        names = ", ".join(f"{each.title or each.url} {each.web_socket_url}" for each in targets[:8])
        raise CaptureError(
            f"the inspector at {address} has {len(targets)} programs",
            f"give the ws:// URL of one of them ({names})",
        )
    return targets[0]


async def list_targets(
    address: InspectorAddress, *, seconds: float = _LIST_SECONDS
) -> tuple[TargetInfo, ...]:
    """Ask an inspector for its programs.

    Args:
        address: The inspector.
        seconds: How long it may take to answer.

    Raises:
        InspectorUnreachable: Nothing listens there, or it does not answer.
        InspectorProtocolError: Something else than an inspector answers.
    """
    base = f"http://{address}"
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as client:
            listed = await _get_json(client, f"{base}/json/list", f"{base}/json")
            version = await _get_json(client, f"{base}/json/version")
    except aiohttp.ClientConnectorError as error:
        raise unreachable(str(address)) from error
    except TimeoutError as error:
        raise InspectorUnreachable(
            f"the inspector at {address} does not answer", "is the program stopped or frozen?"
        ) from error
    except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
        raise InspectorProtocolError(
            f"what listens at {address} is not an inspector", "check the address"
        ) from error
    if not isinstance(listed, list):
        raise InspectorProtocolError(
            f"what listens at {address} is not an inspector", "check the address"
        )
    about = cast("dict[str, object]", version) if isinstance(version, dict) else {}
    targets = (_target(address, each, about) for each in listed if isinstance(each, dict))
    return tuple(target for target in targets if target is not None)


def _target(
    address: InspectorAddress, listed: dict[str, object], about: dict[str, object]
) -> TargetInfo | None:
    url, socket = _string(listed, "url"), _string(listed, "webSocketDebuggerUrl")
    if not socket or _string(listed, "type") not in ("node", "page", "deno", ""):
        return None  # service workers, frames and browser parts; or taken by another client
    if url.startswith(("devtools:", "chrome-extension:")):
        return None
    # Only the path is the inspector's to say: it must not send us to another host, and
    # behind a forwarded port it does not know its own address.
    parts = urlsplit(socket)
    runtime = _string(about, "Browser")
    return TargetInfo(
        address=str(address),
        kind=_kind(runtime, _string(listed, "type")),
        title=_string(listed, "title"),
        url=url,
        web_socket_url=f"ws://{address}{parts.path}" + (f"?{parts.query}" if parts.query else ""),
        runtime=runtime,
        v8=_string(about, "V8-Version"),
    )


def _kind(runtime: str, listed_type: str) -> str:
    name = runtime.lower()
    for start, kind in (("wrangler", "wrangler"), ("miniflare", "wrangler"), ("node", "node")):
        if name.startswith(start):
            return kind
    if name.startswith("deno"):
        return "deno"
    if "chrom" in name or listed_type == "page":
        return "page"
    return "unknown"


async def _get_json(client: aiohttp.ClientSession, *urls: str) -> object:
    """Fetch the first of the URLs that is there."""
    for url in urls:
        async with client.get(url, allow_redirects=False) as response:
            if response.status != 200:
                continue
            body = bytearray()
            async for part in response.content.iter_any():
                body += part
                if len(body) > _MAX_LIST_BYTES:
                    raise ValueError("the answer is too long")
            return cast("object", json.loads(body))
    return None


def _string(values: dict[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
