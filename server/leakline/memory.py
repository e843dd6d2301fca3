"""Memory for what is large, straight from the system."""

from __future__ import annotations

import contextlib
import mmap
from typing import Literal

_LARGE = 1 << 20
"""Bytes from which memory comes straight from the system."""

_SIZES = {"B": 1, "I": 4, "i": 4, "q": 8}

Kind = Literal["B", "I", "i", "q"]
"""A format of :mod:`struct`: a byte, 32 bits without and with a sign, 64 bits with one."""


def large_memory(size: int) -> mmap.mmap:
    """Give ``size`` bytes of zeros, at least one, that take room once they are touched.

    Large pages where the system has them: fewer faults while they are filled, fewer misses while
    they are read. Shared memory has none, so it is private where that can be said.
    """
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return mmap.mmap(-1, size)
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def shrunk(memory: mmap.mmap, size: int) -> mmap.mmap:
    """Give memory that nobody looks into back to the system from ``size`` bytes on.

    Where the system cannot, it stays: what was not touched took no room.
    """
    # Not every system can.
    with contextlib.suppress(SystemError, OSError, ValueError):
        memory.resize(max(size, 1))
    return memory


def size_of(count: int, kind: Kind) -> int:
    """Give the bytes that some numbers take."""
    return count * _SIZES[kind]


def zeros(count: int, kind: Kind) -> memoryview:
    """Give memory for some numbers, all 0."""
    size = size_of(count, kind)
    memory = large_memory(size) if size >= _LARGE else bytearray(size)
    return memoryview(memory)[:size].cast(kind)
