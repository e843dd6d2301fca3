"""Read the files of a recording within bounds: snapshots, sources, source maps."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from leakline.errors import RecordingError, SnapshotError
from leakline.memory import large_memory

if TYPE_CHECKING:
    from leakline.recording.model import Script

MAX_SOURCE_BYTES = 256 << 20
MAX_SOURCE_MAP_BYTES = 512 << 20

# Real snapshots shrink to a fifth or a twentieth; deflate can reach a thousandth. What
# unpacks to more than these is a bomb, not a snapshot.
_MAX_UNPACKED_BYTES = 8 << 30
_MAX_UNPACKED_RATIO = 150
_ALWAYS_UNPACKED_BYTES = 256 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_STEP = 1 << 20


@contextmanager
def open_snapshot(path: Path) -> Iterator[memoryview]:
    """Give the bytes of a snapshot.

    A plain file is read, not mapped: a mapped file that another program shortens ends the
    process (SIGBUS). A gzip file (told by its first bytes, not by its name) is unpacked.

    Args:
        path: A ``.heapsnapshot`` or ``.heapsnapshot.gz`` file.

    Yields:
        A read-only view of bytes. Views and numpy arrays made of it must not be used after
        the block: the file may be gone.

    Raises:
        SnapshotError: The file is missing, empty, no regular file, or a broken or
            implausibly dense gzip file.
    """
    try:
        if not path.is_file():
            raise SnapshotError(f"there is no snapshot file {path}", "check the path")
        with path.open("rb") as file:
            if file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC:
                view = memoryview(_unpack(path)).toreadonly()
            else:
                view = memoryview(_read_whole(file, path)).toreadonly()
    except OSError as error:
        raise SnapshotError(
            f"{path} cannot be read ({error.strerror or error})", "check its permissions"
        ) from error
    mapped = view.obj
    try:
        yield view
    finally:
        _close(view, mapped)


def _read_whole(file: BufferedReader, path: Path) -> mmap.mmap:
    """Read a file into memory of its own."""
    size = file.seek(0, 2)
    if size == 0:
        raise SnapshotError(f"{path} is empty", "capture it again")
    file.seek(0)
    content = large_memory(size)
    if file.readinto(content) != size:
        raise SnapshotError(f"{path} became shorter while it was read", "capture it again")
    return content


def _close(view: memoryview, mapped: object) -> None:
    """Unmap now when nobody holds a part of the view, else when the last part goes."""
    try:
        view.release()
        if isinstance(mapped, mmap.mmap):
            mapped.close()
    except BufferError:
        # A numpy array still looks into it. Python unmaps the file together with it.
        return


def _unpack(path: Path) -> bytearray:
    # Most snapshots are plain, and need not wait for these.
    import gzip  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    allowed = min(
        max(path.stat().st_size * _MAX_UNPACKED_RATIO, _ALWAYS_UNPACKED_BYTES), _MAX_UNPACKED_BYTES
    )
    unpacked = bytearray()
    try:
        with gzip.open(path, "rb") as file:
            while step := file.read(_STEP):
                unpacked += step
                if len(unpacked) > allowed:
                    raise SnapshotError(
                        f"{path} unpacks to more than {allowed >> 20} MiB",
                        "unpack it yourself if it is a real snapshot",
                    )
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SnapshotError(f"{path} is a broken gzip file", "capture it again") from error
    return unpacked


def read_source(script: Script) -> str:
    """Give the source text of a script as V8 ran it.

    Args:
        script: A script of a recording whose ``source`` was saved.

    Returns:
        The text, line ends as they are. Lone surrogates were replaced when it was saved, so
        columns in UTF-16 units still hold.

    Raises:
        RecordingError: The source was not saved, is gone, not UTF-8, or larger than 256 MiB.
    """
    if script.source is None:
        raise RecordingError(f"the source of {script.url or script.id} was not saved")
    try:
        return read_bounded(script.source, MAX_SOURCE_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordingError(f"{script.source} is not UTF-8", "measure again") from error


def read_source_map(script: Script) -> bytes | None:
    """Give the bytes of a script's source map.

    Args:
        script: A script of a recording.

    Returns:
        The source map's JSON as it was served; None when none was saved.

    Raises:
        RecordingError: The file is gone or larger than 512 MiB.
    """
    return (
        None if script.source_map is None else read_bounded(script.source_map, MAX_SOURCE_MAP_BYTES)
    )


def read_bounded(path: Path, limit: int, *, advice: str = "measure again") -> bytes:
    """Give the bytes of a file that has at most ``limit`` of them.

    Raises:
        RecordingError: It cannot be read, for which ``advice`` is given, or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise RecordingError(f"{path} cannot be read ({error.strerror})", advice) from error
    if len(content) > limit:
        raise RecordingError(f"{path} is larger than {limit >> 20} MiB")
    return content
