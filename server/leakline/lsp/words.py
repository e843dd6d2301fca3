"""The word at a position in an open text."""

from __future__ import annotations

import re

from leakline.lsp.documents import OpenDocument
from leakline.positions import Position

_WORD = re.compile(r"#?[\w$]+")


def word_at(document: OpenDocument, position: Position) -> str | None:
    """The word that a position stands in or behind; None where none stands.

    ``#`` of a private name is part of it.
    """
    if position.line >= len(document.lines):
        return None
    line = document.lines[position.line]
    column = position.column
    if not line.isascii():
        column = len(
            line.encode("utf-16-le", "surrogatepass")[: column * 2].decode("utf-16-le", "ignore")
        )
    for word in _WORD.finditer(line):
        if word.start() <= column <= word.end():
            return word[0]
        if word.start() > column:
            break
    return None
