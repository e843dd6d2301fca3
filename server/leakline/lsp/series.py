"""Which older recording knows what grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leakline.errors import LeaklineError
from leakline.recording import Recording, load_recording

# Somebody who took more single snapshots since has forgotten the series.
_MOST = 20


def series_before(recordings: Sequence[Path]) -> Path | None:
    """The newest series of a program, where its newest recording is a single snapshot.

    Args:
        recordings: A folder's recordings, newest first.

    Returns:
        None where the newest recording is a series itself, or none of its program is known.
    """
    newest = _load(recordings[0]) if recordings else None
    if newest is None or _is_series(newest):
        return None
    for path in recordings[1:_MOST]:
        older = _load(path)
        if older is not None and _is_series(older) and _program(older) == _program(newest):
            return path
    return None


def _load(path: Path) -> Recording | None:
    try:
        return load_recording(path)
    except LeaklineError:
        # Loading it for itself tells what is wrong with it.
        return None


def _program(recording: Recording) -> tuple[str, str]:
    return recording.target.kind, recording.target.title


def _is_series(recording: Recording) -> bool:
    newest = recording.rounds[-1].isolate
    return sum(taken.isolate == newest for taken in recording.rounds) > 1
