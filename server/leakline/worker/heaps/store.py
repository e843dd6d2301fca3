"""The snapshots that are in memory: the two looked at last, and their comparison."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from leakline.errors import SnapshotError
from leakline.heap.views import Comparison
from leakline.progress import OnProgress, Progress
from leakline.worker.heaps.loaded import LoadedSnapshot

MOST_SNAPSHOTS = 2
MOST_BYTES = 1 << 30
"""Of several snapshots together; a graph takes some two and a half times its file."""

_EVERY = 1 << 40
_Stamp = tuple[Path, int, int]


class Compared:
    """Two snapshots and what came and went between them.

    Attributes:
        older: One of them.
        newer: The other.
        objects: The comparison, object by object.
        classes: The constructors that changed, most bytes more first.
    """

    def __init__(self, older: LoadedSnapshot, newer: LoadedSnapshot) -> None:
        self.older = older
        self.newer = newer
        self.objects = Comparison(older.graph, newer.graph)
        self.classes = self.objects.classes(_EVERY)


class HeapStore:
    """Loads snapshots when they are asked for, and lets go of those not looked at lately."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[_Stamp, LoadedSnapshot] = OrderedDict()
        self._compared: Compared | None = None

    def get(self, path: Path, report: OnProgress) -> LoadedSnapshot:
        """Give a snapshot.

        Raises:
            SnapshotError: It cannot be read.
        """
        return self._get((path,), report)[0]

    def compare(self, older: Path, newer: Path, report: OnProgress) -> Compared:
        """Give two snapshots and what came and went between them.

        Raises:
            SnapshotError: One of them cannot be read.
        """
        old, new = self._get((older, newer), report)
        if (
            self._compared is None
            or self._compared.older is not old
            or self._compared.newer is not new
        ):
            report(Progress("comparing", 0.95))
            self._compared = Compared(old, new)
        return self._compared

    def _get(self, paths: Sequence[Path], report: OnProgress) -> list[LoadedSnapshot]:
        stamps = [self._stamp(path) for path in paths]
        missing = [stamp for stamp in stamps if stamp not in self._loaded]
        for number, stamp in enumerate(dict.fromkeys(missing)):
            self._make_room(stamp[2], stamps)
            share = 1 / len(missing)

            def on_progress(
                progress: Progress, begun: float = number * share, share: float = share
            ) -> None:
                report(Progress(progress.text, begun + share * progress.fraction))

            self._loaded[stamp] = LoadedSnapshot.read(stamp[0], on_progress)
        for stamp in stamps:
            self._loaded.move_to_end(stamp)
        return [self._loaded[stamp] for stamp in stamps]

    def _stamp(self, path: Path) -> _Stamp:
        """Tells a file from another that took its place.

        One that was deleted while it is looked at stays as it was: old recordings go by themselves.
        """
        try:
            status = path.stat()
        except FileNotFoundError as error:
            for stamp in self._loaded:
                if stamp[0] == path:
                    return stamp
            raise SnapshotError(f"there is no snapshot file {path}", "check the path") from error
        except OSError as error:
            raise SnapshotError(
                f"{path} cannot be read ({error.strerror})", "check the path"
            ) from error
        return path, status.st_mtime_ns, status.st_size

    def _make_room(self, size: int, needed: Sequence[_Stamp]) -> None:
        """Let go of snapshots before another takes its memory; not of those asked for now."""
        for stamp in list(self._loaded):
            kept = sum(loaded.size for loaded in self._loaded.values())
            if len(self._loaded) < MOST_SNAPSHOTS and kept + size <= MOST_BYTES:
                return
            if stamp not in needed:
                del self._loaded[stamp]
                self._compared = None  # it would keep them
