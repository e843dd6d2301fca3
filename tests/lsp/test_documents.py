"""Open texts as the client edits them."""

from __future__ import annotations

import itertools

import pytest
from lsprotocol import types

from leakline.lsp.documents import OpenDocument

TEXT = "let a;\r\nlet b;\n"


def opened() -> OpenDocument:
    return OpenDocument(types.TextDocumentItem("file:///a.js", "javascript", 4, TEXT))


def typed(line: int, column: int, text: str) -> types.TextDocumentContentChangeEvent:
    place = types.Position(line, column)
    return types.TextDocumentContentChangePartial(range=types.Range(place, place), text=text)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_quick_edits_may_come_in_any_order(order: tuple[int, ...]) -> None:
    # Helix 25.01 sends each in a task of its own.
    document = opened()
    document.apply([typed(1, 5, "1")], 5)
    for number in order:
        document.apply([typed(0, 5 + number, "wxyz"[number])], 6 + number)
    assert document.text == "let awxyz;\r\nlet b1;\n"
    assert document.lines == ["let awxyz;", "let b1;", ""]
    assert document.version == 9


def test_a_client_that_does_not_count_is_taken_as_it_comes() -> None:
    document = opened()
    for number, key in enumerate("xyz"):
        document.apply([typed(0, 5 + number, key)], 4)
    assert document.lines[0] == "let axyz;"
