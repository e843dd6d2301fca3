"""From a source that a map names to the user's file.

Sources come as ``file:`` and ``wrangler-file:`` URLs, as ``webpack://`` and its like, as Vite's
``/@fs/`` paths, as paths of POSIX and of Windows, absolute or relative. They are tried in this
order: the path itself, the user's path overrides, and the file of the workspace whose path
shares the longest end with the source's. Two files that share as much are not guessed between.

A map is untrusted: a file counts only inside the workspace, or inside the directory that the
script itself was loaded from. Nothing here touches the file system; the caller passes in what
does.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from leakline.sourcemaps.overrides import DEFAULT_OVERRIDES, PathOverrides

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?://(?P<authority>[^/\\?#]*))?")
_DRIVE = re.compile(r"/?(?P<drive>[A-Za-z]:)(?P<rest>[\\/].*)", re.DOTALL)
_FILE_SCHEMES = frozenset({"file", "wrangler-file"})
_WEB_SCHEMES = frozenset({"http", "https"})
_VITE_FILE_SYSTEM = "/@fs/"
_PACKAGES = "node_modules"

# A match of the file's name alone says little: half of all files are called index.
_CONVINCING = 2
_SHOWN = 3

# Linux, in bytes; no system has more.
_LONGEST_PATH = 4096
_LONGEST_PART = 255


@dataclass(frozen=True, slots=True)
class SourceName:
    """What a source's URL says about its place.

    Attributes:
        path: Its absolute path, with forward slashes and without dots; None when the URL does
            not tell.
        parts: The parts of its path from the left, as far as they are known.
    """

    path: str | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The answer to which file a source is.

    Attributes:
        path: Absolute path, with forward slashes; None when there is none.
        note: Why there is none, one sentence without a full stop; empty when there is one.
    """

    path: str | None
    note: str = ""


def parse_source_name(url: str) -> SourceName:
    """Take a source's URL or path apart.

    Args:
        url: As the map spells it, or resolved against the map.
    """
    if "\0" in url:
        return SourceName(None, ())
    if _DRIVE.match(url) or url.startswith("\\\\"):
        return _absolute(url)
    scheme = _SCHEME.match(url)
    if scheme is None:
        if url.startswith(_VITE_FILE_SYSTEM):
            return _absolute(url[len(_VITE_FILE_SYSTEM) - 1 :])
        return _absolute(url) if url.startswith("/") else SourceName(None, _parts(url))
    path = re.split(r"[?#]", url[scheme.end() :], maxsplit=1)[0]
    authority = scheme["authority"] or ""
    name = scheme["scheme"].lower()
    if name in _FILE_SCHEMES:
        path = _decoded(path)
        remote = authority not in ("", "localhost")
        return _absolute(f"//{authority}{path}" if remote else path)
    if name in _WEB_SCHEMES:
        path = _decoded(path)
        if path.startswith(_VITE_FILE_SYSTEM):
            return _absolute(path[len(_VITE_FILE_SYSTEM) - 1 :])
        return SourceName(None, _parts(path))
    # webpack:////home/… and webpack:///C:/… are absolute, webpack://name/./src/… is not.
    if path.startswith("//") or _DRIVE.match(path):
        return _absolute("/" + path.lstrip("/"))
    return SourceName(None, _parts(path))


def _absolute(path: str) -> SourceName:
    if not _can_be_a_path(path):
        return SourceName(None, ())
    drive = _DRIVE.match(path)
    if drive is not None:
        path = drive["drive"].upper() + drive["rest"].replace("\\", "/")
    elif path.startswith("\\\\"):
        path = path.replace("\\", "/")
    if not path.startswith("/") and drive is None:
        return SourceName(None, _parts(path))
    path = posixpath.normpath(path)
    return SourceName(path, _parts(path))


def _can_be_a_path(path: str) -> bool:
    """Whether a file can have this path: the system's calls fail in many ways on others."""
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return False
    return (
        b"\0" not in encoded
        and len(encoded) < _LONGEST_PATH
        and all(len(part) <= _LONGEST_PART for part in encoded.split(b"/"))
    )


def _parts(path: str) -> tuple[str, ...]:
    """Parts without dots; webpack writes ``~`` for ``node_modules``, Turbopack ``[project]``."""
    parts = [part for part in posixpath.normpath(path).split("/") if part not in ("", ".", "..")]
    return tuple(_PACKAGES if part == "~" else part for part in parts if part != "[project]")


def _decoded(path: str) -> str:
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        return path


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path lies below a folder, by their spelling."""
    inner, outer = parse_source_name(path).path, parse_source_name(folder).path
    return inner is not None and outer is not None and inner.startswith(outer.rstrip("/") + "/")


class WorkspaceSources:
    """Finds the workspace's file for each source.

    Args:
        folders: Absolute paths of the workspace folders.
        overrides: The user's ``sourceMapPathOverrides``.
        is_file: Whether a path is a readable file. It is asked only about paths inside the
            workspace or inside the directory that the script was loaded from; it should deny
            links that lead out of them.
        list_files: Absolute paths of the workspace's source files; called at most once.

    Attributes:
        notes: What the user should know about the overrides.
    """

    def __init__(
        self,
        folders: Sequence[str],
        *,
        overrides: Mapping[str, str] = DEFAULT_OVERRIDES,
        is_file: Callable[[str], bool],
        list_files: Callable[[], Iterable[str]],
    ) -> None:
        self._folders = tuple(folders)
        self._overrides = [PathOverrides(overrides, workspace_folder=each) for each in folders]
        self._is_file = is_file
        self._list_files = list_files
        self._by_name: dict[str, list[tuple[str, tuple[str, ...]]]] | None = None
        self.notes = tuple(dict.fromkeys(note for one in self._overrides for note in one.notes))

    def find(
        self,
        url: str | None,
        *,
        spelling: str | None = None,
        script_directory: str | None = None,
        has_content: Callable[[str], bool] | None = None,
    ) -> SourceFile:
        """The file that a source is.

        Args:
            url: The source, resolved against its map; None when the map does not name it.
            spelling: The source as the map spells it, which overrides are written for.
            script_directory: The directory that the script was loaded from, when it was a file.
            has_content: Whether the file at a path has the text that the map gives for the
                source; decides where the paths alone do not: several files match equally well, or
                one by its name only.
        """
        if url is None:
            return SourceFile(None, "the source map does not name its source")
        name = parse_source_name(url)
        allowed = self._folders if script_directory is None else (*self._folders, script_directory)
        if name.path is not None and self._usable(name.path, allowed):
            return SourceFile(name.path)
        for overrides in self._overrides:
            for text in dict.fromkeys((spelling or url, url)):
                path = overrides.apply(text)
                if path is not None and self._usable(path, self._folders):
                    return SourceFile(parse_source_name(path).path)
        found = self._by_suffix(name.parts, has_content)
        if found.path is None and name.path is not None and not _inside_any(name.path, allowed):
            note = f"{name.path} lies outside the workspace, and {found.note}"
            return SourceFile(None, note)
        return found

    def _usable(self, path: str, folders: Sequence[str]) -> bool:
        return _inside_any(path, folders) and self._is_file(path)

    def _by_suffix(
        self, parts: tuple[str, ...], has_content: Callable[[str], bool] | None
    ) -> SourceFile:
        shown = "/".join(parts[-_SHOWN:]) or "it"
        nothing = SourceFile(None, f"no file of the workspace matches {shown}")
        if not parts:
            return nothing
        candidates = self._index().get(parts[-1], [])
        shared = [_shared_end(parts, other) for _, other in candidates]
        longest = max(shared, default=0)
        paths = [
            path for (path, _), count in zip(candidates, shared, strict=True) if count == longest
        ]
        if longest < _least(parts) or len(paths) > 1:
            same = [path for path in paths if has_content is not None and has_content(path)]
            if len(same) == 1:
                return SourceFile(same[0])
        if longest < _least(parts):
            return nothing
        if len(paths) > 1:
            alike = "/".join(parts[-longest:])
            return SourceFile(
                None,
                f"{len(paths)} files of the workspace match {alike} equally well "
                f"({', '.join(paths[:_SHOWN])}{', …' if len(paths) > _SHOWN else ''})",
            )
        return SourceFile(paths[0])

    def _index(self) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
        if self._by_name is None:
            self._by_name = {}
            for file in self._list_files():
                name = parse_source_name(file)
                if name.path is not None and _inside_any(name.path, self._folders):
                    entry = (name.path, name.parts)
                    self._by_name.setdefault(name.parts[-1], []).append(entry)
        return self._by_name


def _inside_any(path: str, folders: Sequence[str]) -> bool:
    return any(is_inside(path, folder) for folder in folders)


def _shared_end(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other:
            break
        count += 1
    return count


def _least(parts: tuple[str, ...]) -> int:
    """How many parts must agree; for a package's file all from ``node_modules`` on."""
    return parts[::-1].index(_PACKAGES) + 1 if _PACKAGES in parts else _CONVINCING
