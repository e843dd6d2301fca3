"""Finds the files that a program's scripts were made from.

A URL from a script or a source map is untrusted: a file is read only when it lies in the
workspace.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from leakline.attribution.scripts import SourceFile
from leakline.positions import SourceLocation
from leakline.sourcemaps.drift import carry_lines
from leakline.sourcemaps.overrides import DEFAULT_OVERRIDES
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
        overrides: The user's path overrides; js-debug's own where None.
    """

    def __init__(self, workspace: Path | None, overrides: Mapping[str, str] | None = None) -> None:
        self._workspace = workspace.resolve() if workspace is not None else None
        self._sources = WorkspaceSources(
            [] if self._workspace is None else [str(self._workspace)],
            overrides=DEFAULT_OVERRIDES if overrides is None else overrides,
            is_file=self._is_file,
            list_files=self._list_files,
        )
        self._contents: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about the overrides."""
        return self._sources.notes

    def find(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        """The source behind a URL; see :class:`leakline.attribution.scripts.SourceFiles`."""

        def has_content(path: str) -> bool:
            return content is not None and _read(Path(path)) == content

        found = self._sources.find(url, spelling=spelling, has_content=has_content)
        if found.path is None:
            # Where there is no workspace to look in, it is no news that nothing was found.
            has_workspace = self._workspace is not None and self._workspace.is_dir()
            note = found.note if has_workspace else ""
            if content is not None:
                self._contents[url] = content
            return SourceFile(url, self._name(url), None, content, _unmoved, note)
        name = self._name(found.path)
        on_disk = _read(Path(found.path))
        if content is None or on_disk is None or content == on_disk:
            return SourceFile(url, name, found.path, content or on_disk, _unmoved)
        return SourceFile(url, name, found.path, content, _carrier(content, on_disk))

    def content(self, url: str) -> str | None:
        """The text of a source that has no file, as the program brought it along."""
        return self._contents.get(url)

    def text(self, location: SourceLocation) -> str | None:
        """The text that a location's span is of; None where it is not to be had."""
        if location.path is not None:
            return _read(Path(location.path))
        return self.content(location.url)

    def path_in_workspace(self, location: SourceLocation) -> str:
        """A location's path below the workspace, with forward slashes, else its name."""
        return self._name(location.path) if location.path is not None else location.name

    def _name(self, url: str) -> str:
        path = parse_source_name(url).path
        if path is not None and self._workspace is not None:
            pure = PurePath(path)
            if pure.is_relative_to(self._workspace):
                return pure.relative_to(self._workspace).as_posix()
        parts = unquote(urlsplit(url).path).split("/")
        if "node_modules" in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index("node_modules") :])
        return "/".join(parts[-2:])

    def _is_file(self, path: str) -> bool:
        assert self._workspace is not None
        try:
            real = Path(path).resolve()
            return real.is_relative_to(self._workspace) and real.is_file()
        except (OSError, RuntimeError):  # no permission; a loop of links
            return False

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
    """The text of a file; None when it has gone, may not be read, or is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_SOURCE_BYTES:
            return None
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None


def _unmoved(line: int) -> int | None:
    return line


def _carrier(old: str, new: str) -> Callable[[int], int | None]:
    """Where each line of an old text stands in a new one; None where it is gone."""
    carried = carry_lines(old, new)

    def carry(line: int) -> int | None:
        new_line = int(carried[line]) if line < len(carried) else -1
        return new_line if new_line >= 0 else None

    return carry
