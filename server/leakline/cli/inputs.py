"""What ``leakline analyze`` is given, as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leakline.config import RECORDINGS_DIRECTORY
from leakline.errors import RecordingError, UsageError
from leakline.recording import (
    Recording,
    find_recordings,
    find_snapshot_series,
    group_snapshots,
    load_recording,
    load_snapshots,
)
from leakline.recording.loose import PROCESS, PROFILE_SUFFIX, SUFFIX
from leakline.recording.manifest import MANIFEST
from leakline.untrusted import visible


def load_inputs(paths: Sequence[Path], requests: Sequence[int] | None) -> Recording:
    """Loads recordings and bare snapshot files, oldest first, as one recording.

    Args:
        paths: Recordings, snapshot files, or directories that hold such files; at least one.
        requests: Requests answered before each snapshot; None for the recording's own counts.

    Raises:
        UsageError: There is another number of counts than of snapshots, or the snapshots are
            of several processes.
        RecordingError: One of them cannot be read, or a directory holds nothing to analyse.
    """
    parts = [_load(path) for path in _in_order(paths)]
    whole = parts[0] if len(parts) == 1 else _joined(parts)
    return _with_counts(whole, requests)


def _load(path: Path) -> Recording:
    if path.name == MANIFEST or (path / MANIFEST).is_file():
        return load_recording(path)
    if path.is_dir():
        return _newest_in(path)
    if path.suffix == PROFILE_SUFFIX:
        raise UsageError(
            f"{path} is a sampling profile, which knows no variables",
            "open its folder in the editor, which shows it on the lines",
        )
    return load_snapshots([path], None)


def _newest_in(directory: Path) -> Recording:
    """The newest series of snapshot files below a directory, else its newest recording."""
    series = find_snapshot_series(directory)
    if not series:
        if _is_recording(directory):
            return load_recording(directory)
        recordings = find_recordings(directory)
        if not recordings:
            raise RecordingError(
                f"{directory} holds neither a recording nor snapshots",
                "give a recording, .heapsnapshot files, or a directory with such files",
            )
        return load_recording(recordings[0])
    newest, *others = series
    recording = load_snapshots(newest.paths, None)
    if not others:
        return recording
    makers = ", ".join(dict.fromkeys(visible(other.maker) for other in others))
    note = (
        f"this is the newest series of snapshots in {directory} ({visible(newest.maker)}): "
        f"for another ({makers}) give its files"
    )
    return replace(recording, notes=(*recording.notes, note))


def _is_recording(directory: Path) -> bool:
    """Whether a directory is one that Leakline made for a recording, a half one perhaps."""
    return directory.absolute().parent.name == RECORDINGS_DIRECTORY


def _in_order(paths: Sequence[Path]) -> Sequence[Path]:
    """Snapshot files by the time in their names, where Node named them; else as they are."""
    if len(paths) == 1 or not all(path.is_file() and path.suffix == SUFFIX for path in paths):
        return paths
    series = group_snapshots(paths)
    makers = list(dict.fromkeys(each.maker for each in reversed(series)))
    if not all(maker.startswith(PROCESS) for maker in makers):
        return paths
    if len(makers) > 1:
        raise UsageError(
            f"the snapshots are of {len(makers)} processes ({', '.join(makers)})",
            "give those of one, or their directory for the newest",
        )
    return [path for each in reversed(series) for path in each.paths]


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
