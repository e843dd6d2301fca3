"""Snapshot files that others made: found, known to be whole, put in series.

Node names its own ``Heap.DATE.TIME.PID.THREAD.NUMBER.heapsnapshot``
(``v8.writeHeapSnapshot``, ``--heapsnapshot-near-heap-limit``, ``--heapsnapshot-signal``), and
Chrome DevTools ``Heap-DATETTIME.heapsnapshot``. Others are taken for a series when they lie in
one directory and their names differ only in digits.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leakline.config import DATA_DIRECTORY

SUFFIX = ".heapsnapshot"
PROFILE_SUFFIX = ".heapprofile"
PROCESS = "process "
"""What the maker of a series begins with where Node named the files."""

_OF_NODE = re.compile(r"Heap\.(\d{8}\.\d{6})\.(\d+)\.(\d+)\.\d+")
_OF_DEVTOOLS = re.compile(r"Heap-(\d{8}T\d{6})(?: ?\(\d+\))?")
# Longer without a snapshot, and it is another session: process ids come back.
_GAP_SECONDS = 6 * 3600.0
_TAIL_BYTES = 16


@dataclass(frozen=True, slots=True)
class SnapshotSeries:
    """Snapshots of one process.

    Attributes:
        maker: What made them: ``process 4711``, ``DevTools``, or their common name.
        paths: The files, oldest first; at least one.
    """

    maker: str
    paths: tuple[Path, ...]


def find_snapshot_series(directory: Path) -> tuple[SnapshotSeries, ...]:
    """Find the whole snapshot files of a workspace, put in series.

    Args:
        directory: Looked through with all below, but for hidden directories, ``node_modules``
            and Leakline's own recordings.

    Returns:
        The series, the one with the newest snapshot first. A file that is still being written
        is left out.
    """
    return group_snapshots(path for path in _walk(directory, SUFFIX) if is_whole(path))


def find_heap_profiles(directory: Path) -> tuple[Path, ...]:
    """Find the sampling heap profiles (``.heapprofile``) of a workspace.

    Args:
        directory: Looked through as by :func:`find_snapshot_series`.

    Returns:
        The files, the newest first.
    """
    found: list[tuple[float, Path]] = []
    for path in _walk(directory, PROFILE_SUFFIX):
        with contextlib.suppress(OSError):  # gone meanwhile
            found.append((path.stat().st_mtime, path))
    return tuple(path for _, path in sorted(found, reverse=True))


def group_snapshots(paths: Iterable[Path]) -> tuple[SnapshotSeries, ...]:
    """Put snapshot files in series by process and time.

    Args:
        paths: The files.

    Returns:
        The series, the one with the newest snapshot first.
    """
    groups: dict[tuple[Path, str], list[tuple[float, str, Path]]] = defaultdict(list)
    for path in paths:
        try:
            maker, when = _maker(path)
        except OSError:
            continue  # gone meanwhile
        groups[path.parent, maker].append((when, path.name, path))
    series: list[tuple[float, SnapshotSeries]] = []
    for (_, maker), taken in groups.items():
        taken.sort()
        start = 0
        for end in range(1, len(taken) + 1):
            if end == len(taken) or taken[end][0] - taken[end - 1][0] > _GAP_SECONDS:
                files = tuple(path for _, _, path in taken[start:end])
                series.append((taken[end - 1][0], SnapshotSeries(maker, files)))
                start = end
    series.sort(key=lambda each: each[0], reverse=True)
    return tuple(each for _, each in series)


def is_whole(path: Path) -> bool:
    """Tell whether a snapshot file has been written to its end: V8 ends it with ``]}``."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - _TAIL_BYTES, 0))
            return file.read().rstrip().endswith(b"]}")
    except OSError:
        return False


def _maker(path: Path) -> tuple[str, float]:
    """Who made a file, and when (POSIX time)."""
    name = path.name.removesuffix(SUFFIX)
    if match := _OF_NODE.fullmatch(name):
        thread = "" if match[3] == "0" else f", thread {match[3]}"
        return f"{PROCESS}{match[2]}{thread}", _time(match[1], "%Y%m%d.%H%M%S", path)
    if match := _OF_DEVTOOLS.fullmatch(name):
        return "DevTools", _time(match[1], "%Y%m%dT%H%M%S", path)
    return re.sub(r"\d+", "#", name), path.stat().st_mtime


def _time(text: str, form: str, path: Path) -> float:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return path.stat().st_mtime


def _walk(directory: Path, suffix: str) -> Iterable[Path]:
    for parent, folders, files in os.walk(directory):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in ("node_modules", DATA_DIRECTORY)
        ]
        yield from (Path(parent, name) for name in files if name.endswith(suffix))
