"""What `leakline heap` prints: text tables, or JSON, of what a heap answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leakline.report.heap_rows import HeapRows, well_formed_data
from leakline.untrusted import visible

if TYPE_CHECKING:
    from leakline.heap import ClassKey, Location
    from leakline.heap.views import StringRow

WIDEST = 80
"""Characters of a cell."""


@dataclass(frozen=True, slots=True)
class Shown(HeapRows):
    """How names and values of the program are shown to people; see :class:`HeapRows`."""

    def place(self, location: Location | None) -> str:
        """A place as people write it: line and column from 1."""
        if location is None:
            return ""
        script = self.scripts.get(location.script_id) or f"script {location.script_id}"
        return f"{script}:{location.line + 1}:{location.column + 1}"

    def class_name(self, key: ClassKey) -> str:
        """A constructor with its place, where it has one."""
        return f"{key.name}  {self.place(key.location)}" if key.location else key.name

    def text(self, row: StringRow) -> str:
        """A string: its beginning where values are shown, else its length."""
        if self.values:
            return json.dumps(row.text, ensure_ascii=False)
        length = len(row.text)
        return f"({length:,} characters{' or more' if row.is_cut else ''})"


Column = tuple[str, Callable[[Any], object]]
"""A heading and what stands below it; numbers are aligned to the right."""


def table(rows: Sequence[Any], columns: Sequence[Column], nothing: str) -> str:
    """Rows under headings, numbers first; ``nothing`` where there are none."""
    if not rows:
        return f"{nothing}\n"
    cells = [[heading for heading, _ in columns]]
    cells += [[cell(value(row)) for _, value in columns] for row in rows]
    right = [_is_number(value(rows[0])) for _, value in columns]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    lines = []
    for line in cells:
        parts = [
            f"{text:>{width}}" if to_right else f"{text:<{width}}"
            for text, width, to_right in zip(line, widths, right, strict=True)
        ]
        lines.append("  ".join(parts).rstrip() + "\n")
    return "".join(lines)


def cell(value: object) -> str:
    """A value on one line, nothing in it that steers a terminal, and not too long."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    indent = text[: len(text) - len(text.lstrip(" "))]
    shown = visible(text[len(indent) : len(indent) + 2 * WIDEST])
    return indent + (shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…")


def signed(number: int) -> str:
    """A change: ``+1,234``, ``-5``, ``0``."""
    return f"{number:+,}" if number else "0"


def as_json(data: object) -> str:
    """Data for programs, one object."""
    return json.dumps(well_formed_data(data), indent=2, ensure_ascii=False) + "\n"


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(value) and value.lstrip("+-").replace(",", "").isdigit()
    return value is None or isinstance(value, int)
