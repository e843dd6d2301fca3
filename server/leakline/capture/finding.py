"""Find the programs that can be captured, or the one that the user means."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from leakline.capture.addresses import InspectorAddress, is_loopback, parse_inspector
from leakline.capture.cdp.transport import open_transport
from leakline.capture.listeners import Listener, find_listeners
from leakline.capture.targets import TargetInfo, list_targets
from leakline.capture.workers import workers_of
from leakline.capture.wrangler_files import configured_ports
from leakline.errors import CaptureError, InspectorBusy, InspectorProtocolError

_USUAL_PORTS = (*range(9229, 9239), 9222)
_MOVES = 10
_PROBE_SECONDS = 1.0
_TAKEN_SECONDS = 0.3
_PLAIN_NAME = re.compile(r"[\w.-]+")


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
    asked = list(dict.fromkeys(replace(each, web_socket_url=None, name="") for each in asked))

    async def ask(address: InspectorAddress) -> list[TargetInfo]:
        try:
            listed = await list_targets(address, seconds=_PROBE_SECONDS)
        except CaptureError:
            return []  # no inspector here: that is the answer to the question
        found: list[TargetInfo] = []
        for each in listed:
            taken = await _is_taken(each)
            workers = (each,) if taken else await _workers_of(each)
            found += [replace(worker, taken=taken) for worker in workers]
        return found

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


async def choose_target(address: InspectorAddress, *, wait: bool = False) -> TargetInfo:
    """Give the one program behind an inspector's address.

    Args:
        address: The address.
        wait: Whether the program may still be starting.

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
    if len(targets) == 1:
        # wrangler's first Worker is the one that takes the requests.
        targets = await workers_of(targets[0], wait=wait)
        first = targets[0]
        if not address.name or address.name in _names(first):
            return replace(first, others=tuple(inspector_of(each, targets) for each in targets[1:]))
    named = [each for each in targets if address.name in _names(each)]
    if address.name and len(named) == 1:
        others = (inspector_of(each, targets) for each in targets if each is not named[0])
        return replace(named[0], others=tuple(others))
    listed = ", ".join(inspector_of(each, targets) for each in targets[:8])
    if address.name:
        raise CaptureError(
            f"the inspector at {address} has no program {address.name!r}", f"give {listed}"
        )
    raise CaptureError(
        f"the inspector at {address} has {len(targets)} programs", f"give one of them: {listed}"
    )


def inspector_of(target: TargetInfo, targets: Sequence[TargetInfo]) -> str:
    """What ``--inspect`` and the setting ``inspect`` take for a program.

    Args:
        target: The program.
        targets: All that were found, this one among them: of several behind one address each
            needs its name, or its own URL where the names are no help.
    """
    here = [other for other in targets if other.address == target.address]
    if len(here) == 1:
        return target.address
    name = _names(target)[-1]
    alike = sum(name in _names(other) for other in here)
    if alike == 1 and _PLAIN_NAME.fullmatch(name):
        return f"{target.address}/{name}"
    return target.web_socket_url


def _names(target: TargetInfo) -> tuple[str, ...]:
    """What a program may be called; miniflare puts its own name before the Worker's."""
    return target.title, target.title.rpartition(": ")[2]


async def _workers_of(target: TargetInfo) -> tuple[TargetInfo, ...]:
    try:
        return await workers_of(target)
    except CaptureError:
        return (target,)  # somebody came in between
