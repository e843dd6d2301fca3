"""What ``leakline analyze`` is given, as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leakline.errors import UsageError
from leakline.recording import Recording, load_recording, load_snapshots


def load_inputs(paths: Sequence[Path], requests: Sequence[int] | None) -> Recording:
    """Loads a recording, or bare snapshot files, oldest first, as one recording.

    Args:
        paths: A recording, or snapshot files; at least one.
        requests: Requests answered before each snapshot; None for the recording's own counts.

    Raises:
        UsageError: They do not go together, or there is another number of counts than of
            snapshots.
        RecordingError: One of them cannot be read.
    """
    recordings = [path for path in paths if path.is_dir() or path.name == "recording.json"]
    if not recordings:
        return load_snapshots(paths, requests)
    if len(paths) > 1:
        # V8 clears its object ids when a client of the inspector goes, so no slot of one
        # recording could be found again in the next, and "no growth found" would be a lie.
        raise UsageError(
            "a recording cannot be compared with other snapshots, since V8 numbers its objects "
            "anew for each connection",
            "analyse one at a time, or take a series with `leakline measure`",
        )
    return _with_counts(load_recording(recordings[0]), requests)


def _with_counts(recording: Recording, requests: Sequence[int] | None) -> Recording:
    if requests is None:
        return recording
    if len(requests) != len(recording.rounds):
        raise UsageError(
            f"there are {len(recording.rounds)} snapshots, but {len(requests)} request counts",
            "give one count per snapshot",
        )
    if list(requests) != sorted(requests):
        raise UsageError(
            "the request counts go down",
            "give the requests answered so far for each snapshot, oldest first",
        )
    rounds = tuple(
        replace(taken, requests=count)
        for taken, count in zip(recording.rounds, requests, strict=True)
    )
    return replace(recording, rounds=rounds)
