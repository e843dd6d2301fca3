"""Finds the files that a program's scripts were made from.

A URL from a script or a source map is untrusted: a file is read only when it lies in the
workspace.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from leakline.attribution.scripts import SourceFile
from leakline.sourcemaps.drift import carry_lines
from leakline.sourcemaps.paths import WorkspaceSources, parse_source_name

MAX_SOURCE_BYTES = 32 << 20

# Where the user's own sources never are. A dependency's file is found by its exact path.
SKIPPED_DIRECTORIES = frozenset({"node_modules", ".git", ".wrangler", ".leakline"})
SOURCE_SUFFIXES = frozenset(
    {".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro"}
)
MAX_FILES = 50_000


class WorkspaceFiles:
    """Source files of one workspace.

    Args:
        workspace: The workspace's absolute path; None when there is none, then no file is read.
    """

    def __init__(self, workspace: Path | None) -> None:
        self._workspace = workspace.resolve() if workspace is not None else None
        self._sources = WorkspaceSources(
            [] if self._workspace is None else [str(self._workspace)],
            is_file=self._is_file,
            list_files=self._list_files,
        )

    def find(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        """The source behind a URL; see :class:`leakline.attribution.scripts.SourceFiles`."""

        def has_content(path: str) -> bool:
            return content is not None and _read(Path(path)) == content

        found = self._sources.find(url, spelling=spelling, has_content=has_content)
        if found.path is None:
            # Where there is no workspace to look in, it is no news that nothing was found.
            has_workspace = self._workspace is not None and self._workspace.is_dir()
            note = found.note if has_workspace else ""
            return SourceFile(url, self._name(url), None, content, _unmoved, note)
        name = self._name(found.path)
        on_disk = _read(Path(found.path))
        if content is None or on_disk is None or content == on_disk:
            return SourceFile(url, name, found.path, content or on_disk, _unmoved)
        return SourceFile(url, name, found.path, content, _carrier(content, on_disk))

    def _name(self, url: str) -> str:
        path = parse_source_name(url).path
        if path is not None and self._workspace is not None:
            pure = PurePath(path)
            if pure.is_relative_to(self._workspace):
                return pure.relative_to(self._workspace).as_posix()
        return "/".join(unquote(urlsplit(url).path).split("/")[-2:])

    def _is_file(self, path: str) -> bool:
        real = Path(path).resolve()
        assert self._workspace is not None
        return real.is_relative_to(self._workspace) and real.is_file()

    def _list_files(self) -> Iterator[str]:
        if self._workspace is None:
            return
        seen = 0
        for directory, folders, files in os.walk(self._workspace):
            folders[:] = [name for name in folders if name not in SKIPPED_DIRECTORIES]
            for name in files:
                seen += 1
                if seen > MAX_FILES:
                    return
                if PurePath(name).suffix in SOURCE_SUFFIXES:
                    yield str(Path(directory) / name)


def _read(path: Path) -> str | None:
    if path.stat().st_size > MAX_SOURCE_BYTES:
        return None
    return path.read_bytes().decode("utf-8", "replace")


def _unmoved(line: int) -> int | None:
    return line


def _carrier(old: str, new: str) -> Callable[[int], int | None]:
    """Where each line of an old text stands in a new one; None where it is gone."""
    carried = carry_lines(old, new)

    def carry(line: int) -> int | None:
        new_line = int(carried[line]) if line < len(carried) else -1
        return new_line if new_line >= 0 else None

    return carry
