"""What ``leakline analyze`` is given, as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leakline.errors import UsageError
from leakline.recording import Recording, load_recording, load_snapshots


def load_inputs(paths: Sequence[Path], requests: Sequence[int] | None) -> Recording:
    """Loads recordings or bare snapshot files, oldest first, as one recording.

    Args:
        paths: Recordings, or snapshot files; at least one.
        requests: Requests answered before each snapshot; None for the recordings' own counts.

    Raises:
        UsageError: They do not go together, or there is another number of counts than of
            snapshots.
        RecordingError: One of them cannot be read.
    """
    recordings = [path for path in paths if path.is_dir() or path.name == "recording.json"]
    if not recordings:
        return load_snapshots(paths, requests)
    if len(recordings) < len(paths):
        raise UsageError(
            "recordings and snapshot files cannot be analysed together",
            "name the snapshot files inside of the recordings",
        )
    return _with_counts(_joined([load_recording(path) for path in recordings]), requests)


def _joined(recordings: Sequence[Recording]) -> Recording:
    """Recordings of one program, one after the other."""
    newest = recordings[-1]
    if len(recordings) == 1:
        return newest
    for recording in recordings[:-1]:
        if not _same_program(recording, newest):
            raise UsageError(
                f"{recording.path} and {newest.path} are of different programs",
                "analyse them one at a time",
            )
    # Each recording counts its requests from 0 and its isolates too.
    rounds = tuple(
        replace(taken, requests=None, isolate=0)
        for recording in recordings
        for taken in recording.rounds
        if taken.isolate == recording.rounds[-1].isolate
    )
    return replace(newest, rounds=rounds)


def _same_program(one: Recording, other: Recording) -> bool:
    """Whether two recordings may be of one run: no script's id stands for another text."""
    common = one.scripts.keys() & other.scripts.keys()
    return one.target.kind == other.target.kind and all(
        (one.scripts[number].url, one.scripts[number].hash)
        == (other.scripts[number].url, other.scripts[number].hash)
        for number in common
    )


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
