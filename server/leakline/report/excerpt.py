"""A source line with a stretch of it underlined."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from leakline.positions import SourceLocation
from leakline.untrusted import visible

_TAB = 4
_CUT = "…"
_LONGEST_STRETCH = 100_000
"""Code points looked at in and on either side of the span: minified lines have megabytes."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A source line as it is printed.

    Attributes:
        number: The line's number, from 1.
        text: The line, safe for a terminal, tabs expanded, cut around the span.
        indent: Terminal cells before the underlined stretch.
        length: Terminal cells underlined; at least 1.
    """

    number: int
    text: str
    indent: int
    length: int


def excerpt(location: SourceLocation, width: int) -> Excerpt | None:
    """The first line of a location, its span to be underlined.

    Widths are terminal cells: a wide character or an emoji takes two, a combining mark none.

    Args:
        location: The place; its columns are UTF-16 units.
        width: Cells that the line may take; a longer one is cut around the span.

    Returns:
        None when the line's text or the span is not known.
    """
    if location.span is None or not location.line_text.strip():
        return None
    line = location.line_text.split("\n", 1)[0].rstrip("\r\n")
    start, end = _code_points(line, location)
    cut_left = max(0, start - _LONGEST_STRETCH)
    before = _expand(line[cut_left:start], 0)
    marked = _expand(line[start : min(end, start + _LONGEST_STRETCH)], cell_len(before))
    after = _expand(line[end : end + _LONGEST_STRETCH], cell_len(before) + cell_len(marked))
    left_is_cut = cut_left > 0
    right_is_cut = end > start + _LONGEST_STRETCH or len(line) > end + _LONGEST_STRETCH

    if cell_len(before) + cell_len(marked) + cell_len(after) > width:
        room = max(1, width - 2 * cell_len(_CUT))
        whole = (before, marked, after)
        marked = _first_cells(marked, room)
        if marked != whole[1]:
            after = ""
        room -= cell_len(marked)
        # Half of what is left goes to either side, and more where the other side needs less.
        wanted_after = min(cell_len(after), max(room // 2, room - cell_len(before)))
        before = _last_cells(before, room - wanted_after)
        after = _first_cells(after, room - cell_len(before))
        left_is_cut = left_is_cut or before != whole[0]
        right_is_cut = right_is_cut or (marked, after) != whole[1:]
    if left_is_cut:
        before = _CUT + before
    if right_is_cut:
        after = after + _CUT
    return Excerpt(
        number=location.span.start.line + 1,
        text=(before + marked + after).rstrip(),
        indent=cell_len(before),
        length=max(1, cell_len(marked)),
    )


def _code_points(line: str, location: SourceLocation) -> tuple[int, int]:
    """The span in code points of its first line; trailing blanks are left out."""
    span = location.span
    assert span is not None
    start = _code_point(line, span.start.column)
    one_line = span.end.line == span.start.line
    end = _code_point(line, span.end.column) if one_line else len(line)
    end = max(end, start)
    trimmed = start + len(line[start:end].rstrip())
    return start, trimmed if trimmed > start else end


def _code_point(line: str, utf16_column: int) -> int:
    """The code point that starts at, or holds, a UTF-16 column."""
    if line.isascii():
        return min(utf16_column, len(line))
    units = 0
    for index, character in enumerate(line):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > utf16_column:
            return index
    return len(line)


def _expand(text: str, column: int) -> str:
    """The text made visible, tabs as blanks up to the next stop."""
    pieces: list[str] = []
    for index, piece in enumerate(text.split("\t")):
        if index:
            blanks = _TAB - column % _TAB
            pieces.append(" " * blanks)
            column += blanks
        shown = visible(piece)
        pieces.append(shown)
        column += cell_len(shown)
    return "".join(pieces)


def _first_cells(text: str, cells: int) -> str:
    """As much of the text's beginning as fits."""
    if cell_len(text) <= cells:
        return text
    low, high = 0, min(len(text), _most_code_points(cells))
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[:middle]) <= cells:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def _last_cells(text: str, cells: int) -> str:
    """As much of the text's end as fits."""
    if cell_len(text) <= cells:
        return text
    low, high = 0, min(len(text), _most_code_points(cells))
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[len(text) - middle :]) <= cells:
            low = middle
        else:
            high = middle - 1
    return text[len(text) - low :]


def _most_code_points(cells: int) -> int:
    """A bound on code points per stretch of cells, so that marks without width stay few."""
    return 8 * max(cells, 0)
