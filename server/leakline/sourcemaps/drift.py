"""Lines carried over from the text at capture to the text on disk.

The comparison is a patience diff (Bram Cohen): lines that stand once in both texts, and in the
same order, are fixed points; between them the same is done again. Where no such line is left,
only equal lines at the ends of a stretch are matched. A line that this leaves open counts as
gone: a finding without a line does less harm than one on the wrong line. The nesting is bounded,
so that the time stays that of sorting the lines, whatever the texts are.

Lines are compared without the white space around them, so that a formatter's new indentation
does not lose them. Node runs TypeScript by overwriting its types with spaces, and keeps that
text: a line without its types is the same line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# As the Language Server Protocol has it.
_LINE_END = re.compile(r"\r\n|\r|\n")

# What a type at a line's end begins with. The spaces over it are not compared.
_TYPE = re.compile(r"\s*(\??:|!|<|(?:as|satisfies|implements)\b)")

# Two versions of one file need three or four rounds.
_DEEPEST = 30


def carry_lines(old_text: str, new_text: str) -> npt.NDArray[np.int32]:
    """Where each line of an old text stands in a new one.

    Args:
        old_text: The text that positions refer to.
        new_text: The text as it is now.

    Returns:
        int32, one entry per line of the old text: the line in the new text, both from 0, or -1
        where the line is gone.
    """
    numbers: dict[str, int] = {}
    old_lines, new_lines = _LINE_END.split(old_text), _LINE_END.split(new_text)
    old = [numbers.setdefault(line.strip(), len(numbers)) for line in old_lines]
    new = [numbers.setdefault(line.strip(), len(numbers)) for line in new_lines]
    carried = np.full(len(old), -1, np.int32)
    stretches = [(0, len(old), 0, len(new), 0)]
    while stretches:
        old_start, old_stop, new_start, new_stop, depth = stretches.pop()
        while old_start < old_stop and new_start < new_stop and old[old_start] == new[new_start]:
            carried[old_start] = new_start
            old_start += 1
            new_start += 1
        while (
            old_start < old_stop and new_start < new_stop and old[old_stop - 1] == new[new_stop - 1]
        ):
            old_stop -= 1
            new_stop -= 1
            carried[old_stop] = new_stop
        if depth == _DEEPEST:
            continue
        fixed = _fixed_points(
            old[old_start:old_stop], new[new_start:new_stop], old_start, new_start
        )
        for left, right in fixed:
            stretches.append((old_start, left, new_start, right, depth + 1))
            carried[left] = right
            old_start, new_start = left + 1, right + 1
        if fixed:
            stretches.append((old_start, old_stop, new_start, new_stop, depth + 1))
    taken = set(carried.tolist())
    before = -1
    for index in range(len(old)):
        if carried[index] < 0:
            line = before + 1
            if line < len(new) and line not in taken:
                if is_without_types(old_lines[index], new_lines[line]):
                    carried[index] = line
                before = line
        else:
            before = int(carried[index])
    return carried


def is_without_types(text: str, line: str) -> bool:
    """Whether a text is a line of TypeScript in which Node has put spaces over the types."""
    text, line = text.rstrip(), line.rstrip()
    if len(text) > len(line) or not text.strip() or text == line:
        return False
    added = line[len(text) :]
    if added and not _TYPE.match(added):
        return False
    # A type is at least a colon and a letter, so there is never one space alone.
    return all(
        was == now or (was == " " and text[max(0, index - 1) : index + 2].count(" ") > 1)
        for index, (was, now) in enumerate(zip(text, line, strict=False))
    )


def _fixed_points(
    old: Sequence[int], new: Sequence[int], old_start: int, new_start: int
) -> list[tuple[int, int]]:
    """The longest rising run of the lines that stand exactly once in both."""
    old_places = _places_of_single_lines(old)
    new_places = _places_of_single_lines(new)
    pairs = [(place, new_places[line]) for line, place in old_places.items() if line in new_places]
    pairs.sort()
    return [(old_start + left, new_start + right) for left, right in _longest_rising(pairs)]


def _places_of_single_lines(lines: Sequence[int]) -> dict[int, int]:
    places: dict[int, int] = {}
    repeated: set[int] = set()
    for place, line in enumerate(lines):
        if line in places:
            repeated.add(line)
        places[line] = place
    return {line: place for line, place in places.items() if line not in repeated}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Longest subsequence with rising second numbers, by patience sorting."""
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            top_pairs.append(index)
        else:
            tops[pile] = place
            top_pairs[pile] = index
    chain: list[tuple[int, int]] = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
