"""Room on the disk: enough of it before and while a snapshot is written."""

from __future__ import annotations

import shutil
from pathlib import Path

from leakline.errors import RecordingError

# What is left free for everything else on the machine.
RESERVED_BYTES = 256 << 20
# Snapshots of real programs came out at one to three times the heap's size.
_BYTES_PER_HEAP_BYTE = 3


def require_space(directory: Path, heap_used: int | None) -> None:
    """Refuse to begin a snapshot for which there is no room.

    Args:
        directory: Where it is to be written.
        heap_used: The heap's size in bytes; None when unknown.

    Raises:
        RecordingError: The disk has too little room.
    """
    wanted = (heap_used or 0) * _BYTES_PER_HEAP_BYTE
    free = free_bytes(directory)
    if free is not None and free < wanted + RESERVED_BYTES:
        raise RecordingError(
            f"a snapshot of this heap needs about {_megabytes(wanted + RESERVED_BYTES)} of disk, "
            f"but {directory} has {_megabytes(free)}",
            "make room, or measure in a directory on another disk",
        )


def require_reserve(path: Path) -> None:
    """Stop before a file fills the disk.

    Raises:
        RecordingError: It is about to.
    """
    free = free_bytes(path.parent)
    if free is not None and free < RESERVED_BYTES:
        raise RecordingError(
            f"{path} fills the disk: less than {_megabytes(RESERVED_BYTES)} are left",
            "make room, or measure in a directory on another disk",
        )


def free_bytes(directory: Path) -> int | None:
    """Give the free bytes of a directory's disk; None where the system does not tell."""
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return None


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
