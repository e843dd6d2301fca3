"""What ``leakline analyze`` is given, as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leakline.errors import UsageError
from leakline.recording import Recording, load_recording, load_snapshots


def load_inputs(paths: Sequence[Path], requests: Sequence[int] | None) -> Recording:
    """Loads recordings and bare snapshot files, oldest first, as one recording.

    Args:
        paths: Recordings or snapshot files; at least one.
        requests: Requests answered before each snapshot; None for the recording's own counts.

    Raises:
        UsageError: There is another number of counts than of snapshots.
        RecordingError: One of them cannot be read.
    """
    parts = [_load(path) for path in paths]
    whole = parts[0] if len(parts) == 1 else _joined(parts)
    return _with_counts(whole, requests)


def _load(path: Path) -> Recording:
    if path.is_dir() or path.name == "recording.json":
        return load_recording(path)
    return load_snapshots([path], None)


def _joined(parts: Sequence[Recording]) -> Recording:
    """Several captures as one series.

    Nobody knows what the program was asked between them, so the counts of each do not hold for
    the whole.
    """
    newest = next((part for part in reversed(parts) if part.scripts), parts[-1])
    rounds = tuple(
        replace(taken, requests=None, isolate=0) for part in parts for taken in part.rounds
    )
    return replace(newest, rounds=rounds)


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
