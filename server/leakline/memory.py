"""Memory for what is large, straight from the system."""

from __future__ import annotations

import contextlib
import mmap


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
