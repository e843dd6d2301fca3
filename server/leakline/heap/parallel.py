"""Sharing work between the processor's cores: compiled loops run without the lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from threading import Thread
from typing import Generic, TypeVar

from leakline.heap import kernels
from leakline.heap.engine import kernels_are_compiled

Result = TypeVar("Result")

SMALL = 1 << 21
"""Bytes below which a section is not worth cutting."""

MOST_THREADS = 4
"""The loops wait for memory more than they compute: more cores do not help."""


def threads() -> int:
    """Give the number of threads worth starting; one where the loops are interpreted."""
    if not kernels_are_compiled:
        return 1
    return min(MOST_THREADS, os.cpu_count() or 1)


class Task(Generic[Result]):
    """A job that runs in a thread of its own.

    A plain thread: ``concurrent.futures`` takes as long to load as some of the jobs to run.
    """

    def __init__(self, job: Callable[[], Result]) -> None:
        """Start it."""
        self._job = job
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="leakline-heap", daemon=True)
        self._thread.start()

    def result(self) -> Result:
        """Wait for it and give its result, or raise its error."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._job())
        except BaseException as error:
            # Raised where it is waited for.
            self._error = error


def run(jobs: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run jobs side by side and give their results in order; the first error is raised."""
    if threads() == 1 or len(jobs) < 2:
        return [job() for job in jobs]
    waiting = deque(enumerate(jobs))
    results: dict[int, Result] = {}

    def work() -> None:
        # Taking from a deque is atomic.
        while waiting:
            try:
                number, job = waiting.popleft()
            except IndexError:
                return
            results[number] = job()

    others = [Task(work) for _ in range(min(threads(), len(jobs)) - 1)]
    try:
        work()
    finally:
        waiting.clear()
        for other in others:
            other.result()
    return [results[number] for number in range(len(jobs))]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a flat section that begins and ends with a record.

    Attributes:
        start: Offset of its first byte.
        stop: Offset behind its last; behind a comma but for the last chunk.
        first_row: Number of its first record.
        rows: How many records it has.
    """

    start: int
    stop: int
    first_row: int
    rows: int


def count_numbers(data: memoryview, start: int, stop: int) -> tuple[int, list[int]]:
    """Count the numbers of a flat section by its commas, which the parser checks later.

    Returns:
        How many there are, and how many commas each of the section's equal parts has (see
        :func:`cut`).
    """
    if kernels.skip_space(data, start, stop) == stop:
        return 0, []
    bounds = _bounds(start, stop)
    commas = run([partial(kernels.count_commas, data, *part) for part in pairwise(bounds)])
    return sum(commas) + 1, commas


def cut(
    data: memoryview, section: tuple[int, int], fields: int, rows: int, commas: list[int]
) -> list[Chunk]:
    """Cut a flat section into parts of whole records.

    Args:
        data: The file.
        section: Where the section begins and ends.
        fields: Numbers per record.
        rows: Records in all; at least one.
        commas: What :func:`count_numbers` gave.
    """
    start, stop = section
    starts, firsts = [start], [0]
    before = 0
    for bound, count in zip(_bounds(start, stop)[1:-1], commas, strict=False):
        before += count
        # The bound may lie inside a number: the next record begins behind a later comma.
        row = min(before // fields + 1, rows)
        starts.append(int(kernels.after_commas(data, bound, stop, row * fields - before)))
        firsts.append(row)
    starts.append(stop)
    firsts.append(rows)
    return [
        Chunk(starts[i], starts[i + 1], firsts[i], firsts[i + 1] - firsts[i])
        for i in range(len(starts) - 1)
        if firsts[i + 1] > firsts[i]
    ]


def _bounds(start: int, stop: int) -> list[int]:
    parts = 1 if stop - start < SMALL else 2 * threads()
    return [start + (stop - start) * part // parts for part in range(parts + 1)]
