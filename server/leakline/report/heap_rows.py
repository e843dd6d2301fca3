"""What a heap answers, as JSON: one form for ``leakline heap`` and for the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from leakline.heap import user_distance
from leakline.untrusted import well_formed

if TYPE_CHECKING:
    from leakline.heap import ClassKey, ClassTotal, Location
    from leakline.heap.views import (
        Branch,
        ClassChange,
        NodeRow,
        Statistics,
        StringRow,
        Variable,
    )


@dataclass(frozen=True, slots=True)
class HeapRows:
    """Makes rows of a snapshot.

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

    def node_data(self, row: NodeRow) -> dict[str, Any]:
        """A node; ``name`` is null where it is a value not to be shown."""
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
        """A place; line and column from 0."""
        if location is None:
            return None
        return {
            "scriptId": location.script_id,
            "url": self.scripts.get(location.script_id),
            "line": location.line,
            "column": location.column,
        }

    def class_data(self, key: ClassKey) -> dict[str, Any]:
        """A constructor."""
        return {"className": key.name, "location": self.place_data(key.location)}

    def total_data(self, total: ClassTotal) -> dict[str, Any]:
        """A constructor with its sums."""
        return {
            **self.class_data(total.key),
            "count": total.count,
            "shallowSize": total.shallow_size,
            "retainedSize": total.retained_size,
            "distance": user_distance(total.distance),
        }

    def change_data(self, change: ClassChange) -> dict[str, Any]:
        """A constructor with what came and went."""
        return {
            **self.class_data(change.key),
            "new": change.new,
            "deleted": change.deleted,
            "delta": change.delta,
            "newSize": change.new_size,
            "deletedSize": change.deleted_size,
            "sizeDelta": change.size_delta,
        }

    def string_data(self, row: StringRow) -> dict[str, Any]:
        """A string; ``text`` is null where values are not to be shown."""
        return {
            "id": row.id,
            "text": row.text if self.values else None,
            "length": len(row.text),
            "cut": row.is_cut,
            "count": row.count,
            "shallowSize": row.shallow_size,
            "wasted": row.wasted,
        }

    def variable_data(self, variable: Variable, *, unused: bool | None) -> dict[str, Any]:
        """A captured variable; ``unused`` is null where nobody can tell."""
        return {
            "name": variable.name,
            "value": self.node_data(variable.value),
            "unused": unused,
        }

    def branch_data(self, branch: Branch) -> dict[str, Any]:
        """A line of a tree."""
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


def statistics_data(statistics: Statistics) -> dict[str, Any]:
    """The kinds of memory, in bytes."""
    return {_camel(key): value for key, value in asdict(statistics).items()}


def well_formed_data(data: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON whose strings can be written as UTF-8: a heap's may hold half characters."""
    if isinstance(data, str):
        return well_formed(data)
    if isinstance(data, dict):
        return {key: well_formed_data(value) for key, value in data.items()}
    if isinstance(data, list):
        return [well_formed_data(value) for value in data]
    return data


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
