"""Memory that served its purpose, used again.

The text of a file is the largest piece of memory that a graph ever needs. New memory costs the
time in which the system makes it ready, page by page; this is ready.
"""

from __future__ import annotations

import mmap
from threading import Lock

from leakline.memory import Kind, size_of, zeros

_LINE = 64
"""Bytes of a cache line: two cores do not write to one."""


class Room:
    """Lays numbers into memory that nobody reads any more; where it is full, makes new memory.

    What is kept is laid from its begin, what is only passing from its end, so that what was only
    passing can be given back in one piece. Several threads may ask.
    """

    def __init__(self, memory: mmap.mmap | None = None, start: int = 0, stop: int = 0) -> None:
        """Take ``memory[start:stop]``, whole pages of it; nothing where there is none."""
        page = mmap.PAGESIZE
        self._memory = memory
        self._begin = -(-start // page) * page
        self._end = self._stop = max(stop // page * page, self._begin)
        self._lock = Lock()

    def kept(self, count: int, kind: Kind) -> memoryview:
        """Give memory for some numbers for good, filled with anything."""
        size = _lines(count, kind)
        with self._lock:
            start = self._begin
            if self._memory is None or start + size > self._end:
                return zeros(count, kind)
            self._begin += size
            return _cut(self._memory, start, count, kind)

    def passing(self, count: int, kind: Kind) -> memoryview:
        """Give memory that is not looked at after :meth:`give_back`, filled with anything."""
        size = _lines(count, kind)
        with self._lock:
            start = self._end - size
            if self._memory is None or start < self._begin:
                return zeros(count, kind)
            self._end = start
            return _cut(self._memory, start, count, kind)

    def give_back(self) -> None:
        """Give all that is not kept back to the system; what is asked for later is new memory."""
        with self._lock:
            page = mmap.PAGESIZE
            first = -(-self._begin // page) * page
            if self._memory is not None and hasattr(mmap, "MADV_DONTNEED") and self._stop > first:
                self._memory.madvise(mmap.MADV_DONTNEED, first, self._stop - first)
            self._memory = None


def _lines(count: int, kind: Kind) -> int:
    return -(-size_of(count, kind) // _LINE) * _LINE


def _cut(memory: mmap.mmap, start: int, count: int, kind: Kind) -> memoryview:
    return memoryview(memory)[start : start + size_of(count, kind)].cast(kind)
