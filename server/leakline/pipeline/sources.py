"""Finds the files that a program's scripts were made from.

A URL from a script or a source map is untrusted: a file is read only when it lies in the
workspace.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from leakline.attribution.scripts import SourceFile

MAX_SOURCE_BYTES = 32 << 20


class WorkspaceFiles:
    """Source files of one workspace.

    Args:
        workspace: The workspace's absolute path; None when there is none, then no file is read.
    """

    def __init__(self, workspace: Path | None) -> None:
        self._workspace = workspace.resolve() if workspace is not None else None

    def find(self, url: str, content: str | None, *, script_url: str) -> SourceFile:  # noqa: ARG002
        """The source behind a URL; see :class:`leakline.attribution.scripts.SourceFiles`."""
        path = self._file(url)
        if path is None:
            return SourceFile(url, _tail(url), None, content, _unmoved)
        assert self._workspace is not None
        name = path.relative_to(self._workspace).as_posix()
        on_disk = _read(path)
        if on_disk is None:
            return SourceFile(url, name, None, content, _unmoved)
        if content is None or _lines(content) == _lines(on_disk):
            return SourceFile(url, name, str(path), on_disk, _unmoved)
        return SourceFile(url, name, str(path), content, _carrier(content, on_disk))

    def _file(self, url: str) -> Path | None:
        if self._workspace is None:
            return None
        parts = urlsplit(url)
        if parts.scheme == "file":
            path = Path(unquote(parts.path))
        elif not parts.scheme and url:
            path = Path(url) if url.startswith("/") else self._workspace / url
        else:
            return None
        path = path.resolve()
        if not path.is_relative_to(self._workspace) or not path.is_file():
            return None
        return path


def _tail(url: str) -> str:
    return "/".join(unquote(urlsplit(url).path).split("/")[-2:])


def _read(path: Path) -> str | None:
    if path.stat().st_size > MAX_SOURCE_BYTES:
        return None
    return path.read_text(encoding="utf-8", errors="replace")


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _unmoved(line: int) -> int | None:
    return line


def _carrier(old: str, new: str) -> Callable[[int], int | None]:
    """Where each line of an old text stands in a new one; None where it is gone."""
    matcher = difflib.SequenceMatcher(None, _lines(old), _lines(new), autojunk=False)
    moved: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            moved[block.a + offset] = block.b + offset
    return moved.get
