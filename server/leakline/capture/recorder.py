"""Measure a program's growth, or take one snapshot of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from leakline.capture.cdp import ReloadedError, Session, open_session
from leakline.capture.command import Command
from leakline.capture.load import LoadPlan, LoadResult, all_failed, send_round
from leakline.capture.reporting import Reporter
from leakline.capture.scripts import save_scripts
from leakline.capture.startup import require_free, wait_for_inspector, wait_for_port
from leakline.capture.targets import TargetInfo, parse_inspector
from leakline.errors import CaptureError, LoadFailed, TargetGone, UsageError
from leakline.progress import OnProgress
from leakline.recording import Recording, RecordingWriter, Target

_RESTARTS = 3
_EXIT_SECONDS = 1.0

_STARTED = 0.05
_MEASURED = 0.95


async def measure(
    *,
    inspector: str,
    load: LoadPlan,
    rounds: int,
    command: Sequence[str] = (),
    workspace: Path,
    on_progress: OnProgress,
) -> Recording:
    """Record how a program's heap grows under requests.

    A round is ``load.requests`` requests and a snapshot after them. A warm-up round comes
    first: its snapshot, the recording's first, is what the others are compared with.

    Args:
        inspector: ``HOST:PORT`` or ``ws://…`` of the program's inspector.
        load: The requests of one round.
        rounds: Rounds after the warm-up.
        command: Starts the program, in the workspace; it is ended afterwards, with all the
            processes it started. Empty when the program runs already.
        workspace: Gets the recording, below ``.leakline``.
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
    if rounds < 1:
        raise UsageError(f"{rounds} rounds are too few", "give at least 1")
    address = parse_inspector(inspector)
    report = Reporter(on_progress)
    async with AsyncExitStack() as stack:
        running: Command | None = None
        if command:
            await require_free(address, load)
            report(f"starting {command[0]}", 0.0)
            running = await stack.enter_async_context(Command(command, workspace))
        report(f"waiting for the inspector at {address}", 0.01)
        try:
            target = await wait_for_inspector(address, running)
            async with open_session(target.web_socket_url, alone=_alone(target)) as session:
                report(f"waiting for {load.url}", 0.03)
                await wait_for_port(load, running, session.check)
                writer = stack.enter_context(RecordingWriter(workspace, _name(target)))
                await _measure_rounds(session, writer, load, rounds, report)
                report("saving sources", _MEASURED)
                await save_scripts(session, writer)
        except (TargetGone, LoadFailed) as error:
            raise await _explain(error, running) from error
        if running is not None:
            report(f"ending {command[0]}", 0.98)
            await running.stop()
        recording = writer.commit(_target(target))
    report("recorded", 1.0)
    return recording


async def capture(*, inspector: str, workspace: Path, on_progress: OnProgress) -> Recording:
    """Record one snapshot of a running program.

    Args:
        inspector: ``HOST:PORT`` or ``ws://…`` of the program's inspector.
        workspace: Gets the recording, below ``.leakline``.
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
    async with open_session(target.web_socket_url, alone=_alone(target)) as session:
        with RecordingWriter(workspace, _name(target)) as writer:
            await _snapshot(session, writer, _Part(report, "the snapshot", _STARTED, _MEASURED))
            report("saving sources", _MEASURED)
            await save_scripts(session, writer)
            recording = writer.commit(_target(target))
    report("recorded", 1.0)
    return recording


class _Part:
    """A stretch of the whole operation's progress."""

    def __init__(self, report: Reporter, name: str, start: float, end: float) -> None:
        self.name = name
        self._report = report
        self._start = start
        self._length = end - start

    def __call__(self, text: str, fraction: float) -> None:
        self._report(text, self._start + self._length * fraction)


async def _measure_rounds(
    session: Session, writer: RecordingWriter, load: LoadPlan, rounds: int, report: Reporter
) -> None:
    """Run all rounds in one isolate; start anew when the program is reloaded."""
    number = 0  # of the next request, counted on over restarts
    for isolate in range(_RESTARTS + 1):
        reloads = session.reloads
        answered = 0
        try:
            for index in range(rounds + 1):
                step = (_MEASURED - _STARTED) / (rounds + 1)
                start = _STARTED + index * step
                name = f"round {index} of {rounds}" if index else "warm-up"
                part = _Part(report, name, start, start + step / 2)
                result = await _send(session, load, number, part)
                number += result.requests
                answered += result.requests
                await _still_the_same(session, reloads)
                part = _Part(report, name, start + step / 2, start + step)
                await _snapshot(
                    session,
                    writer,
                    part,
                    requests=answered,
                    errors=result.errors,
                    isolate=isolate,
                )
                await _still_the_same(session, reloads)
        except ReloadedError:
            writer.drop_rounds()
            report("the program was reloaded, starting the rounds anew", _STARTED)
            await session.enable()  # answers when the new isolate is there
            continue
        return
    raise CaptureError(
        f"the program was reloaded {_RESTARTS + 1} times while it was measured",
        "do not save its files until the measurement is done",
    )


async def _send(session: Session, load: LoadPlan, number: int, part: _Part) -> LoadResult:
    text = f"{part.name}: sending {load.requests} requests"

    def answered(done: int) -> None:
        session.check()
        part(text, done / load.requests)

    answered(0)
    result = await send_round(load, number, answered)
    failure = all_failed(load, result)
    if failure is not None:
        raise failure
    if result.errors:
        told = ", ".join(f"{count} with status {status}" for status, count in result.statuses)
        part(f"{part.name}: {result.errors} of {result.requests} failed ({told})", 1.0)
    return result


async def _snapshot(
    session: Session,
    writer: RecordingWriter,
    part: _Part,
    *,
    requests: int | None = None,
    errors: int = 0,
    isolate: int = 0,
) -> None:
    text = f"{part.name}: taking the snapshot"
    part(text, 0.0)
    heap_used = await session.runtime.heap_used()
    if session.alone:
        await session.runtime.empty_console()
    with writer.snapshot() as sink:
        await session.heap_profiler.take_snapshot(
            sink.write, lambda fraction: part(text, fraction / 2), heap_used=heap_used
        )
    writer.add_round(sink, requests=requests, errors=errors, heap_used=heap_used, isolate=isolate)


async def _still_the_same(session: Session, reloads: int) -> None:
    """Make sure that the program was not reloaded.

    Raises:
        ReloadedError: It was.
    """
    await session.enable()
    if session.reloads != reloads:
        raise ReloadedError


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


def _alone(target: TargetInfo) -> bool:
    return target.kind == "wrangler"


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
