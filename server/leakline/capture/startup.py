"""Wait for the program: for its inspector, and for the port that takes its requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from leakline.capture.addresses import InspectorAddress, parse_inspector
from leakline.capture.command import Command
from leakline.capture.finding import choose_target
from leakline.capture.load import LoadPlan
from leakline.capture.targets import TargetInfo, list_targets
from leakline.errors import (
    InspectorBusy,
    InspectorProtocolError,
    InspectorUnreachable,
    LoadFailed,
)

START_SECONDS = 90.0
_OTHER_PORT_SECONDS = 3.0
_POLL_SECONDS = 0.1
_CONNECT_SECONDS = 2.0

_T = TypeVar("_T")


async def require_free(inspector: InspectorAddress, load: LoadPlan | None) -> None:
    """Refuse to start a command whose ports another program holds.

    What answers there would be measured in the command's place.

    Raises:
        InspectorBusy: Something listens at the inspector's address.
        LoadFailed: Something listens at the URL's address.
    """
    if await _listens(inspector.host, inspector.port):
        raise InspectorBusy(
            f"another program already listens at the inspector's address {inspector}",
            "end it, or leave the command out to measure that program",
        )
    if load is None:
        return
    host, port = load.address()
    if await _listens(host, port):
        raise LoadFailed(
            f"another program already listens at {load.url}",
            "end it, or leave the command out to measure that program",
        )


async def wait_for_inspector(inspector: InspectorAddress, command: Command | None) -> TargetInfo:
    """Give the program behind an inspector; with a command, once it has come up.

    Raises:
        CommandFailed: The command ended first.
        InspectorUnreachable: Nothing listens there; with a command, for 90 seconds.
        CaptureError: What listens there is no inspector, or has not exactly one program.
    """
    if command is None:
        return await choose_target(inspector)
    loop = asyncio.get_running_loop()
    announced_since: float | None = None

    async def look() -> TargetInfo | None:
        nonlocal announced_since
        for url in reversed(command.announced):
            address = parse_inspector(url)
            if address.port == inspector.port:
                return await choose_target(address, wait=True)
        try:
            if await list_targets(inspector):
                return await choose_target(inspector, wait=True)
        except (InspectorUnreachable, InspectorProtocolError):
            pass  # not up yet, or half
        if not command.announced:
            return None
        # The program chose another port than the one asked for, as with --inspect=0.
        announced_since = announced_since or loop.time()
        if loop.time() < announced_since + _OTHER_PORT_SECONDS:
            return None
        return await choose_target(parse_inspector(command.announced[-1]))

    found = await _poll(look, command, "before its inspector answered")
    if found is None:
        raise InspectorUnreachable(
            f"`{command.shown}` opened no inspector at {inspector} within {START_SECONDS:.0f} s",
            "start it with its inspector (wrangler dev --inspector-port, node --inspect)",
        )
    return found


async def wait_for_port(load: LoadPlan, command: Command | None, check: Callable[[], None]) -> None:
    """Wait until something listens at the URL's address; without a command only look once.

    Args:
        load: Has the URL.
        command: The command that starts the program, if any.
        check: Raises when the program is gone.

    Raises:
        CommandFailed: The command ended first.
        LoadFailed: Nothing listens there; with a command, for 90 seconds.
    """
    host, port = load.address()

    async def look() -> bool | None:
        check()
        return await _listens(host, port) or None

    before = f"before it listened at {host}:{port}"
    up = await look() if command is None else await _poll(look, command, before)
    if not up:
        raise LoadFailed(
            f"{load.url} refuses connections"
            + ("" if command is None else f" {START_SECONDS:.0f} s after the command's start"),
            "check the URL and that the program listens there",
        )


async def _poll(
    look: Callable[[], Awaitable[_T | None]], command: Command, before: str
) -> _T | None:
    """Look again and again until there is something, the command ends, or time is up."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_SECONDS
    while loop.time() < deadline:
        found = await look()
        if found is not None:
            return found
        if command.status is not None:
            await asyncio.sleep(_POLL_SECONDS)  # its last words are still in the pipe
            raise command.ended(before)
        await asyncio.sleep(_POLL_SECONDS)
    return None


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(
            asyncio.open_connection(host, port), timeout=_CONNECT_SECONDS
        )
    except (OSError, TimeoutError):
        return False
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        return True
    return True
