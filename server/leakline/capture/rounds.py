"""Rounds of traffic with a snapshot after each, all in one isolate."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.capture.cdp import ReloadedError, Session
from leakline.capture.reporting import Reporter
from leakline.capture.traffic import Traffic
from leakline.errors import CaptureError
from leakline.recording import RecordingWriter, SnapshotSink

_RESTARTS = 3

# While it tracks, V8 collects garbage every 50 ms: in a larger heap the round would not end.
_LARGEST_TRACKED = 256 << 20


class Part:
    """A stretch of the whole operation's progress.

    Attributes:
        name: What it is about, such as ``round 1 of 3``.
    """

    def __init__(self, report: Reporter, name: str, start: float, end: float) -> None:
        self.name = name
        self._report = report
        self._start = start
        self._length = end - start

    def within(self, name: str, start: float, end: float) -> Part:
        """Give a part of this part, from one fraction of it to another."""
        first = self._start + self._length * start
        return Part(self._report, name, first, first + self._length * (end - start))

    def __call__(self, text: str, fraction: float) -> None:
        """Report; the fraction is of this stretch, from 0 to 1."""
        self._report(text, self._start + self._length * fraction)


async def measure_rounds(
    session: Session, writer: RecordingWriter, traffic: Traffic, rounds: int, whole: Part
) -> None:
    """Run a warm-up and all rounds; start anew when the program is reloaded.

    Args:
        session: The inspector's client.
        writer: Gets the snapshots.
        traffic: Makes the rounds.
        rounds: Rounds after the warm-up.
        whole: Takes the progress of all of it.

    Raises:
        CaptureError: The program could not be measured, or was reloaded again and again.
        RecordingError: The recording cannot be written.
    """
    number = 0  # of the next request, counted on over restarts
    for isolate in range(_RESTARTS + 1):
        reloads = session.reloads
        answered: int | None = 0
        try:
            await traffic.begin(session)
            for index in range(rounds + 1):
                name = f"round {index} of {rounds}" if index else "warm-up"
                start, middle, end = ((index + at) / (rounds + 1) for at in (0.0, 0.5, 1.0))
                await session.rest()
                heap_used: int | None = None
                if index == rounds:  # its stacks tell the growing lines, see docs/decisions
                    heap_used = await session.runtime.heap_used()
                    if heap_used is None or heap_used <= _LARGEST_TRACKED:
                        await session.heap_profiler.track_allocations()
                    else:
                        writer.add_note(
                            "allocations were not tracked, for the heap is larger than 256 MB: the "
                            "growing lines come from the program's text alone"
                        )
                result = await traffic.run(session, number, whole.within(name, start, middle))
                number += result.requests or 0
                if answered is not None and result.requests is not None:
                    answered += result.requests
                else:
                    answered = None
                if index < rounds:
                    await _still_the_same(session, reloads)
                # While it tracks, V8 forgets stacks as soon as the program is idle: no question
                # comes between the last answer and the snapshot.
                part = whole.within(name, middle, end)
                taken = await take_snapshot(session, writer, part, traffic, heap_used=heap_used)
                number += taken.late
                answered = None if answered is None else answered + taken.late
                writer.add_round(
                    taken.sink,
                    requests=answered,
                    errors=result.errors,
                    heap_used=taken.heap_used,
                    isolate=isolate,
                )
                await _still_the_same(session, reloads)
            await session.heap_profiler.stop_tracking()
        except ReloadedError:
            await session.heap_profiler.stop_tracking()  # Vite's plugin keeps the isolate
            writer.drop_rounds()
            whole("the program was reloaded, starting the rounds anew", 0.0)
            await session.enable()  # answers when the new isolate is there
            continue
        await traffic.end(session)
        return
    raise CaptureError(
        f"the program was reloaded {_RESTARTS + 1} times while it was measured",
        "do not save its files until the measurement is done",
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot on disk.

    Attributes:
        sink: Its file.
        heap_used: The heap's size in bytes; None where the runtime does not tell it.
        late: Requests that were answered between the end of the traffic and the snapshot.
    """

    sink: SnapshotSink
    heap_used: int | None
    late: int = 0


async def take_snapshot(
    session: Session,
    writer: RecordingWriter,
    part: Part,
    traffic: Traffic | None = None,
    *,
    heap_used: int | None = None,
) -> Taken:
    """Take one snapshot.

    Args:
        session: The inspector's client.
        writer: Gets it.
        part: Takes progress.
        traffic: May know of requests that come meanwhile.
        heap_used: The heap's size in bytes, where it was asked for before.

    Raises:
        CaptureError: It could not be taken.
        RecordingError: It could not be written.
    """
    text = f"{part.name}: taking the snapshot"
    part(text, 0.0)
    if heap_used is None:
        heap_used = await session.runtime.heap_used()
    if session.alone:
        await session.runtime.empty_console()
    with writer.snapshot(heap_used) as sink:
        late = 0 if traffic is None else await traffic.late(session)
        await session.heap_profiler.take_snapshot(
            sink.write, lambda fraction: part(text, fraction / 2)
        )
    return Taken(sink, heap_used, late)


async def _still_the_same(session: Session, reloads: int) -> None:
    """Make sure that the program was not reloaded.

    Raises:
        ReloadedError: It was.
    """
    await session.enable()
    if session.reloads != reloads:
        raise ReloadedError
