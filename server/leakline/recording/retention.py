"""Let old recordings go: a heap is large, and holds secrets."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from leakline.config import DATA_DIRECTORY, DEFAULT_KEEP, RECORDINGS_DIRECTORY
from leakline.recording.listing import size_on_disk
from leakline.recording.manifest import MANIFEST
from leakline.recording.reader import find_recordings

_SHARE_OF_DISK = 0.1
# A recording without its manifest is being written, or was left by a crash. Nobody writes
# for that long without touching the directory.
_ABANDONED_SECONDS = 24 * 3600.0


def prune(workspace: Path, keep: int = DEFAULT_KEEP) -> tuple[Path, ...]:
    """Remove the recordings of a workspace that are too old or take too much room.

    The newest ``keep`` stay, as long as they take no more than a tenth of their disk; the
    newest one always stays. What a crash left behind goes after a day.

    Args:
        workspace: The workspace's directory.
        keep: How many recordings stay, at least 1.

    Returns:
        What was removed. What cannot be removed stays, and is tried again the next time.

    Raises:
        RecordingError: The recordings cannot be listed.
    """
    newest_first = find_recordings(workspace)
    kept, old = newest_first[: max(keep, 1)], newest_first[max(keep, 1) :]
    room = _room(workspace)
    for index, path in enumerate(kept):
        room -= size_on_disk(path)
        if room < 0 and index > 0:
            old = [*kept[index:], *old]
            break
    gone = [*old, *_abandoned(workspace)]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return tuple(path for path in gone if not path.exists())


def _room(workspace: Path) -> float:
    try:
        return shutil.disk_usage(workspace).total * _SHARE_OF_DISK
    except OSError:
        return float("inf")


def _abandoned(workspace: Path) -> list[Path]:
    before = time.time() - _ABANDONED_SECONDS
    found = []
    for path in (workspace / DATA_DIRECTORY / RECORDINGS_DIRECTORY).glob("*Z-*"):
        try:
            if not (path / MANIFEST).exists() and path.lstat().st_mtime < before:
                found.append(path)
        except OSError:
            continue
    return found
