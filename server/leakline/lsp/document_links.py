"""Links in reports: from ``src/index.js:5:5`` in a text, and from the links of a leak trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from lsprotocol import types

from leakline.lsp.documents import OpenDocument
from leakline.lsp.server import LeaklineServer
from leakline.lsp.sources import SCHEME

# A text of several megabytes is no report that somebody reads in an editor.
_MOST_CHARACTERS = 1_000_000
_MOST_LINKS = 2000
_REPORT_SUFFIXES = (".md", ".txt", ".log", ".out")
_REPORT_LANGUAGES = frozenset({"markdown", "plaintext", "log", "text"})

_MARKDOWN = re.compile(rf"\]\(((?:file|{SCHEME}):[^()\s]+)\)")
_PLACE = re.compile(
    r"(?<![\w@./\\-])((?:[\w@.-]*[\\/])*[\w@.-]+\.[A-Za-z]{1,6}):(\d{1,7})(?::(\d{1,7}))?"
)


def register(server: LeaklineServer) -> None:
    """Offer the links."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions())
    def document_links(params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        document = server.documents.get(params.text_document.uri)
        if document is None or not _is_report(document):
            return []
        folder = server.folder_of(document.uri)
        return list(_links(document, folder))


def _is_report(document: OpenDocument) -> bool:
    if len(document.text) > _MOST_CHARACTERS or "leak" not in document.text.lower():
        return False
    path = urlsplit(document.uri).path
    return document.language in _REPORT_LANGUAGES or path.endswith(_REPORT_SUFFIXES)


def _links(document: OpenDocument, folder: Path | None) -> Iterator[types.DocumentLink]:
    known: dict[str, str | None] = {}
    count = 0
    for number, line in enumerate(document.lines):
        targets = [(found.span(1), found[1]) for found in _MARKDOWN.finditer(line)]
        for found in _PLACE.finditer(line):
            name, row, column = found[1], found[2], found[3]
            if name not in known:
                known[name] = _file(name, document, folder)
            uri = known[name]
            if uri is not None:
                place = f"#L{row}" + (f",{column}" if column else "")
                targets.append((found.span(), uri + place))
        for (start, end), target in targets:
            span = types.Range(
                types.Position(number, _units(line[:start])),
                types.Position(number, _units(line[:end])),
            )
            yield types.DocumentLink(range=span, target=target)
            count += 1
            if count >= _MOST_LINKS:
                return


def _file(name: str, document: OpenDocument, folder: Path | None) -> str | None:
    """URI of the file that a report names, relative to its folder or to where it lies."""
    bases = [folder] if folder is not None else []
    if document.path is not None:
        bases.append(Path(document.path).parent)
    for base in bases:
        path = base / name
        try:
            if path.is_file():
                return path.resolve().as_uri()
        except (OSError, ValueError):
            continue
    return None


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
