"""Snapshots that others put into a folder: Node, Chrome DevTools, the program itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

from leakline.recording import find_snapshot_series

# A program that writes one every minute has left a hundred by the evening.
_MOST_SNAPSHOTS = 8
_STILL_SECONDS = 1.0
_SEARCH_SECONDS = 5.0
# A folder that takes long to look through is looked through less often.
_SEARCH_SHARE = 0.02

_Stamp = tuple[tuple[Path, int, int], ...]  # of each file its size and time


class LooseSnapshots:
    """Finds each folder's newest series of snapshot files, once it is whole and lies still."""

    def __init__(self) -> None:
        self._due: dict[Path, float] = {}
        self._seen: dict[Path, _Stamp] = {}
        self._taken: dict[Path, _Stamp] = {}

    def hurry(self) -> None:
        """Search at the next look: the client has told of a file."""
        self._due.clear()

    def forget(self, folder: Path) -> None:
        """Take a folder's series up again when it is found again."""
        self._taken.pop(folder, None)

    async def fresh(self, folder: Path, newer_than: float) -> list[Path] | None:
        """Give a series that was not given before.

        Args:
            folder: A folder of the workspace.
            newer_than: POSIX time; a series that was complete before it is old.

        Returns:
            The snapshots, oldest first; None where there is nothing new, or it is still being
            written.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if begun < self._due.get(folder, 0.0):
            return None
        stamp = await asyncio.to_thread(_newest, folder)
        ended = loop.time()
        self._due[folder] = ended + max(_SEARCH_SECONDS, (ended - begun) / _SEARCH_SHARE)
        if not stamp or stamp == self._taken.get(folder):
            return None
        if max(time for _, _, time in stamp) <= newer_than * 1e9:
            return None
        if stamp != self._seen.get(folder):
            self._seen[folder] = stamp
            self._due[folder] = ended + _STILL_SECONDS
            return None
        self._taken[folder] = stamp
        return [path for path, _, _ in stamp]


def _newest(folder: Path) -> _Stamp:
    series = find_snapshot_series(folder)
    try:
        states = [(path, path.stat()) for path in (series[0].paths if series else ())]
    except OSError:
        return ()  # gone meanwhile
    stamps = ((path, state.st_size, state.st_mtime_ns) for path, state in states)
    return tuple(stamps)[-_MOST_SNAPSHOTS:]
