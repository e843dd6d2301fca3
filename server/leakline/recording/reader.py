"""Find and read recordings, and bare snapshot files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leakline.config import DATA_DIRECTORY, RECORDINGS_DIRECTORY
from leakline.errors import RecordingError, UsageError
from leakline.recording.manifest import MANIFEST, MAX_MANIFEST_BYTES, from_json
from leakline.recording.model import Recording, Round, Target


def find_recordings(workspace: Path) -> list[Path]:
    """List the complete recordings of a workspace.

    Args:
        workspace: The workspace's directory.

    Returns:
        Directories of recordings, newest first. One without ``recording.json`` is being
        written, or was left behind by a crash: it is not listed.
    """
    directory = workspace / DATA_DIRECTORY / RECORDINGS_DIRECTORY
    try:
        entries = list(directory.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RecordingError(
            f"{directory} cannot be listed ({error.strerror})", "check its permissions"
        ) from error
    complete = [entry for entry in entries if (entry / MANIFEST).is_file()]
    # Names begin with the time of the recording in UTC.
    return sorted(complete, key=lambda entry: entry.name, reverse=True)


def load_recording(path: Path) -> Recording:
    """Read a recording.

    Args:
        path: Its directory, or the ``recording.json`` in it.

    Returns:
        The recording, with absolute paths.

    Raises:
        RecordingError: It is incomplete, damaged or of another version.
    """
    directory = (path.parent if path.name == MANIFEST else path).absolute()
    manifest = directory / MANIFEST
    if not directory.is_dir():
        raise RecordingError(f"there is no recording at {directory}", "check the path")
    try:
        with manifest.open("rb") as file:
            text = file.read(MAX_MANIFEST_BYTES + 1)
    except FileNotFoundError as error:
        raise RecordingError(
            f"{directory} is not a complete recording: it has no {MANIFEST}", "measure again"
        ) from error
    except OSError as error:
        raise RecordingError(
            f"{manifest} cannot be read ({error.strerror})", "check its permissions"
        ) from error
    if len(text) > MAX_MANIFEST_BYTES:
        raise RecordingError(f"{manifest} is larger than any recording's", "measure again")
    return from_json(text, directory)


def load_snapshots(paths: Sequence[Path], requests: Sequence[int | None] | None) -> Recording:
    """Take bare snapshot files together as one recording.

    Args:
        paths: ``.heapsnapshot`` or ``.heapsnapshot.gz`` files, oldest first. Only that they
            are there is checked; their content is the heap reader's matter.
        requests: For each file the requests answered so far, None where nobody counted;
            None for no counts at all.

    Returns:
        A recording without scripts.

    Raises:
        UsageError: There is no file, or another number of counts than of files, or the
            counts go down.
        RecordingError: A file is missing or is not a regular file.
    """
    if not paths:
        raise UsageError("no snapshot was given", "name at least one .heapsnapshot file")
    counts: Sequence[int | None] = [None] * len(paths) if requests is None else requests
    if len(counts) != len(paths):
        raise UsageError(
            f"{len(paths)} snapshots were given, but {len(counts)} request counts",
            "give one count per snapshot",
        )
    known = [count for count in counts if count is not None]
    if known != sorted(known) or any(count < 0 for count in known):
        raise UsageError(
            "the request counts go down",
            "give the requests answered so far for each snapshot, oldest first",
        )
    for path in paths:
        if not path.exists():
            raise RecordingError(f"there is no file {path}", "check the path")
        if not path.is_file():
            raise RecordingError(f"{path} is not a regular file", "name a .heapsnapshot file")
    absolute = [path.absolute() for path in paths]
    return Recording(
        path=absolute[0].parent,
        target=Target(kind="unknown", title=absolute[0].name),
        rounds=tuple(
            Round(snapshot=path, requests=count)
            for path, count in zip(absolute, counts, strict=True)
        ),
    )
