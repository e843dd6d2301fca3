"""A recording: what one capture of a running program left on disk."""

from leakline.recording.contents import open_snapshot, read_source, read_source_map
from leakline.recording.heap_profile import AliveBytes, read_heap_profile
from leakline.recording.loose import (
    SnapshotSeries,
    find_heap_profiles,
    find_snapshot_series,
    group_snapshots,
)
from leakline.recording.model import Recording, Round, Script, Target
from leakline.recording.reader import find_recordings, load_recording, load_snapshots
from leakline.recording.retention import prune
from leakline.recording.writer import RecordingWriter, SnapshotSink

__all__ = [
    "AliveBytes",
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
    "open_snapshot",
    "prune",
    "read_heap_profile",
    "read_source",
    "read_source_map",
]
