"""A script's text as V8 and editors count it: UTF-16 code units, lines from 0.

Everything in this package counts *offsets* in UTF-16 units from the start of the text;
only the public face speaks of :class:`~leakline.positions.Position`.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from typing import Literal

from leakline.positions import Position, Span

LineEnds = Literal["javascript", "editor"]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\u(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{4}))")
_WORD = frozenset(string.ascii_letters + string.digits + "_$")
_LINE_ENDS = {
    # ECMA-262 LineTerminatorSequence: what V8 counts lines by.
    "javascript": re.compile("\r\n|[\n\r\u2028\u2029]"),
    # Language Server Protocol 3.17, "Position": U+2028 and U+2029 do not end a line there.
    "editor": re.compile("\r\n|[\n\r]"),
}


def _split_astral(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


class SourceText:
    """A text by UTF-16 units, with its lines.

    Args:
        text: The text; lone surrogates are kept.
        line_ends: Whose line ends count: ``javascript`` for positions of V8, ``editor`` for
            positions of the Language Server Protocol. They differ by U+2028 and U+2029.
    """

    __slots__ = ("_has_pairs", "_line_starts", "units")

    def __init__(self, text: str, line_ends: LineEnds = "javascript") -> None:
        self._has_pairs = _ASTRAL.search(text) is not None
        #: One character for each UTF-16 unit.
        self.units = _ASTRAL.sub(_split_astral, text) if self._has_pairs else text
        self._line_starts = [0]
        self._line_starts += [m.end() for m in _LINE_ENDS[line_ends].finditer(self.units)]

    def encoded(self) -> bytes:
        """The text as UTF-16-LE: the byte at ``2 * n`` begins the unit at offset ``n``."""
        return self.units.encode("utf-16-le", "surrogatepass")

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets, surrogate pairs joined again."""
        part = self.units[start:end]
        if self._has_pairs and _SURROGATE.search(part):
            return part.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return part

    def name(self, start: int, end: int) -> str:
        r"""The identifier between two offsets, its ``\u`` escapes resolved."""
        part = self.slice(start, end)
        return _ESCAPE.sub(_unescape, part) if "\\" in part else part

    def find(self, name: str) -> list[int]:
        """The offsets at which a name stands, not as a part of a longer word of ASCII."""
        # Plain searches: a pattern with word edges takes a hundred times as long.
        units, wanted = self.units, _ASTRAL.sub(_split_astral, name)
        offsets = []
        at = units.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            before, after = units[at - 1 : at], units[end : end + 1]
            if before not in _WORD and after not in _WORD:
                offsets.append(at)
            at = units.find(wanted, end)
        return offsets

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line = bisect_right(self._line_starts, offset) - 1
        return Position(line, offset - self._line_starts[line])

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(self.position(start), self.position(end))

    def offset(self, position: Position) -> int | None:
        """The offset of a position, None where the text has no such line or column."""
        if not 0 <= position.line < len(self._line_starts) or position.column < 0:
            return None
        offset = self._line_starts[position.line] + position.column
        last = position.line + 1 == len(self._line_starts)
        limit = len(self.units) if last else self._line_starts[position.line + 1] - 1
        return offset if offset <= limit else None
