"""What `leakline heap` prints: text tables, or JSON, of what a heap answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leakline.heap import ClassKey, Location
from leakline.heap.views import Branch, NodeRow, StringRow, Variable
from leakline.report.untrusted import visible, well_formed

WIDEST = 80
"""Characters of a cell."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How names and values of the program are shown.

    Attributes:
        values: Whether values of the program are shown: a heap holds secrets.
        scripts: URL of each script by id.
    """

    values: bool
    scripts: Mapping[int, str]

    def label(self, row: NodeRow) -> str:
        """What to call a node."""
        if row.is_value and self.values:
            return f'"{row.name}"' if "string" in row.type else row.name
        return row.label

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

    # ------------------------------------------------------------------ for programs

    def node_data(self, row: NodeRow) -> dict[str, Any]:
        """A node for programs; ``name`` is null where it is a value not to be shown."""
        return {
            "id": row.id,
            "type": row.type,
            "name": row.name if self.values or not row.is_value else None,
            "className": row.class_name,
            "shallowSize": row.shallow_size,
            "retainedSize": row.retained_size,
            "distance": row.distance,
            "location": self.place_data(row.location),
        }

    def place_data(self, location: Location | None) -> dict[str, Any] | None:
        """A place for programs; line and column from 0."""
        if location is None:
            return None
        return {
            "scriptId": location.script_id,
            "url": self.scripts.get(location.script_id),
            "line": location.line,
            "column": location.column,
        }

    def class_data(self, key: ClassKey) -> dict[str, Any]:
        """A constructor for programs."""
        return {"className": key.name, "location": self.place_data(key.location)}

    def string_data(self, row: StringRow) -> dict[str, Any]:
        """A string for programs; ``text`` is null where values are not to be shown."""
        return {
            "id": row.id,
            "text": row.text if self.values else None,
            "length": len(row.text),
            "cut": row.is_cut,
            "count": row.count,
            "shallowSize": row.shallow_size,
            "wasted": row.wasted,
        }

    def variable_data(self, variable: Variable) -> dict[str, Any]:
        """A captured variable for programs."""
        return {"name": variable.name, "value": self.node_data(variable.value)}

    def branch_data(self, branch: Branch) -> dict[str, Any]:
        """A line of a tree for programs."""
        edge = (
            {}
            if branch.edge is None
            else {"edgeName": branch.edge_name, "edgeType": branch.edge_type}
        )
        return {
            "depth": branch.depth,
            **edge,
            **self.node_data(branch.row),
            "children": branch.children,
        }


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
    return json.dumps(_well_formed(data), indent=2, ensure_ascii=False) + "\n"


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(value) and value.lstrip("+-").replace(",", "").isdigit()
    return value is None or isinstance(value, int)


def _well_formed(data: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(data, str):
        return well_formed(data)
    if isinstance(data, dict):
        return {key: _well_formed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_well_formed(value) for value in data]
    return data
