"""The ``mappings`` field of a source map, decoded into columns.

The grammar and every check are those of ECMA-426, "Mappings structure" and "Base64 VLQ".
What the standard lets a consumer report, this decoder reports: a map with one impossible
segment is refused as a whole, because nothing says which of its other segments are right.

The text is decoded piece by piece, each with a fixed number of numpy calls, so that the
temporary arrays stay small and in the processor's cache whatever the size of the map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leakline.errors import SourceMapError
from leakline.sourcemaps.refusal import refusal

COLUMN_BITS = 31
LARGEST = 2**31 - 1

# A segment has at most five numbers of seven digits each; more digits can only be zeros.
# One longer than a piece is refused, so that no input makes a piece grow.
_PIECE_LENGTH = 1 << 16
_LONGEST_NUMBER = 7

_COMMA = 64
_SEMICOLON = 65
_OTHER = 66


def _digit_table() -> npt.NDArray[np.uint8]:
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    table = np.full(256, _OTHER, np.uint8)
    table[np.frombuffer(alphabet, np.uint8)] = np.arange(64, dtype=np.uint8)
    table[ord(",")] = _COMMA
    table[ord(";")] = _SEMICOLON
    return table


_DIGITS = _digit_table()

Column = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segments:
    """All segments of a source map, in the order of the generated code.

    Attributes:
        generated: int64, generated line times 2**31 plus generated column, never decreasing;
            segments of one position keep the order of the file.
        source: int32, index of the source; -1 for a one-field segment.
        line: int32, line in that source; -1 for a one-field segment.
        column: int32, column in that source; -1 for a one-field segment.
        name: int32, index of the name; -1 where there is none.
    """

    generated: Keys
    source: Column
    line: Column
    column: Column
    name: Column


def decode_mappings(mappings: str, *, sources: int, names: int) -> Segments:
    """Decode a ``mappings`` field.

    Args:
        mappings: The field.
        sources: How many sources the map has.
        names: How many names the map has.

    Raises:
        SourceMapError: If the field breaks the grammar, or a number does not fit.
    """
    decoder = _Decoder(sources, names)
    pieces = [decoder.decode(piece) for piece in _pieces(mappings)]
    return sort_segments(concatenate_segments(pieces))


def concatenate_segments(parts: list[Segments]) -> Segments:
    """Join segments, emptying ``parts``, one column at a time so that little is held twice."""
    if len(parts) == 1:
        return parts.pop()
    columns = [(p.generated, p.source, p.line, p.column, p.name) for p in parts]
    parts.clear()
    joined: list[npt.NDArray[np.int64] | npt.NDArray[np.int32]] = []
    waiting = [list(column) for column in zip(*columns, strict=True)]
    columns.clear()
    for column in waiting:
        joined.append(np.concatenate(column))
        column.clear()
    generated, source, line, original_column, name = joined
    return Segments(
        generated.astype(np.int64, copy=False),
        source.astype(np.int32, copy=False),
        line.astype(np.int32, copy=False),
        original_column.astype(np.int32, copy=False),
        name.astype(np.int32, copy=False),
    )


def sort_segments(segments: Segments) -> Segments:
    """Put segments in generated order, leaving those of one position as they stand."""
    keys = segments.generated
    if keys.size < 2 or bool((keys[1:] >= keys[:-1]).all()):
        return segments
    order = np.argsort(keys, kind="stable")
    return Segments(
        keys[order],
        segments.source[order],
        segments.line[order],
        segments.column[order],
        segments.name[order],
    )


def _pieces(mappings: str) -> Iterator[bytes]:
    """Cut after a separator; the last piece gets one, so that each segment ends with one."""
    start = 0
    while len(mappings) - start > _PIECE_LENGTH:
        end = start + _PIECE_LENGTH
        cut = max(mappings.rfind(",", start, end), mappings.rfind(";", start, end))
        if cut < 0:
            raise refusal(
                f"the source map has a segment of more than {_PIECE_LENGTH} characters "
                f"at character {start} of its mappings"
            )
        yield mappings[start : cut + 1].encode("ascii", "replace")
        start = cut + 1
    yield mappings[start:].encode("ascii", "replace") + b";"


class _Decoder:
    """Decodes pieces one after the other; every field but the column runs on over all of them."""

    def __init__(self, sources: int, names: int) -> None:
        self._sources = sources
        self._names = names
        self._generated_line = 0
        self._generated_column = 0
        self._source = 0
        self._line = 0
        self._column = 0
        self._name = 0
        self._after_semicolon = True

    def decode(self, piece: bytes) -> Segments:
        """Decode one piece, which ends with a separator."""
        digits = _DIGITS[np.frombuffer(piece, np.uint8)]
        if int(digits.max()) == _OTHER:
            place = int(np.flatnonzero(digits == _OTHER)[0])
            line = self._generated_line + piece.count(b";", 0, place)
            raise _broken(line, "a character that is no base64 digit, comma or semicolon")

        # A token is the last digit of a number, or a separator.
        tokens = np.flatnonzero((digits - np.uint8(32)) >= 32)
        kinds = digits[tokens]
        separators = np.flatnonzero(kinds >= _COMMA)
        widths = np.diff(tokens, prepend=-1)

        ends_line = kinds[separators] == _SEMICOLON
        gap_lines = self._generated_line + np.cumsum(ends_line) - ends_line
        starts_line = np.empty_like(ends_line)
        starts_line[0] = self._after_semicolon
        starts_line[1:] = ends_line[:-1]

        _refuse(widths[separators] != 1, gap_lines, "a number whose last digit is missing")
        fields = np.diff(separators, prepend=-1) - 1
        empty = fields == 0
        _refuse(empty & ~(starts_line & ends_line), gap_lines, "a segment without fields")

        filled = np.flatnonzero(~empty)
        field_counts = fields[filled]
        lines = gap_lines[filled]
        unknown = (field_counts != 1) & (field_counts != 4) & (field_counts != 5)
        _refuse(unknown, lines, "a segment of neither one, four nor five fields")
        numbers, too_large = _numbers(digits, tokens, kinds, widths)
        if too_large.size:
            gap = int(np.searchsorted(separators, too_large[0]))
            raise _broken(int(gap_lines[gap]), "a number of more than 32 bits")

        first = separators[filled] - field_counts
        generated = self._generated_columns(numbers[first], lines)
        keys = (lines << COLUMN_BITS) | generated
        has_source = field_counts >= 4
        has_name = field_counts == 5
        segments = Segments(
            keys,
            *self._originals(numbers, first, has_source, lines),
            self._name_indexes(numbers, first, has_name, lines),
        )
        self._generated_line += int(np.count_nonzero(ends_line))
        self._after_semicolon = bool(ends_line[-1])
        if self._after_semicolon:
            self._generated_column = 0
        elif generated.size:
            self._generated_column = int(generated[-1])
        return segments

    def _generated_columns(self, deltas: Keys, lines: Keys) -> Keys:
        """Running sums that start again at each line."""
        if not deltas.size:
            return deltas
        sums = np.cumsum(deltas)
        starts = np.flatnonzero(np.diff(lines, prepend=-1))
        before = sums[starts] - deltas[starts]
        if lines[0] == self._generated_line:
            before[0] -= self._generated_column
        columns: Keys = sums - np.repeat(before, np.diff(starts, append=lines.size))
        _refuse_outside(columns, LARGEST, lines, "generated column")
        return columns

    def _originals(
        self,
        numbers: Keys,
        first: npt.NDArray[np.intp],
        has_source: npt.NDArray[np.bool_],
        lines: Keys,
    ) -> tuple[Column, Column, Column]:
        at = first[has_source]
        at_lines = lines[has_source]
        source = self._source + np.cumsum(numbers[at + 1])
        line = self._line + np.cumsum(numbers[at + 2])
        column = self._column + np.cumsum(numbers[at + 3])
        if at.size:
            _refuse_outside(source, self._sources - 1, at_lines, "source index")
            _refuse_outside(line, LARGEST, at_lines, "original line")
            _refuse_outside(column, LARGEST, at_lines, "original column")
            self._source, self._line, self._column = int(source[-1]), int(line[-1]), int(column[-1])
        return _spread(source, has_source), _spread(line, has_source), _spread(column, has_source)

    def _name_indexes(
        self,
        numbers: Keys,
        first: npt.NDArray[np.intp],
        has_name: npt.NDArray[np.bool_],
        lines: Keys,
    ) -> Column:
        name = self._name + np.cumsum(numbers[first[has_name] + 4])
        if name.size:
            _refuse_outside(name, self._names - 1, lines[has_name], "name index")
            self._name = int(name[-1])
        return _spread(name, has_name)


def _numbers(
    digits: npt.NDArray[np.uint8],
    tokens: npt.NDArray[np.intp],
    kinds: npt.NDArray[np.uint8],
    widths: npt.NDArray[np.intp],
) -> tuple[Keys, npt.NDArray[np.intp]]:
    """The signed number that each token ends, and which tokens end one of more than 32 bits.

    The digits stand least significant first, so each number is put together from its last.
    What stands at a separator's token means nothing.
    """
    values = kinds.astype(np.int64)
    wide = np.flatnonzero(widths > 1)
    last = tokens[wide]
    more = widths[wide] - 1
    too_large = wide[:0]
    if wide.size and int(more.max()) >= _LONGEST_NUMBER:
        # Leading zeros are allowed; anything else beyond the seventh digit does not fit.
        excess = np.maximum(more + 1 - _LONGEST_NUMBER, 0)
        not_zero = np.cumsum((digits & 31) != 0)
        too_large = wide[not_zero[last] != not_zero[last - excess]]
        last = last - excess
        more = more - excess
        values[wide] = digits[last] & 31
    while wide.size:
        last = last - 1
        values[wide] = (values[wide] << 5) | (digits[last] & 31)
        more = more - 1
        going_on = more > 0
        wide, last, more = wide[going_on], last[going_on], more[going_on]
    if not too_large.size:
        too_large = np.flatnonzero(values >= 2**32)
    negative = values & 1
    magnitude = values >> 1
    signed: Keys = (magnitude ^ -negative) + negative
    # The standard reads the otherwise useless "minus zero" as the smallest number.
    signed[values == 1] = -(2**31)
    return signed, too_large


def _spread(values: Keys, present: npt.NDArray[np.bool_]) -> Column:
    if values.size == present.size:
        return values.astype(np.int32)
    column = np.full(present.size, -1, np.int32)
    column[present] = values
    return column


def _refuse(bad: npt.NDArray[np.bool_], lines: Keys, what: str) -> None:
    if bad.any():
        raise _broken(int(lines[int(np.argmax(bad))]), what)


def _refuse_outside(values: Keys, largest: int, lines: Keys, what: str) -> None:
    if int(values.min()) < 0:
        raise _broken(int(lines[int(np.argmax(values < 0))]), f"a negative {what}")
    if int(values.max()) > largest:
        place = int(np.argmax(values > largest))
        raise _broken(
            int(lines[place]), f"the {what} {int(values[place])}, where the last one is {largest}"
        )


def _broken(line: int, what: str) -> SourceMapError:
    return refusal(f"the source map's mappings have, at generated line {line + 1}, {what}")
