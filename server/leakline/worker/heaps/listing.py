"""Which snapshots there are in what a user opens: a file, or the rounds of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leakline.errors import SnapshotError
from leakline.recording import Recording, Round, load_recording, load_snapshots, unit_of
from leakline.recording.manifest import MANIFEST


def snapshots(paths: list[Path]) -> dict[str, Any]:
    """The snapshots of recordings and files, oldest first.

    Raises:
        RecordingError: One cannot be read.
        SnapshotError: A file is gone.
    """
    recordings = [_load(path.absolute()) for path in paths]
    return {
        "snapshots": [
            _snapshot(recording, taken) for recording in recordings for taken in recording.rounds
        ],
    }


def _load(path: Path) -> Recording:
    if path.is_dir() or path.name == MANIFEST:
        return load_recording(path)
    return load_snapshots([path], None)


def _snapshot(recording: Recording, taken: Round) -> dict[str, Any]:
    try:
        size = taken.snapshot.stat().st_size
    except OSError as error:
        raise SnapshotError(
            f"{taken.snapshot} cannot be read ({error.strerror})", "check the recording"
        ) from error
    return {
        "path": str(taken.snapshot),
        "name": taken.snapshot.name,
        "target": recording.target.title,
        "requests": taken.requests,
        "unit": unit_of(recording.load),
        "time": None if taken.time is None else taken.time.isoformat(),
        "size": size,
        "isolate": taken.isolate,
    }
