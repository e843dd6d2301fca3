"""Texts under edits, and spans carried from an old text to a new one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from leakline.lsp.carrying import LineMap
from leakline.lsp.documents import OpenDocument, split_lines
from leakline.positions import Position, Span

LINES = st.lists(st.text("ab\u2028\x0c \t", max_size=4), max_size=12)


def document(text: str) -> OpenDocument:
    return OpenDocument(types.TextDocumentItem("untitled:x", "javascript", 1, text))


def edit(
    text: str, start: tuple[int, int], end: tuple[int, int], new: str
) -> tuple[str, int | None]:
    opened = document(text)
    span = types.Range(types.Position(*start), types.Position(*end))
    opened.apply([types.TextDocumentContentChangePartial(range=span, text=new)], 2)
    return opened.text, opened.version


@pytest.mark.parametrize(
    ("text", "start", "end", "result"),
    [
        ("a\r\nb\rc\nd", (2, 0), (2, 1), "a\r\nb\rX\nd"),
        # Line ends for JavaScript and for Python, not for the protocol.
        ("a\u2028b\x0cc\nd", (1, 0), (1, 1), "a\u2028b\x0cc\nX"),
        ("\N{PILE OF POO}b", (0, 2), (0, 3), "\N{PILE OF POO}X"),
        ("ab\ncd", (0, 99), (1, 0), "abXcd"),
        ("ab", (7, 0), (9, 0), "abX"),
        ("", (0, 0), (0, 0), "X"),
    ],
)
def test_edits_are_counted_as_the_protocol_counts(
    text: str, start: tuple[int, int], end: tuple[int, int], result: str
) -> None:
    assert edit(text, start, end, "X") == (result, 2)


@given(before=LINES, after=LINES, above=LINES, below=LINES)
def test_a_line_that_is_unlike_all_others_is_found_wherever_it_goes(
    before: list[str], after: list[str], above: list[str], below: list[str]
) -> None:
    old = [*before, "  grow(\N{DECIDUOUS TREE});", *after]
    new = [*above, "grow(\N{DECIDUOUS TREE});", *below]
    line = len(before)
    carried = LineMap(old, new).carry(Span(Position(line, 2), Position(line, 11)))
    found = carried.span.start.line
    if not carried.changed:
        assert found == len(above)
        assert (carried.span.start.column, carried.span.end.column) == (0, 9)
    assert 0 <= found < len(new)


@given(old=LINES, new=LINES, line=st.integers(0, 20), length=st.integers(0, 3))
def test_whatever_the_texts_the_span_lies_in_the_new_one(
    old: list[str], new: list[str], line: int, length: int
) -> None:
    new = split_lines("\n".join(new))
    span = Span(Position(line, 0), Position(line + length, 1))
    carried = LineMap(old, new).carry(span)
    assert carried.span.start <= carried.span.end
    assert 0 <= carried.span.start.line < len(new)


def test_a_change_in_any_line_of_a_span_counts() -> None:
    old = ["push(", "  first,", "  second,", ");"]
    span = Span(Position(0, 0), Position(3, 2))
    assert not LineMap(old, ["", *old]).carry(span).changed
    for line in range(4):
        new = [*old[:line], "other", *old[line + 1 :]]
        assert LineMap(old, new).carry(span).changed
    assert LineMap(old, [*old[:2], "  inserted,", *old[2:]]).carry(span).changed
