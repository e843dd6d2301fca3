"""The files of ``leakline heap``, read while the modules load that work on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from leakline.cli.inputs import load_inputs
from leakline.recording import Script, open_snapshot

if TYPE_CHECKING:
    from leakline.heap import ParsedSnapshot


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A snapshot in memory.

    Attributes:
        parsed: Its numbers.
        scripts: The scripts of its recording by id; empty without a recording.
        workspace: Where its program was written; None without a recording.
    """

    parsed: ParsedSnapshot
    scripts: Mapping[int, Script]
    workspace: Path | None


class SnapshotFiles:
    """Reads snapshots, or the newest ones of recordings, in a thread of its own."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Begin to read."""
        self._open = ExitStack()
        self._pool = ThreadPoolExecutor(1)
        self._files: dict[Path, Future[SnapshotFile]] = {
            path: self._pool.submit(self._read, path) for path in dict.fromkeys(paths)
        }

    def __enter__(self) -> SnapshotFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._open.close()

    def get(self, path: Path) -> SnapshotFile:
        """Give a file, once it is read.

        Raises:
            LeaklineError: It cannot be read.
        """
        return self._files[path].result()

    def _read(self, path: Path) -> SnapshotFile:
        recording = load_inputs([path], None)
        snapshot = recording.rounds[-1].snapshot
        buffer = self._open.enter_context(open_snapshot(snapshot))
        # The engine loads in the main thread meanwhile.
        from leakline.heap import parse_snapshot  # noqa: PLC0415

        parsed = parse_snapshot(buffer, snapshot.name)
        return SnapshotFile(parsed, recording.scripts, recording.workspace)
