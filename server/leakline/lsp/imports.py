"""Names that a text imports from the file that declares a leak root."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from leakline.leaks.model import Finding
from leakline.lsp.documents import OpenDocument, file_key
from leakline.lsp.server import LeaklineServer

_IMPORT = re.compile(
    r"\bimport\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{(?P<names>[^{}]*)\}\s*from\s*"
    r"(?P<quote>['\"])(?P<source>\.[^'\"\n]*)(?P=quote)"
)
_SPECIFIER = re.compile(r"^(?:type\s+)?(?P<exported>[\w$]+)(?:\s+as\s+(?P<local>[\w$]+))?$")

_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_SCRIPT_SUFFIX = re.compile(r"\.([mc]?)js(x?)$")


class ImportedNames:
    """Resolves named imports by relative paths, as bundlers do."""

    def __init__(self) -> None:
        self._document: OpenDocument | None = None
        self._version = -1
        self._imports: dict[str, tuple[str, str]] = {}

    def meant_by(
        self, document: OpenDocument, name: str, server: LeaklineServer
    ) -> tuple[Finding, ...]:
        """The findings on the variable that an imported name stands for.

        Args:
            document: The importing text.
            name: The name in that text.
            server: Knows the findings.
        """
        if self._document is not document or self._version != document.version:
            self._document, self._version = document, document.version
            self._imports = dict(_named_imports(document.text))
        imported = self._imports.get(name)
        if imported is None or document.path is None:
            return ()
        exported, source = imported
        files = {file_key(path) for path in _candidates(document.path, source)}
        return tuple(
            finding
            for finding in server.known
            if finding.root == exported and _declaring_file(finding, server) in files
        )


def _named_imports(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for statement in _IMPORT.finditer(text):
        for part in statement["names"].split(","):
            specifier = _SPECIFIER.match(part.strip())
            if specifier is not None:
                exported = specifier["exported"]
                yield specifier["local"] or exported, (exported, statement["source"])


def _candidates(importer: str, source: str) -> Iterator[str]:
    """The files that an import may mean: with suffixes added, and TypeScript for JavaScript."""
    base = os.path.normpath(os.path.join(os.path.dirname(importer), source))  # noqa: PTH118, PTH120
    yield base
    if _SCRIPT_SUFFIX.search(base):
        yield _SCRIPT_SUFFIX.sub(r".\1ts\2", base)
    for suffix in _SUFFIXES:
        yield base + suffix
        yield os.path.join(base, f"index{suffix}")  # noqa: PTH118


def _declaring_file(finding: Finding, server: LeaklineServer) -> str | None:
    location = finding.declaration or finding.location
    return None if location is None else server.places.key(location)
