"""The mappings of a source map written and read the plain way, one digit at a time.

A second, slow implementation of ECMA-426 to hold the fast one against.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
Segment = tuple[int, ...]
Row = tuple[int, int, int, int, int, int]


class MappingsError(Exception):
    pass


def encode_number(number: int) -> str:
    rest = (abs(number) << 1) | (number < 0)
    digits = ""
    while rest >= 32:
        digits += DIGITS[(rest & 31) | 32]
        rest >>= 5
    return digits + DIGITS[rest]


def encode(lines: Sequence[Sequence[Segment]]) -> str:
    """Segments with absolute numbers, line by line, as a mappings field."""
    state = [0, 0, 0, 0, 0]
    texts = []
    for line in lines:
        state[0] = 0
        segments = []
        for segment in line:
            text = ""
            for field, number in enumerate(segment):
                text += encode_number(number - state[field])
                state[field] = number
            segments.append(text)
        texts.append(",".join(segments))
    return ";".join(texts)


def rows(lines: Sequence[Sequence[Segment]]) -> list[Row]:
    """Generated line and column, source, line, column, name; -1 where there is none."""
    found = []
    for line, segments in enumerate(lines):
        for segment in sorted(segments, key=lambda one: one[0]):
            padded = (*segment, -1, -1, -1, -1)[:5]
            found.append((line, *padded))
    return found


def decode_number(text: str, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(text) or text[at] not in DIGITS:
            raise MappingsError
        digit = DIGITS.index(text[at])
        at += 1
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            break
    if value >= 2**32:
        raise MappingsError
    if value == 1:
        return -(2**31), at
    return (-(value >> 1) if value & 1 else value >> 1), at


def decode(mappings: str, *, sources: int, names: int) -> list[list[Segment]]:
    state = [0, 0, 0, 0, 0]
    largest = (2**31 - 1, sources - 1, 2**31 - 1, 2**31 - 1, names - 1)
    lines: list[list[Segment]] = []
    for line in mappings.split(";"):
        state[0] = 0
        lines.append([])
        for text in line.split(",") if line else []:
            at = field = 0
            while at < len(text):
                number, at = decode_number(text, at)
                if field == 5:
                    raise MappingsError
                state[field] += number
                if not 0 <= state[field] <= largest[field]:
                    raise MappingsError
                field += 1
            if field not in (1, 4, 5):
                raise MappingsError
            lines[-1].append(tuple(state[:field]))
    return lines


def document(mappings: str, **fields: Any) -> str:
    """A source map with these mappings; further fields replace the usual ones."""
    usual = {"version": 3, "sources": ["a.js", "b.js"], "names": ["x", "y", "z"]}
    return json.dumps({**usual, "mappings": mappings, **fields})
