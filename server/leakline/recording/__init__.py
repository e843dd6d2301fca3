"""A recording: what one capture of a running program left on disk."""

from leakline.recording.model import Recording, Round, Script, Target
from leakline.recording.reader import find_recordings, load_recording, load_snapshots
from leakline.recording.writer import RecordingWriter

__all__ = [
    "Recording",
    "RecordingWriter",
    "Round",
    "Script",
    "Target",
    "find_recordings",
    "load_recording",
    "load_snapshots",
]
