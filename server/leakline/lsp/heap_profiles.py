"""Sampling heap profiles in a folder: the bytes still alive, as a code lens on each line."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types

from leakline.errors import LeaklineError
from leakline.leaks.figures import format_bytes
from leakline.lsp.documents import OpenDocument, file_key
from leakline.lsp.refreshing import refresh_hints
from leakline.lsp.server import LeaklineServer
from leakline.recording import find_heap_profiles
from leakline.worker.frames import HeapQuestion

_SEARCH_SECONDS = 5.0
# A folder that takes long to look through is looked through less often.
_SEARCH_SHARE = 0.02
_NAMED = 3


@dataclass(slots=True)
class _Shown:
    """A folder's newest profile.

    Attributes:
        stamp: The file, its size and time.
        lines: By file key, the lines with their titles.
        texts: By file key, the text that the lines are of.
    """

    stamp: tuple[Path, int, int]
    lines: defaultdict[str, list[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    texts: dict[str, str] = field(default_factory=dict)


class HeapProfiles:
    """Takes up each folder's newest profile.

    Lenses stand in files that are as they were when the profile was made: a profile knows
    lines only, and nothing of what was written since.
    """

    def __init__(self, server: LeaklineServer) -> None:
        self._server = server
        self._due: dict[Path, float] = {}
        self._shown: dict[Path, _Shown] = {}

    def hurry(self) -> None:
        """Search at the next look: the client has told of a file."""
        self._due.clear()

    def lenses(self, document: OpenDocument) -> list[types.CodeLens]:
        """The lenses of an open text."""
        key = document.key
        lenses: list[types.CodeLens] = []
        for shown in self._shown.values():
            if key is None or shown.texts.get(key) != document.text:
                continue
            for line, title in shown.lines[key]:
                place = types.Range(types.Position(line, 0), types.Position(line, 0))
                command = types.Command(title=title, command="")
                lenses.append(types.CodeLens(range=place, command=command))
        return lenses

    async def look(self, folder: Path) -> None:
        """Take a folder's newest profile, if it is new and lies still."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if begun < self._due.get(folder, 0.0):
            return
        found = await asyncio.to_thread(find_heap_profiles, folder)
        ended = loop.time()
        self._due[folder] = ended + max(_SEARCH_SECONDS, (ended - begun) / _SEARCH_SHARE)
        before = self._shown.get(folder)
        if not found:
            if self._shown.pop(folder, None) is not None:
                refresh_hints(self._server)
            return
        try:
            state = found[0].stat()
        except OSError:
            return  # gone meanwhile
        stamp = (found[0], state.st_size, state.st_mtime_ns)
        if before is not None and before.stamp == stamp:
            return
        shown = self._shown[folder] = _Shown(stamp)
        try:
            await self._read(shown, folder)
        except LeaklineError as error:
            # It may be half written: it is read again when it has changed.
            self._server.log(f"{found[0]} was left out: {error}")
        refresh_hints(self._server)

    async def _read(self, shown: _Shown, folder: Path) -> None:
        profile, _, made = shown.stamp
        overrides = self._server.settings_of(folder).path_overrides or None
        question = HeapQuestion(
            name="profile",
            arguments={"profile": str(profile)},
            values=False,
            workspace=folder,
            path_overrides=overrides,
        )
        answer = await self._server.worker.ask(question, on_progress=lambda _: None)
        for line in answer["lines"]:
            key = file_key(line["path"])
            if key not in shown.texts:
                shown.texts[key] = await asyncio.to_thread(_text_before, Path(line["path"]), made)
            shown.lines[key].append((line["line"], _title(line["size"], line["functions"])))
        self._server.log(f"loaded {profile}: bytes alive on {len(answer['lines'])} lines")


def _title(size: int, functions: list[str]) -> str:
    names = [name for name in functions if name][:_NAMED]
    whose = f" from {', '.join(f'`{name}`' for name in names)}" if names else ""
    return f"{format_bytes(size)} still alive{whose} (heap profile)"


def _text_before(path: Path, made: int) -> str:
    """A file's text, if it has not changed since a time (ns); else nothing that a text equals."""
    try:
        if path.stat().st_mtime_ns > made:
            return "\0"
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return "\0"
