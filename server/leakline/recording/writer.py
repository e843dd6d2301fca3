"""Write a recording: snapshots as they come, ``recording.json`` last.

The directory of a recording is made for its owner only (a heap holds secrets) and counts as
a recording from the moment ``recording.json`` is in it. Until then nobody else lists it, and
leaving the writer's ``with`` block removes it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from leakline.config import DATA_DIRECTORY, RECORDINGS_DIRECTORY
from leakline.errors import RecordingError
from leakline.recording.manifest import MANIFEST, to_json
from leakline.recording.model import Load, Recording, Round, Script, Target
from leakline.recording.space import require_reserve, require_space

_SOURCES = "sources"
_MAPS = "maps"
_LOOK_EVERY_BYTES = 16 << 20


class SnapshotSink:
    """A snapshot file that is being written, chunk by chunk.

    Attributes:
        path: The file.
        size: Bytes written so far.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.size = 0
        self._file = file
        self._look_at = _LOOK_EVERY_BYTES

    def write(self, chunk: str) -> None:
        """Append a chunk as the inspector sends it.

        Raises:
            RecordingError: The disk is (almost) full or the file cannot be written.
        """
        data = chunk.encode("utf-8", "replace")
        try:
            self._file.write(data)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self.size += len(data)
        if self.size >= self._look_at:
            self._look_at += _LOOK_EVERY_BYTES
            require_reserve(self.path)


class RecordingWriter:
    """A recording in the making.

    Use it in a ``with`` block: whatever ends the block before :meth:`commit` (an error,
    a cancel, a return) removes all of it.

    Attributes:
        path: The recording's directory.
    """

    def __init__(self, workspace: Path, name: str) -> None:
        """Make the directory of a new recording.

        Args:
            workspace: The directory that gets ``.leakline/`` if it has none.
            name: What was captured, such as ``wrangler``; what cannot stand in a file name
                is left out.

        Raises:
            RecordingError: The directory cannot be made.
        """
        self._workspace = workspace.absolute()
        self._rounds: list[Round] = []
        self._scripts: dict[int, Script] = {}
        self._notes: list[str] = []
        self._snapshots = 0
        self._open = True
        try:
            self.path = _make_directory(self._workspace, name)
        except OSError as error:
            raise _cannot_write(self._workspace / DATA_DIRECTORY, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self.discard()

    @contextmanager
    def snapshot(self, heap_used: int | None = None) -> Iterator[SnapshotSink]:
        """Open the file of the next snapshot.

        A snapshot that was not whole does not count: after an error in the block its file
        is removed. After the block, :meth:`add_round` makes a round of it.

        Args:
            heap_used: The heap's size in bytes; None when unknown.

        Yields:
            Where the chunks go.

        Raises:
            RecordingError: The disk has no room, or the file cannot be written.
        """
        require_space(self.path, heap_used)
        path = self.path / f"{self._snapshots}.heapsnapshot"
        try:
            file = _private_file(path)
        except OSError as error:
            raise _cannot_write(path, error) from error
        whole = False
        try:
            yield SnapshotSink(path, file)
            whole = True
        finally:
            try:
                file.close()
            except OSError as error:
                whole = False
                raise _cannot_write(path, error) from error
            finally:
                if not whole:
                    path.unlink(missing_ok=True)
        self._snapshots += 1

    def add_round(
        self,
        sink: SnapshotSink,
        *,
        requests: int | None,
        heap_used: int | None = None,
        isolate: int = 0,
        errors: int = 0,
    ) -> None:
        """Note a round whose snapshot is on disk.

        Args:
            sink: The snapshot's sink, its block left.
            requests: Requests answered so far, warm-up included; None when nobody counted.
            heap_used: The heap's size in bytes as the runtime gave it.
            isolate: Number of the isolate.
            errors: Requests since the round before that were answered with an error.
        """
        self._rounds.append(
            Round(
                sink.path,
                requests=requests,
                time=datetime.now(UTC),
                heap_used=heap_used,
                isolate=isolate,
                errors=errors,
            )
        )

    def drop_rounds(self) -> None:
        """Forget all rounds and scripts so far: the program was reloaded."""
        for each in self._rounds:
            each.snapshot.unlink(missing_ok=True)
        for script in self._scripts.values():
            for path in (script.source, script.source_map):
                if path is not None:
                    path.unlink(missing_ok=True)
        self._rounds.clear()
        self._scripts.clear()
        self._snapshots = 0

    def add_script(
        self, script: Script, source: str | None = None, source_map: bytes | None = None
    ) -> None:
        """Note a script and save its texts.

        Files are named after the script's number only, never after its URL.

        Args:
            script: The script; its ``source`` and ``source_map`` are set here.
            source: Its text; None when it is not to be saved.
            source_map: Its source map's JSON; None when it has none.

        Raises:
            RecordingError: A file cannot be written.
        """
        if source is not None:
            path = self.path / _SOURCES / f"{script.id}.js"
            # One U+FFFD for a lone surrogate keeps the columns.
            text = re.sub("[\ud800-\udfff]", "\ufffd", source)
            _write(path, text.encode("utf-8"))
            script = replace(script, source=path)
        if source_map is not None:
            path = self.path / _MAPS / f"{script.id}.map"
            _write(path, source_map)
            script = replace(script, source_map=path)
        self._scripts[script.id] = script

    def add_note(self, note: str) -> None:
        """Note what the user should know of how the recording was made: one sentence."""
        self._notes.append(note)

    def commit(self, target: Target, load: Load | None = None) -> Recording:
        """Make the directory a recording.

        Args:
            target: The program that was captured.
            load: What was done in each round; None where nothing was.

        Returns:
            The recording.

        Raises:
            RecordingError: It has no round, or ``recording.json`` cannot be written.
        """
        if not self._rounds:
            raise RecordingError("the recording holds no snapshot")
        recording = Recording(
            path=self.path,
            target=target,
            rounds=tuple(self._rounds),
            scripts=dict(self._scripts),
            workspace=self._workspace,
            notes=(*_error_notes(self._rounds), *self._notes),
            load=load,
        )
        draft = self.path / f"{MANIFEST}.draft"
        _write(draft, to_json(recording).encode("utf-8", "replace"))
        try:
            draft.replace(self.path / MANIFEST)
        except OSError as error:
            raise _cannot_write(draft, error) from error
        self._open = False
        return recording

    def discard(self) -> None:
        """Remove all of it."""
        self._open = False
        # A failure here must not hide the error that led here, and without recording.json
        # what is left is never taken for a recording.
        shutil.rmtree(self.path, ignore_errors=True)


def _error_notes(rounds: list[Round]) -> Iterator[str]:
    """Tell of rounds with errors: growth under errors is another story."""
    before = 0
    for number, taken in enumerate(rounds):
        answered = (taken.requests or 0) - before
        before = taken.requests or 0
        if taken.errors:
            name = f"round {number}" if number else "the warm-up"
            yield (
                f"in {name} {taken.errors} of {answered} requests were answered with an error "
                "status (400 or above): the growth may be of the errors"
            )


def _make_directory(workspace: Path, name: str) -> Path:
    data = workspace / DATA_DIRECTORY
    _private_directory(data)
    ignore = data / ".gitignore"
    if not ignore.exists():
        with _private_file(ignore, exclusive=False) as file:
            file.write(b"*\n")
    recordings = data / RECORDINGS_DIRECTORY
    _private_directory(recordings)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "program"
    while True:
        now = datetime.now(UTC)
        path = recordings / f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03}Z-{slug}"
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            continue  # the clock moves on by a millisecond
        try:
            for part in (_SOURCES, _MAPS):
                _private_directory(path / part)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return path


def _private_directory(path: Path) -> None:
    path.mkdir(mode=0o700, exist_ok=True)


def _private_file(path: Path, *, exclusive: bool = True) -> BinaryIO:
    """Open a file for its owner only; a symbolic link that waits there is not followed."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    flags |= os.O_EXCL if exclusive else os.O_TRUNC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _write(path: Path, content: bytes) -> None:
    try:
        with _private_file(path) as file:
            file.write(content)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"{path} cannot be written ({error.strerror or error})",
        "check the free space and the permissions",
    )
