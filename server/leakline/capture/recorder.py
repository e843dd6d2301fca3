"""Measure a program's growth, or take one snapshot of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from pathlib import Path

from leakline.capture.addresses import is_loopback, parse_inspector
from leakline.capture.cdp import Session, open_session
from leakline.capture.command import Command
from leakline.capture.listeners import find_clients, find_starter
from leakline.capture.load import LoadPlan
from leakline.capture.naming import named
from leakline.capture.page import PageActions
from leakline.capture.reporting import Reporter
from leakline.capture.rounds import Part, measure_rounds, take_snapshot
from leakline.capture.scripts import is_users, save_scripts
from leakline.capture.startup import require_free, wait_for_inspector, wait_for_port
from leakline.capture.targets import TargetInfo
from leakline.capture.traffic import TrafficPlan
from leakline.config import DEFAULT_KEEP
from leakline.errors import CaptureError, InspectorBusy, LoadFailed, TargetGone, UsageError
from leakline.progress import OnProgress
from leakline.recording import Recording, RecordingWriter, Target, prune

_EXIT_SECONDS = 3.0
_BUSY_TRIES = 4
_BUSY_PAUSE_SECONDS = 0.5

_NAMED = 8

_STARTED = 0.05
_MEASURED = 0.95


async def measure(
    *,
    inspector: str,
    load: TrafficPlan,
    on_page: PageActions | None = None,
    rounds: int,
    command: Sequence[str] = (),
    workspace: Path,
    keep: int = DEFAULT_KEEP,
    on_progress: OnProgress,
) -> Recording:
    """Record how a program's heap grows under traffic.

    A round is what ``load`` says (Leakline's own requests, actions on a page, or what others
    send until the round is over) and a snapshot after it. A warm-up round comes
    first: its snapshot, the recording's first, is what the others are compared with.

    Args:
        inspector: ``HOST:PORT`` or ``ws://…`` of the program's inspector.
        load: The traffic of one round: a ``LoadPlan``, ``PageActions`` or an ``Observation``.
        on_page: What a round is instead where the program is a page; None for no such thing.
        rounds: Rounds after the warm-up.
        command: Starts the program, in the workspace; it is ended afterwards, with all the
            processes it started. Empty when the program runs already.
        workspace: Gets the recording, below ``.leakline``.
        keep: How many of its recordings stay, this one included.
        on_progress: Gets told how far it has come.

    Returns:
        The recording, on disk and complete.

    Raises:
        UsageError: An argument makes no sense.
        CaptureError: Nothing could be recorded. As after any other error, or a cancel,
            no recording and no process is left behind.
        RecordingError: The recording cannot be written.
    """
    load.check()
    if on_page is not None:
        on_page.check()
    if rounds < 1:
        raise UsageError(f"{rounds} rounds are too few", "give at least 1")
    address = parse_inspector(inspector)
    own = load if isinstance(load, LoadPlan) else None
    report = Reporter(on_progress)
    async with AsyncExitStack() as stack:
        running: Command | None = None
        if command:
            await require_free(address, own)
            report(f"starting {command[0]}", 0.0)
            running = await stack.enter_async_context(Command(command, workspace))
        report(f"waiting for the inspector at {address}", 0.01)
        try:
            target = await wait_for_inspector(address, running)
            if on_page is None or target.kind != "page":
                load.traffic(target)  # refuses what cannot be done before the program is touched
            async with _open(target) as session:
                program = await named(session, target)
                if on_page is not None and program.kind == "page":
                    load, own = on_page, None
                if target.kind == "page":
                    await session.page.enable()
                if own is not None:
                    report(f"waiting for {own.url}", 0.03)
                    await wait_for_port(own, running, session.check)
                writer = stack.enter_context(RecordingWriter(workspace, _name(program)))
                whole = Part(report, "the rounds", _STARTED, _MEASURED)
                await measure_rounds(session, writer, load.traffic(target), rounds, whole)
                report("saving sources", _MEASURED)
                await save_scripts(session, writer)
                _note_worker_threads(session, writer)
                _note_other_workers(target, session, writer)
        except (TargetGone, LoadFailed) as error:
            raise await _explain(error, running) from error
        if running is not None:
            report(f"ending {command[0]}", 0.98)
            await running.stop()
        recording = writer.commit(_target(program), load.load)
    prune(workspace, keep)
    report("recorded", 1.0)
    return recording


async def capture(
    *, inspector: str, workspace: Path, keep: int = DEFAULT_KEEP, on_progress: OnProgress
) -> Recording:
    """Record one snapshot of a running program.

    Args:
        inspector: ``HOST:PORT`` or ``ws://…`` of the program's inspector.
        workspace: Gets the recording, below ``.leakline``.
        keep: How many of its recordings stay, this one included.
        on_progress: Gets told how far it has come.

    Returns:
        The recording, on disk and complete; nobody counted requests.

    Raises:
        UsageError: The address makes no sense.
        CaptureError: Nothing could be recorded; nothing is left behind.
        RecordingError: The recording cannot be written.
    """
    report = Reporter(on_progress)
    report(f"connecting to {inspector}", 0.0)
    target = await wait_for_inspector(parse_inspector(inspector), None)
    async with _open(target) as session:
        program = await named(session, target)
        with RecordingWriter(workspace, _name(program)) as writer:
            part = Part(report, "the snapshot", _STARTED, _MEASURED)
            taken = await take_snapshot(session, writer, part)
            writer.add_round(taken.sink, requests=None, heap_used=taken.heap_used)
            report("saving sources", _MEASURED)
            await save_scripts(session, writer)
            _note_worker_threads(session, writer)
            _note_other_workers(target, session, writer)
            recording = writer.commit(_target(program))
    prune(workspace, keep)
    report("recorded", 1.0)
    return recording


async def _explain(error: TargetGone | LoadFailed, command: Command | None) -> CaptureError:
    """Say that the command ended where that is why the connection broke."""
    if command is None:
        return error
    try:
        await asyncio.wait_for(command.wait(), timeout=_EXIT_SECONDS)
    except TimeoutError:
        return error
    ended = command.ended("while it was measured")
    return TargetGone(ended.problem, ended.advice)


def _note_worker_threads(session: Session, writer: RecordingWriter) -> None:
    threads = session.worker_threads
    if threads:
        named = ", ".join(sorted({url.rpartition("/")[2] for url in threads} - {""})[:_NAMED])
        writer.add_note(
            f"the program started {len(threads)} worker thread{'s' if len(threads) > 1 else ''}"
            + (f" ({named})" if named else "")
            + ": only the heap of its main thread was measured"
        )


def _note_other_workers(target: TargetInfo, session: Session, writer: RecordingWriter) -> None:
    """Say which of wrangler's Workers was measured."""
    address = parse_inspector(target.web_socket_url)
    if target.kind != "wrangler" or not is_loopback(address.host):
        return
    if target.others:
        writer.add_note(
            f"wrangler runs several Workers, and {target.title} was measured: for another one "
            f"give --inspect {' or '.join(target.others)}"
        )
        return
    starter = find_starter(address.port) if target.runtime.startswith("wrangler") else None
    options = [each.partition("=")[0] for each in starter.arguments] if starter else []
    if options.count("-c") + options.count("--config") < 2:
        return
    urls = [each.url for each in session.debugger.scripts.values() if is_users(each)]
    named = ", ".join(sorted({url.rpartition("/")[2] for url in urls} - {""})[:_NAMED])
    writer.add_note(
        f"wrangler runs several Workers, but its inspector shows only one ({named}): to measure "
        "another one, run it alone"
    )


@asynccontextmanager
async def _open(target: TargetInfo) -> AsyncIterator[Session]:
    """Connect to a program; where another client is in the way, say which."""
    try:
        async with AsyncExitStack() as stack:
            yield await _entered(stack, target)
    except InspectorBusy as error:
        address = parse_inspector(target.web_socket_url)
        clients = find_clients(address.port) if is_loopback(address.host) else ()
        if not clients:
            raise
        raise InspectorBusy(
            f"{' and '.join(clients)} holds the inspector at {address}, which takes only one "
            "client",
            "close its DevTools window or end its debug session",
        ) from error


async def _entered(stack: AsyncExitStack, target: TargetInfo) -> Session:
    """Connect; who only looks whether the inspector is taken goes away again at once."""
    for _ in range(_BUSY_TRIES - 1):
        with suppress(InspectorBusy):
            return await stack.enter_async_context(_session(target))
        await asyncio.sleep(_BUSY_PAUSE_SECONDS)
    return await stack.enter_async_context(_session(target))


def _session(target: TargetInfo) -> AbstractAsyncContextManager[Session]:
    return open_session(
        target.web_socket_url, alone=target.kind == "wrangler", shared=target.shared
    )


def _name(target: TargetInfo) -> str:
    return target.kind if target.kind != "unknown" else target.title or "program"


def _target(target: TargetInfo) -> Target:
    return Target(
        kind=target.kind,
        title=target.title,
        url=target.url,
        runtime=target.runtime,
        v8=target.v8,
    )
