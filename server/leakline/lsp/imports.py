"""What an imported name stands for: which file declares it, and under what name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from leakline.lsp.documents import file_key

Declared = tuple[str, str]
"""Key of a file, and a name at its top level."""

ReadText = Callable[[str], str | None]

_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_SCRIPT_SUFFIX = re.compile(r"\.([mc]?)js(x?)$")

_FROM = r"from\s*(?P<quote>['\"])(?P<source>\.[^'\"\n]*)(?P=quote)"
_EXPORTS = re.compile(rf"\bexport\s*\{{(?P<names>[^{{}}]*)\}}(?:\s*{_FROM})?")
_EXPORT_ALL = re.compile(rf"\bexport\s*\*\s*{_FROM}")
_SPECIFIER = re.compile(r"^(?:type\s+)?(?P<name>[\w$]+)(?:\s+as\s+(?P<exported>[\w$]+))?$")
_DEFAULT = re.compile(
    r"\bexport\s+default\s+(?:(?:async\s+)?(?:class|function)\b\s*\*?\s*)?(?P<name>[\w$]+)"
    r"|\bmodule\.exports\s*=\s*(?P<common>[\w$]+)\s*(?:;|$)",
    re.MULTILINE,
)
# Files that do nothing but hand on others' exports hand on to each other, in circles too.
_MOST_FILES = 40


def imported_files(importer: str, source: str) -> list[str]:
    """Keys of the files that a relative import may mean, as bundlers resolve it.

    Args:
        importer: Path of the importing file.
        source: What stands in the import. A package's name means none.
    """
    if not source.startswith("."):
        return []
    return list(dict.fromkeys(file_key(path) for path in _candidates(importer, source)))


def declared_as(files: list[str], exported: str, read: ReadText) -> set[Declared]:
    """The names that an exported name may stand for, through files that hand it on too.

    Args:
        files: Keys of the files that it may come from.
        exported: The name; ``default`` for the default export.
        read: Gives the text of a file; None where there is none.
    """
    found: set[Declared] = set()
    seen: set[Declared] = set()
    waiting = [(key, exported) for key in files]
    read_files = 0
    while waiting and read_files < _MOST_FILES:
        key, name = wanted = waiting.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        text = read(key)
        if text is None:
            continue
        read_files += 1
        found.add(wanted)
        if name == "default":
            found.update((key, m["name"] or m["common"]) for m in _DEFAULT.finditer(text))
        for statement in _EXPORTS.finditer(text):
            for part in statement["names"].split(","):
                specifier = _SPECIFIER.match(part.strip())
                if specifier is None or (specifier["exported"] or specifier["name"]) != name:
                    continue
                if statement["source"] is None:
                    found.add((key, specifier["name"]))
                else:
                    inner = imported_files(key, statement["source"])
                    waiting.extend((file, specifier["name"]) for file in inner)
        for statement in _EXPORT_ALL.finditer(text):
            waiting.extend((file, name) for file in imported_files(key, statement["source"]))
    return found


def may_be_imported_as(text: str, word: str) -> bool:
    """Whether a text may import something under this name that has another one at home."""
    name = re.escape(word)
    return any(
        re.search(pattern, text) is not None
        for pattern in (
            rf"\bimport\s[^;'\"]*(?<![\w$]){name}(?![\w$])[^;'\"]*\bfrom\b",
            rf"(?<![\w$]){name}\s*=\s*require\b",
            rf"\{{[^{{}}]*(?<![\w$]){name}(?![\w$])[^{{}}]*\}}\s*=\s*require\b",
        )
    )


def exported_names(text: str, name: str) -> set[str]:
    """The other names under which a file exports one of its own."""
    found = set()
    for statement in _EXPORTS.finditer(text):
        for part in statement["names"].split(","):
            specifier = _SPECIFIER.match(part.strip())
            if specifier is not None and specifier["name"] == name and specifier["exported"]:
                found.add(specifier["exported"])
    return found


def read_script(key: str) -> str | None:
    """The text of a file on disk; None when it is none, or too large for a source."""
    path = Path(key)
    try:
        if not path.is_file() or path.stat().st_size > 1 << 20:
            return None
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None


def _candidates(importer: str, source: str) -> Iterator[str]:
    """With suffixes added, and TypeScript for JavaScript."""
    base = os.path.normpath(os.path.join(os.path.dirname(importer), source))  # noqa: PTH118, PTH120
    yield base
    if _SCRIPT_SUFFIX.search(base):
        yield _SCRIPT_SUFFIX.sub(r".\1ts\2", base)
    for suffix in _SUFFIXES:
        yield base + suffix
        yield os.path.join(base, f"index{suffix}")  # noqa: PTH118
