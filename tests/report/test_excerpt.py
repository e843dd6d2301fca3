"""The carets stand below the characters that they mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from leakline.positions import Position, SourceLocation, Span
from leakline.report.excerpt import excerpt

MakePlace = Callable[..., SourceLocation]


def drawn(location: SourceLocation, width: int = 80) -> tuple[str, str]:
    found = excerpt(location, width)
    assert found is not None
    return found.text, " " * found.indent + "^" * found.length


@pytest.mark.parametrize(
    ("line", "marked", "text", "carets"),
    [
        ("\tcache.set(key, 1);", "cache.set", "    cache.set(key, 1);", "    ^^^^^^^^^"),
        ("a\tcache.push(1)", "push", "a   cache.push(1)", "          ^^^^"),
        ('log("日本", all.push(x))', "all", 'log("日本", all.push(x))', "            ^^^"),
        ("缓存.set(k, v)", "缓存", "缓存.set(k, v)", "^^^^"),
        ("/* 🎉 */ n += 1", "n += 1", "/* 🎉 */ n += 1", "         ^^^^^^"),
        ("/* e\u0301 */ n += 1", "n", "/* e\u0301 */ n += 1", "        ^"),
        ("/* \x1b[1m */ n += 1", "n", "/* ␛[1m */ n += 1", "           ^"),
        ("n += 1;   ", "n += 1;   ", "n += 1;", "^^^^^^^"),
    ],
)
def test_carets(place: MakePlace, line: str, marked: str, text: str, carets: str) -> None:
    assert drawn(place(1, line, marked)) == (text, carets)


def test_line_numbers_are_as_people_count(place: MakePlace) -> None:
    found = excerpt(place(41, "n += 1", "n"), 80)
    assert found is not None
    assert found.number == 41


def test_a_span_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    span = Span(Position(0, 2), Position(3, 1))
    assert drawn(SourceLocation("/a.js", "", span, "  log.push({  ")) == (
        "  log.push({",
        "  ^^^^^^^^^^",
    )


def test_an_empty_span_gets_one_caret() -> None:
    span = Span(Position(0, 4), Position(0, 4))
    assert drawn(SourceLocation("/a.js", "", span, "let x = 1")) == ("let x = 1", "    ^")


def test_a_column_beyond_the_line_stays_at_its_end() -> None:
    span = Span(Position(0, 400), Position(0, 410))
    assert drawn(SourceLocation("/a.js", "", span, "let x")) == ("let x", "     ^")


def test_unknown_text_has_no_excerpt() -> None:
    span = Span(Position(0, 0), Position(0, 1))
    assert excerpt(SourceLocation("/a.js", "", span, ""), 80) is None
    assert excerpt(SourceLocation("/a.js", "", None, "let x"), 80) is None


def test_a_minified_line_is_cut_around_the_span(place: MakePlace) -> None:
    line = "var a=1;" * 50_000 + "cache.set(k,v)" + ";b=2" * 50_000
    text, carets = drawn(place(1, line, "cache.set(k,v)"), width=60)
    assert cell_len(text) <= 60
    assert text.startswith("…")
    assert text.endswith("…")
    assert text[carets.index("^") : len(carets)] == "cache.set(k,v)"


def test_a_line_is_cut_only_where_it_is_too_long(place: MakePlace) -> None:
    line = "cache.set(k, v); " + "x" * 100
    text, carets = drawn(place(1, line, "cache.set(k, v)"), width=40)
    assert text == line[:38] + "…"
    assert carets == "^" * 15


def test_a_span_longer_than_the_line_keeps_its_beginning(place: MakePlace) -> None:
    line = "let a; cache = [" + "1," * 100 + "]"
    text, carets = drawn(place(1, line, line[7:]), width=30)
    assert text.startswith("…cache = [1,")
    assert text.endswith("…")
    assert carets == " " + "^" * (cell_len(text) - 2)


@given(
    st.text(alphabet=st.characters(exclude_characters="\n\r"), min_size=1, max_size=200),
    st.integers(0, 250),
    st.integers(0, 250),
    st.integers(20, 120),
)
def test_any_line_fits_and_is_safe(line: str, start: int, length: int, width: int) -> None:
    span = Span(Position(0, start), Position(0, start + length))
    found = excerpt(SourceLocation("/a.js", "", span, line), width)
    if found is None:
        assert not line.strip()
        return
    assert cell_len(found.text) <= width
    assert found.length >= 1
    assert found.indent + found.length <= width + 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in found.text)
