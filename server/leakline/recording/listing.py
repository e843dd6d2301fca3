"""A workspace's recordings, as the JSON document that docs/json.md describes."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from leakline.errors import LeaklineError
from leakline.recording.model import unit_of
from leakline.recording.reader import find_recordings, load_recording

FORMAT_VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields do not change it."""


def recordings_document(workspaces: Sequence[Path]) -> dict[str, Any]:
    """Write down what recordings there are.

    Args:
        workspaces: The directories that recordings were made in.

    Raises:
        RecordingError: The recordings of one cannot be listed.
    """
    return {
        "version": FORMAT_VERSION,
        "recordings": [
            _described(path, workspace)
            for workspace in workspaces
            for path in find_recordings(workspace)
        ],
    }


def size_on_disk(directory: Path) -> int:
    """Give the bytes of all regular files in a directory; links are not followed."""
    total = 0
    for path in directory.rglob("*"):
        try:
            state = path.lstat()
        except OSError:
            continue  # removed meanwhile
        total += state.st_size if stat.S_ISREG(state.st_mode) else 0
    return total


def _described(path: Path, workspace: Path) -> dict[str, Any]:
    about: dict[str, Any] = {
        "path": str(path),
        "workspace": str(workspace),
        "size": size_on_disk(path),
        "time": None,
        "target": None,
        "snapshots": None,
        "requests": None,
        "unit": None,
        "errors": None,
        "notes": [],
        "problem": None,
    }
    try:
        recording = load_recording(path)
    except LeaklineError as error:
        return {**about, "problem": str(error)}
    newest = recording.rounds[-1]
    target = recording.target
    return {
        **about,
        "time": None if newest.time is None else newest.time.astimezone(UTC).isoformat(),
        "target": {
            "kind": target.kind,
            "title": target.title,
            "url": target.url,
            "runtime": target.runtime,
            "v8": target.v8,
        },
        "snapshots": len(recording.rounds),
        "requests": newest.requests,
        "unit": unit_of(recording.load),
        "errors": sum(taken.errors for taken in recording.rounds),
        "notes": list(recording.notes),
    }
