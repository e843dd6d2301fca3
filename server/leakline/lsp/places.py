"""Where a finding's locations are in the editor right now."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from leakline.leaks.model import Finding
from leakline.lsp.carrying import LineMap
from leakline.lsp.documents import OpenDocument, OpenDocuments, file_key, split_lines
from leakline.positions import Position, SourceLocation, Span

# A larger file is a bundle that nobody edits: its places are taken as they are.
_MOST_BYTES = 4_000_000

_FILE_START = Span(Position(0, 0), Position(0, 0))


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the client sees it.

    Attributes:
        uri: The file's URI, the client's own where the file is open.
        key: The file's ``file_key``.
        span: Where in the file's present text.
        changed: Whether the text there is another than when the heap was captured.
        gone: Whether the line was deleted.
    """

    uri: str
    key: str
    span: Span
    changed: bool
    gone: bool

    @property
    def range(self) -> types.Range:
        """The span in the protocol's terms."""
        return to_range(self.span)


def to_range(span: Span) -> types.Range:
    """A span in the protocol's terms; both count UTF-16 units from 0."""
    return types.Range(to_position(span.start), to_position(span.end))


def to_position(position: Position) -> types.Position:
    """A position in the protocol's terms."""
    return types.Position(position.line, position.column)


def from_position(position: types.Position) -> Position:
    """A position in ours."""
    return Position(position.line, position.character)


class Places:
    """Carries locations from the files as they were analysed to the texts as they are."""

    def __init__(self, documents: OpenDocuments) -> None:
        self._documents = documents
        self._analysed: dict[str, tuple[str, ...]] = {}
        self._maps: dict[str, tuple[OpenDocument, int, LineMap]] = {}
        self._keys: dict[str, str] = {}

    def remember(self, findings: Iterable[Finding]) -> None:
        """Keep the present texts of all files that new findings point into.

        The findings' spans are spans of these texts.
        """
        for path in _paths(findings):
            key = self._keys[path] = file_key(path)
            self._maps.pop(key, None)
            lines = _read_lines(Path(path))
            if lines is None:
                self._analysed.pop(key, None)
            else:
                self._analysed[key] = lines

    def forget_others(self, findings: Iterable[Finding]) -> None:
        """Let go of all texts but those that findings point into."""
        paths = _paths(findings)
        self._keys = {path: key for path, key in self._keys.items() if path in paths}
        keys = set(self._keys.values())
        for texts in (self._analysed, self._maps):
            for key in [key for key in texts if key not in keys]:
                del texts[key]

    def are_current(self, finding: Finding) -> bool:
        """Whether the files that a finding points into have the text that it was made for."""
        return all(
            _read_lines(Path(path)) == self._analysed.get(file_key(path))
            for path in _paths([finding])
        )

    def key(self, location: SourceLocation) -> str | None:
        """The ``file_key`` of a location's file."""
        if location.path is None:
            return None
        return self._keys.get(location.path) or file_key(location.path)

    def find(self, location: SourceLocation | None) -> Place | None:
        """Where a location is now; None when it is in no file of this machine."""
        if location is None or location.path is None:
            return None
        key = self.key(location)
        assert key is not None
        document = self._documents.of_file(key)
        uri = document.uri if document is not None else from_fs_path(location.path)
        assert uri is not None
        if location.span is None:
            return Place(uri, key, _FILE_START, changed=False, gone=False)
        analysed = self._analysed.get(key)
        lines = analysed if document is None else document.lines
        if document is None or analysed is None:
            span, changed, gone = location.span, False, False
        else:
            carried = self._map(key, document, analysed).carry(location.span)
            span, changed, gone = carried.span, carried.changed, carried.gone
        if location.line_text and lines is not None:
            # What counts is the text that was captured; the file may have had another one
            # already when it was analysed.
            other = not _line_is(lines, span.start.line, location.line_text)
            one_line = location.span.start.line == location.span.end.line
            changed = other if one_line else changed or other
        return Place(uri, key, span, changed=changed, gone=gone)

    def _map(self, key: str, document: OpenDocument, analysed: Sequence[str]) -> LineMap:
        known = self._maps.get(key)
        if known is not None and known[0] is document and known[1] == document.version:
            return known[2]
        lines = LineMap(analysed, document.lines)
        self._maps[key] = (document, document.version, lines)
        return lines


def _line_is(lines: Sequence[str], line: int, text: str) -> bool:
    return line < len(lines) and lines[line].strip() == text.strip()


def _paths(findings: Iterable[Finding]) -> set[str]:
    return {
        location.path
        for finding in findings
        for location in _locations(finding)
        if location.path is not None
    }


def _locations(finding: Finding) -> Iterable[SourceLocation]:
    if finding.location is not None:
        yield finding.location
    if finding.declaration is not None:
        yield finding.declaration
    yield from finding.other_writes
    for hop in finding.trace:
        if hop.location is not None:
            yield hop.location


def _read_lines(path: Path) -> tuple[str, ...] | None:
    """The lines of a file; None when it is none, or too large, or cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return None
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None
    return tuple(split_lines(text.removeprefix("\ufeff")))
