"""What a snapshot says about its own format.

V8 writes the names of its record fields into ``snapshot.meta``. Their number and order differ
from version to version, so that nothing here or elsewhere counts on a position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leakline.errors import SnapshotError

MOST_FIELDS = 64
"""More fields than any record has; a larger number is a broken file."""

MOST_TYPES = 256
"""Types are kept in one byte."""

NUMBERED = frozenset({"element", "hidden"})
"""Edge types whose edges have a number in place of a name."""


@dataclass(frozen=True, slots=True)
class Meta:
    """The format of one snapshot, and what its header claims.

    Attributes:
        node_fields: Names of the numbers of a node, in order.
        node_types: Names of the node types.
        edge_fields: Names of the numbers of an edge.
        edge_types: Names of the edge types.
        tables: Field names of the flat tables by section name; no entry where the format has
            no such table.
        node_count: Nodes that the header claims; None where it claims nothing.
        edge_count: The same for edges.
        extra_native_bytes: Bytes outside the heap that V8 counts to its total.
    """

    node_fields: tuple[str, ...]
    node_types: tuple[str, ...]
    edge_fields: tuple[str, ...]
    edge_types: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]
    node_count: int | None
    edge_count: int | None
    extra_native_bytes: int

    def edge_type(self, name: str) -> int:
        """Give the number of an edge type, -1 where the format has none of that name."""
        return self.edge_types.index(name) if name in self.edge_types else -1

    def node_type(self, name: str) -> int:
        """Give the number of a node type, -1 where the format has none of that name."""
        return self.node_types.index(name) if name in self.node_types else -1


LARGEST = 2**53
"""JavaScript's largest whole number: a larger count is a broken file."""

_TABLES = {
    "trace_function_infos": "trace_function_info_fields",
    "trace_tree": "trace_node_fields",
    "samples": "sample_fields",
    "locations": "location_fields",
    "scopes": "scope_fields",
    "scope_context_vars": "scope_context_var_fields",
    "scope_uses": "scope_use_fields",
}


def read_meta(header: object, name: str) -> Meta:
    """Read the ``snapshot`` object of a file.

    Args:
        header: The object, as JSON gives it.
        name: The file's name for errors.

    Raises:
        SnapshotError: A field is missing or of a wrong kind.
    """
    meta = header.get("meta") if isinstance(header, dict) else None
    if not isinstance(header, dict) or not isinstance(meta, dict):
        raise SnapshotError(f'{name}: its header has no "meta"', "it is not a heap snapshot")
    node_fields = _names(meta, "node_fields", name)
    edge_fields = _names(meta, "edge_fields", name)
    for field in ("type", "name", "id", "self_size", "edge_count"):
        if field not in node_fields:
            raise SnapshotError(f'{name}: its "node_fields" lack "{field}"')
    for field in ("type", "name_or_index", "to_node"):
        if field not in edge_fields:
            raise SnapshotError(f'{name}: its "edge_fields" lack "{field}"')
    return Meta(
        node_fields=node_fields,
        node_types=_types(meta, "node_types", node_fields.index("type"), name),
        edge_fields=edge_fields,
        edge_types=_types(meta, "edge_types", edge_fields.index("type"), name),
        tables={
            section: _names(meta, fields, name)
            for section, fields in _TABLES.items()
            if meta.get(fields)
        },
        node_count=_count(header, "node_count", name),
        edge_count=_count(header, "edge_count", name),
        extra_native_bytes=_count(header, "extra_native_bytes", name) or 0,
    )


def _names(meta: dict[str, object], key: str, name: str) -> tuple[str, ...]:
    names = meta.get(key)
    if (
        not isinstance(names, list)
        or not 0 < len(names) <= MOST_FIELDS
        or not all(isinstance(field, str) for field in names)
        or len(set(names)) != len(names)
    ):
        raise SnapshotError(f'{name}: its "{key}" are no list of different names')
    return tuple(names)


def _types(meta: dict[str, object], key: str, position: int, name: str) -> tuple[str, ...]:
    kinds = meta.get(key)
    types = kinds[position] if isinstance(kinds, list) and len(kinds) > position else None
    if (
        not isinstance(types, list)
        or not 0 < len(types) <= MOST_TYPES
        or not all(isinstance(kind, str) for kind in types)
    ):
        raise SnapshotError(f'{name}: its "{key}" name no types')
    return tuple(types)


def _count(header: dict[str, object], key: str, name: str) -> int | None:
    count = header.get(key)
    if count is None:
        return None
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= LARGEST:
        raise SnapshotError(f'{name}: its "{key}" is {_short(count)}, not a count')
    return count


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, (int, float, bool)) else type(value).__name__
    return text if len(text) <= 24 else text[:21] + "..."
