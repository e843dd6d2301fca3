"""Carry places from the text that was analysed to the text as it is now.

Both texts are compared line by line each time, not edit by edit: so an undo, a branch
switched back, or a formatter that replaces the whole text ends where it should. Indentation
does not count as a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from leakline.positions import Position, Span

# Beyond this many lines on a side the comparison would be felt while typing.
_MOST_LINES = 4000


@dataclass(frozen=True, slots=True)
class CarriedSpan:
    """A span in the new text.

    Attributes:
        span: Where it is now; where its text is gone, the line that stands in its place.
        changed: Whether a line of it has another text now.
        gone: Whether its first line was deleted.
    """

    span: Span
    changed: bool
    gone: bool


class LineMap:
    """Where each line of an old text is in a new one."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old = old
        self._new = new
        self._blocks = _compare([line.strip() for line in old], [line.strip() for line in new])

    def carry(self, span: Span) -> CarriedSpan:
        """Carry a span of the old text."""
        first = self._carry_line(span.start.line)
        last = self._carry_line(span.end.line)
        if first.same and last.same and last.line - first.line == span.end.line - span.start.line:
            lines = range(span.start.line, span.end.line + 1)
            if all(self._carry_line(line).same for line in lines):
                return CarriedSpan(
                    Span(self._shift(span.start, first.line), self._shift(span.end, last.line)),
                    changed=False,
                    gone=False,
                )
        return CarriedSpan(self._whole_line(first.line), changed=True, gone=first.gone)

    def _carry_line(self, line: int) -> _CarriedLine:
        for tag, old_start, old_end, new_start, new_end in self._blocks:
            if old_start <= line < old_end:
                if tag == "equal":
                    return _CarriedLine(new_start + line - old_start, same=True, gone=False)
                if tag == "replace":
                    near = min(new_start + line - old_start, new_end - 1)
                    return _CarriedLine(near, same=False, gone=False)
                return _CarriedLine(new_start, same=False, gone=True)
        # Beyond the old text: nothing was known there.
        return _CarriedLine(line, same=False, gone=True)

    def _shift(self, position: Position, line: int) -> Position:
        old, new = self._old[position.line], self._new[line]
        moved = (len(new) - len(new.lstrip())) - (len(old) - len(old.lstrip()))
        return Position(line, max(0, position.column + moved))

    def _whole_line(self, line: int) -> Span:
        number = max(0, min(line, len(self._new) - 1))
        text = self._new[number]
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip().encode("utf-16-le")) // 2
        return Span(Position(number, min(start, end)), Position(number, end))


@dataclass(frozen=True, slots=True)
class _CarriedLine:
    line: int
    same: bool
    gone: bool


_Block = tuple[str, int, int, int, int]


def _compare(old: list[str], new: list[str]) -> list[_Block]:
    """Blocks of lines in the manner of ``SequenceMatcher.get_opcodes``."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    blocks: list[_Block] = [("equal", 0, head, 0, head)]
    if len(old_middle) > _MOST_LINES or len(new_middle) > _MOST_LINES:
        tag = "replace" if new_middle else "delete"
        blocks.append((tag, head, len(old) - tail, head, len(new) - tail))
    elif old_middle or new_middle:
        matcher = SequenceMatcher(None, old_middle, new_middle)
        blocks.extend(
            (tag, i1 + head, i2 + head, j1 + head, j2 + head)
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        )
    blocks.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return blocks
