"""The texts that are open in the editor.

pygls keeps them too, but breaks lines where Python's ``splitlines`` does. JavaScript files
hold form feeds and line separators; the protocol knows three line ends only.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.uris import to_fs_path

from leakline.lsp.sources import source_key

# So many edits may overtake another one.
_MOST_EDITS = 16
_LINE_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """The lines of a text as the Language Server Protocol counts them, without line ends."""
    return _LINE_END.split(text)


def file_key(path: str) -> str:
    """One name for a file, however its path is written."""
    return os.path.normcase(os.path.realpath(path))


@dataclass(frozen=True, slots=True)
class _Edit:
    version: int
    before: str
    changes: Sequence[types.TextDocumentContentChangeEvent]


class OpenDocument:
    """One open text.

    Attributes:
        uri: As the client writes it.
        key: The file's :func:`file_key`, or the ``source_key`` of one of our own sources; None
            when it is neither.
        language: The client's name of its language.
        version: The client's number of the text.
        text: The whole text.
    """

    def __init__(self, item: types.TextDocumentItem) -> None:
        path = to_fs_path(item.uri) if item.uri.startswith("file:") else None
        self.uri = item.uri
        self.path = path
        self.key = source_key(item.uri) if path is None else file_key(path)
        self.language = item.language_id
        self.version = item.version
        self.text = item.text
        self._lines: list[str] | None = None
        self._edits: deque[_Edit] = deque(maxlen=_MOST_EDITS)

    @property
    def lines(self) -> list[str]:
        """The text's lines, without line ends."""
        if self._lines is None:
            self._lines = split_lines(self.text)
        return self._lines

    def apply(self, changes: Sequence[types.TextDocumentContentChangeEvent], version: int) -> None:
        """Take over an edit.

        Helix sends quick ones in any order: one that is older than the last goes in before it.
        """
        later = [edit for edit in self._edits if edit.version > version]
        if later:
            self.text = later[0].before
            for _ in later:
                self._edits.pop()
        again = [(edit.version, edit.changes) for edit in later]
        for number, every in [(version, changes), *again]:
            self._edits.append(_Edit(number, self.text, every))
            self._apply(every)
        self.version = max(self.version, version)

    def _apply(self, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = self._offset(change.range.start)
                end = max(start, self._offset(change.range.end))
                self.text = self.text[:start] + change.text + self.text[end:]
            else:
                self.text = change.text
            self._lines = None

    def _offset(self, position: types.Position) -> int:
        """Index into the text; a place beyond a line's end, or the text's, is its end."""
        start = 0
        line = position.line
        if line > 0:
            for number, end in enumerate(_LINE_END.finditer(self.text), start=1):
                if number == line:
                    start = end.end()
                    break
            else:
                return len(self.text)
        line_end = _LINE_END.search(self.text, start)
        stop = len(self.text) if line_end is None else line_end.start()
        return start + _code_points(self.text[start:stop], position.character)


def _code_points(line: str, units: int) -> int:
    """How many code points the first ``units`` UTF-16 units of a line are."""
    if line.isascii():
        return min(units, len(line))
    count = 0
    for index, character in enumerate(line):
        if count >= units:
            return index
        count += 2 if ord(character) > 0xFFFF else 1
    return len(line)


class OpenDocuments:
    """All open texts, by URI and by file."""

    def __init__(self) -> None:
        self._by_uri: dict[str, OpenDocument] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(self._by_uri.values())

    def open(self, item: types.TextDocumentItem) -> OpenDocument:
        """Take in a text that was opened."""
        document = self._by_uri[item.uri] = OpenDocument(item)
        return document

    def close(self, uri: str) -> OpenDocument | None:
        """Let go of a text."""
        return self._by_uri.pop(uri, None)

    def get(self, uri: str) -> OpenDocument | None:
        """The open text with a URI."""
        return self._by_uri.get(uri)

    def of_file(self, key: str) -> OpenDocument | None:
        """The open text of a file or source, by its key."""
        return next((document for document in self if document.key == key), None)
