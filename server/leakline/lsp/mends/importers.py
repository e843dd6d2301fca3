"""All uses that other files make of an exported variable, or None where they cannot be told.

Every script of the workspace that may name the file is looked at. Each place that does has to be
an import of names, so that what is done with the variable can be seen. A namespace import, a
re-export, a dynamic import, a path that only a bundler's settings explain: with one of these
nobody knows, and so with an entry of a package, which others may import.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tree_sitter import Node

from leakline.attribution.syntax import analyze_script, language_for
from leakline.lsp.documents import file_key
from leakline.lsp.imports import imported_files
from leakline.lsp.mends.model import Code

Uses = Sequence[tuple[Code, Sequence[Node]]]
"""In each text, the identifiers that mean the variable."""

_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
# They may hold scripts that import, which are not parsed here.
_WITH_SCRIPTS = re.compile(r"\.(vue|svelte|astro|mdx|html?)$")
_LEFT_OUT = frozenset({"node_modules", "__pycache__"})
_MOST_FILES = 3000
_MOST_BYTES = 50_000_000
_LARGEST_SCRIPT = 1 << 20
# A path that is made when the program runs may be any.
_UNKNOWN_PATH = re.compile(r"\b(?:import|require)\s*\(\s*(?!['\"\s)])")


def uses_elsewhere(
    folders: Sequence[Path], file: Path, names: Collection[str], opened: Mapping[str, str]
) -> Uses | None:
    """Find what other files do with a variable.

    Args:
        folders: The workspace's folders.
        file: The file that declares the variable.
        names: The names that it is exported by.
        opened: The texts that are open, by ``file_key``.
    """
    if _is_entry(folders, file):
        return None
    own = file_key(str(file))
    named = _names_of(file)
    found: list[tuple[Code, Sequence[Node]]] = []
    for path in _scripts(folders):
        if path is None:
            return None
        key = file_key(str(path))
        text = opened.get(key) if key in opened else _read(path)
        if text is None or _UNKNOWN_PATH.search(text):
            return None
        if key == own or not named.search(text):
            continue
        uses = _uses_in(path, text, own, named, names)
        if uses is None:
            return None
        if uses[1]:
            found.append(uses)
    return found


def _is_entry(folders: Sequence[Path], file: Path) -> bool:
    """Whether a package gives the file to whoever imports the package."""
    for directory in file.parents:
        package = directory / "package.json"
        if package.is_file():
            try:
                strings = _strings(json.loads(package.read_bytes()))
            except (OSError, ValueError, RecursionError):
                return True
            own = file_key(str(file))
            return any(own in imported_files(str(package), _dotted(each)) for each in strings)
        if directory in folders:
            break
    return False


def _dotted(path: str) -> str:
    return path if path.startswith(".") else f"./{path}"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _names_of(file: Path) -> re.Pattern[str]:
    """Finds the strings that end as a path to the file may."""
    stem = _SCRIPT.sub("", file.name)
    ends = rf"(?:[^'\"`\n]*/)?{re.escape(stem)}(?:\.[cm]?[jt]sx?)?"
    if stem == "index":
        directory = re.escape(file.parent.name)
        ends = rf"{ends}|(?:[^'\"`\n]*/)?(?:{directory}|\.|\.\.)/?"
    return re.compile(rf"(['\"`])({ends})\1")


def _scripts(folders: Sequence[Path]) -> Iterator[Path | None]:
    """The scripts of a workspace; None at the end where there are too many to be read."""
    files, size = 0, 0
    for folder in folders:
        for directory, directories, names in os.walk(folder):
            directories[:] = [
                name for name in directories if name not in _LEFT_OUT and not name.startswith(".")
            ]
            for name in names:
                if not (_SCRIPT.search(name) or _WITH_SCRIPTS.search(name)):
                    continue
                path = Path(directory, name)
                try:
                    size += path.stat().st_size
                except OSError:
                    continue
                files += 1
                if files > _MOST_FILES or size > _MOST_BYTES:
                    yield None
                    return
                yield path


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None


def _uses_in(
    path: Path, text: str, own: str, named: re.Pattern[str], names: Collection[str]
) -> tuple[Code, Sequence[Node]] | None:
    language = language_for(path.name)
    if language is None or len(text) > _LARGEST_SCRIPT:
        return None
    syntax = analyze_script(text, language, line_ends="editor")
    syntax.release_when_unused()
    code = Code.of(syntax)
    for match in named.finditer(text):
        offset = len(text[: match.start(2)].encode("utf-16-le", "surrogatepass")) // 2
        if _hides(code, offset, str(path), match[2], own):
            return None
    uses: list[Node] = []
    for taken in syntax.imports:
        if taken.name not in names or not _may_mean(str(path), taken.source, own):
            continue
        for use in code.tree.uses(taken.binding):
            node = code.tree.node_at(use.start)
            if node is None or use.access not in ("declaration", "read"):
                return None
            if use.access == "read":
                uses.append(node)
    return code, uses


def _hides(code: Code, offset: int, importer: str, source: str, own: str) -> bool:
    """Whether a string may name the file where it is not seen what is taken from it."""
    node = code.tree.node_at(offset)
    while node is not None and node.type not in ("string", "template_string", "comment"):
        node = node.parent
    if node is None or node.type == "comment":
        return False
    around = code.tree.around(node)[1]
    if around is not None and around.type == "import_statement":
        if source.startswith("."):
            if own not in imported_files(importer, source):
                return False
            return any(
                part.type == "namespace_import"
                for clause in around.named_children
                if clause.type == "import_clause"
                for part in clause.named_children
            )
        return not _is_package(importer, source)
    if source.startswith("."):
        return own in imported_files(importer, source)
    loads = around is not None and (
        around.type == "export_statement"
        or (
            around.type == "arguments"
            and around.parent is not None
            and (function := around.parent.child_by_field_name("function")) is not None
            and code.text(function) in ("import", "require")
        )
    )
    return loads and not _is_package(importer, source)


def _may_mean(importer: str, source: str, own: str) -> bool:
    return source.startswith(".") and own in imported_files(importer, source)


def _is_package(importer: str, source: str) -> bool:
    """Whether what is imported by a name is an installed package."""
    parts = source.split("/")
    name = "/".join(parts[: 2 if source.startswith("@") else 1])
    if not name or name in (".", ".."):
        return False
    return source.startswith("node:") or any(
        (directory / "node_modules" / name).is_dir() for directory in Path(importer).parents
    )
