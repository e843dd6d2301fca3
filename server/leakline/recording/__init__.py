"""A recording: what one capture of a running program left on disk.

Each name is imported when it is first used: a command that reads a snapshot needs no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakline.lazily import imported

if TYPE_CHECKING:
    from leakline.recording.contents import open_snapshot, read_source, read_source_map
    from leakline.recording.heap_profile import AliveBytes, read_heap_profile
    from leakline.recording.loose import (
        SnapshotSeries,
        find_heap_profiles,
        find_snapshot_series,
        group_snapshots,
    )
    from leakline.recording.model import Load, Recording, Round, Script, Target, unit_of
    from leakline.recording.program import names_of
    from leakline.recording.reader import find_recordings, load_recording, load_snapshots
    from leakline.recording.retention import prune
    from leakline.recording.writer import RecordingWriter, SnapshotSink

__all__ = [
    "AliveBytes",
    "Load",
    "Recording",
    "RecordingWriter",
    "Round",
    "Script",
    "SnapshotSeries",
    "SnapshotSink",
    "Target",
    "find_heap_profiles",
    "find_recordings",
    "find_snapshot_series",
    "group_snapshots",
    "load_recording",
    "load_snapshots",
    "names_of",
    "open_snapshot",
    "prune",
    "read_heap_profile",
    "read_source",
    "read_source_map",
    "unit_of",
]

_HOMES = {
    "AliveBytes": "heap_profile",
    "Load": "model",
    "Recording": "model",
    "RecordingWriter": "writer",
    "Round": "model",
    "Script": "model",
    "SnapshotSeries": "loose",
    "SnapshotSink": "writer",
    "Target": "model",
    "find_heap_profiles": "loose",
    "find_recordings": "reader",
    "find_snapshot_series": "loose",
    "group_snapshots": "loose",
    "load_recording": "reader",
    "load_snapshots": "reader",
    "names_of": "program",
    "open_snapshot": "contents",
    "prune": "retention",
    "read_heap_profile": "heap_profile",
    "read_source": "contents",
    "read_source_map": "contents",
    "unit_of": "model",
}


def __getattr__(name: str) -> object:
    return imported(globals(), _HOMES, name)
