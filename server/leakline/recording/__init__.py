"""A recording: what one capture of a running program left on disk."""

from leakline.recording.contents import open_snapshot, read_source, read_source_map
from leakline.recording.model import Recording, Round, Script, Target
from leakline.recording.reader import find_recordings, load_recording, load_snapshots
from leakline.recording.retention import DEFAULT_KEEP, prune
from leakline.recording.writer import RecordingWriter, SnapshotSink

__all__ = [
    "DEFAULT_KEEP",
    "Recording",
    "RecordingWriter",
    "Round",
    "Script",
    "SnapshotSink",
    "Target",
    "find_recordings",
    "load_recording",
    "load_snapshots",
    "open_snapshot",
    "prune",
    "read_source",
    "read_source_map",
]
