"""Where a finding's locations are in the editor right now."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from leakline.leaks.model import Finding
from leakline.lsp.carrying import LineMap
from leakline.lsp.documents import OpenDocument, OpenDocuments, file_key, split_lines
from leakline.lsp.sources import SourceTexts, source_key
from leakline.pipeline.locations import locations_of, with_locations
from leakline.positions import Position, SourceLocation, Span
from leakline.sourcemaps.drift import is_without_types
from leakline.turns import Steps, at_once

# Compared by identity: an open text makes new ones with each edit.
Lines = Sequence[str]

# A larger file is a bundle that nobody edits: its places are taken as they are.
_MOST_BYTES = 4_000_000

_FILE_START = Span(Position(0, 0), Position(0, 0))


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the client sees it.

    Attributes:
        uri: The file's or source's URI, the client's own where it is open.
        key: Its ``file_key`` or ``source_key``.
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
    def is_whole_file(self) -> bool:
        """Whether no line in the file is known."""
        return self.span is _FILE_START

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


@dataclass(frozen=True, slots=True)
class AnalysedTexts:
    """The texts that findings point into.

    Attributes:
        lines: Each text's lines by its key; None where it cannot be read.
        saved: What was known of files saved since the analysis before, when these were read.
    """

    lines: Mapping[str, Lines | None]
    saved: Mapping[str, Lines]


class Places:
    """Carries locations from the files as they were analysed to the texts as they are.

    Args:
        documents: The open texts.
        sources: The texts that are no files.

    Attributes:
        opens_sources: Whether the client can open what is no file.
    """

    def __init__(self, documents: OpenDocuments, sources: SourceTexts) -> None:
        self.opens_sources = False
        self._documents = documents
        self._sources = sources
        self._analysed: dict[str, Lines] = {}
        # The texts of closed files that were saved since.
        self._saved: dict[str, Lines] = {}
        self._maps: dict[str, tuple[Lines, LineMap]] = {}
        self._keys: dict[str, str] = {}

    def read(self, findings: Iterable[Finding]) -> Steps[AnalysedTexts]:
        """Read the present texts of all files that new findings point into."""
        saved = self._saved.copy()
        paths, uris = yield from _pointed_into(findings)
        lines: dict[str, Lines | None] = {}
        for path in paths:
            yield
            key = self._keys[path] = file_key(path)
            lines[key] = _read_lines(Path(path))
        for uri in uris:
            yield
            text = self._sources.text(uri)
            source = source_key(uri)
            assert source is not None
            lines[source] = None if text is None else tuple(split_lines(text))
        return AnalysedTexts(lines, saved)

    def carry(self, findings: Iterable[Finding], texts: AnalysedTexts) -> Steps[list[Finding]]:
        """Carry findings of older analyses to the texts that will be remembered."""
        maps = {
            key: LineMap(old, new)
            for key, new in texts.lines.items()
            if new is not None and (old := self._analysed.get(key)) is not None and old != new
        }

        def moved(location: SourceLocation) -> SourceLocation:
            found = maps.get(self._keys.get(location.path or "", ""))
            if found is None or location.span is None:
                return location
            return replace(location, span=found.carry(location.span).span)

        carried = []
        for finding in findings:
            yield
            carried.append(with_locations(finding, moved) if maps else finding)
        return carried

    def remember(self, texts: AnalysedTexts) -> None:
        """Keep the texts that new findings' spans are spans of."""
        for key, lines in texts.lines.items():
            if self._saved.get(key) is texts.saved.get(key):
                self._saved.pop(key, None)
            # One that is what it was stays the same object, with all that is known of it.
            if lines is None or lines != self._analysed.get(key):
                self._maps.pop(key, None)
                self._analysed.pop(key, None)
                if lines is not None:
                    self._analysed[key] = lines

    def analysed(self, key: str) -> Lines | None:
        """The text that findings' spans are spans of; another object where it is another."""
        return self._analysed.get(key)

    def closed(self, document: OpenDocument) -> None:
        """Take the text that a file has now that it is not open any more."""
        key, path = document.key, document.path
        if key is None or path is None or key not in self._analysed:
            return
        lines = _read_lines(Path(path))
        if lines is None or lines == self._analysed[key]:
            self._saved.pop(key, None)
        else:
            self._saved[key] = lines

    def forget_others(self, findings: Iterable[Finding]) -> Steps[None]:
        """Let go of all texts but those that findings point into."""
        paths, uris = yield from _pointed_into(findings)
        self._keys = {path: key for path, key in self._keys.items() if path in paths}
        sources = set(map(source_key, uris))
        keys = {*self._keys.values(), *sources}
        for texts in (self._analysed, self._saved, self._maps):
            for key in [key for key in texts if key not in keys]:
                del texts[key]
        self._sources.forget_others(sources)

    def are_current(self, finding: Finding) -> bool:
        """Whether the files that a finding points into have the text that it was made for."""
        return all(
            _read_lines(Path(path)) == self._analysed.get(file_key(path))
            for path in at_once(_pointed_into([finding]))[0]
        )

    def key(self, location: SourceLocation) -> str | None:
        """The key of a location's file or source; None where the client can open neither."""
        if location.path is None:
            return source_key(location.url) if self.opens_sources else None
        return self._keys.get(location.path) or file_key(location.path)

    def lines(self, key: str) -> Lines | None:
        """The present lines of a file or source that findings point into."""
        document = self._documents.of_file(key)
        if document is not None:
            return document.lines
        return self._saved.get(key) or self._analysed.get(key)

    def find(self, location: SourceLocation | None) -> Place | None:
        """Where a location is now; None when the client cannot open it."""
        key = None if location is None else self.key(location)
        if location is None or key is None:
            return None
        document = self._documents.of_file(key)
        uri: str | None
        if document is not None:
            uri = document.uri
        else:
            uri = location.url if location.path is None else _uri(location.path)
        assert uri is not None
        if location.span is None:
            return Place(uri, key, _FILE_START, changed=False, gone=False)
        analysed = self._analysed.get(key)
        lines = self.lines(key)
        if analysed is None or lines is None or lines is analysed:
            span, changed, gone = location.span, False, False
        else:
            carried = self._map(key, lines, analysed).carry(location.span)
            span, changed, gone = carried.span, carried.changed, carried.gone
        if location.line_text and lines is not None:
            # What counts is the text that was captured; the file may have had another one
            # already when it was analysed.
            other = not _line_is(lines, span.start.line, location.line_text)
            one_line = location.span.start.line == location.span.end.line
            changed = other if one_line else changed or other
        return Place(uri, key, span, changed=changed, gone=gone)

    def _map(self, key: str, lines: Lines, analysed: Lines) -> LineMap:
        known = self._maps.get(key)
        if known is not None and known[0] is lines:
            return known[1]
        carried = LineMap(analysed, lines)
        self._maps[key] = (lines, carried)
        return carried


# A finding points into its file from several places, and thousands may be looked for at once.
@lru_cache(maxsize=1024)
def _uri(path: str) -> str | None:
    uri: str | None = from_fs_path(path)
    return uri


def _line_is(lines: Sequence[str], line: int, text: str) -> bool:
    if line >= len(lines):
        return False
    return lines[line].strip() == text.strip() or is_without_types(text, lines[line])


def _pointed_into(findings: Iterable[Finding]) -> Steps[tuple[set[str], set[str]]]:
    """Paths of the files that findings point into, and URIs of the sources."""
    paths, urls = set(), set()
    for finding in findings:
        yield
        for location in locations_of(finding):
            if location.path is not None:
                paths.add(location.path)
            else:
                urls.add(location.url)
    return paths, {url for url in urls if source_key(url) is not None}


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
