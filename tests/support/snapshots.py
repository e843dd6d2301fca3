"""Builds small heap snapshots by hand, for tests of single rules.

They stand beside tests on real snapshots, never in place of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

NODE_TYPES = [
    "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native",
    "synthetic", "concatenated string", "sliced string", "symbol", "bigint", "object shape",
]  # fmt: skip
EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]


@dataclass
class Node:
    """One node of a snapshot in the making."""

    type: str
    name: str
    id: int
    size: int
    edges: list[tuple[str, str | int, Node]] = field(default_factory=list)
    location: tuple[int, int, int] | None = None

    def edge(self, type_: str, name: str | int, to: Node) -> Node:
        """Adds an edge and gives the node that it leads to."""
        self.edges.append((type_, name, to))
        return to


class SnapshotBuilder:
    """A snapshot in the making; it begins with its root."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.root = self.node("synthetic", "", size=0)

    def node(self, type_: str, name: str, *, size: int = 16, id: int | None = None) -> Node:  # noqa: A002
        """Adds a node; ids are odd numbers as V8's are, given in order unless one is asked for."""
        node = Node(type_, name, id if id is not None else 2 * len(self.nodes) + 1, size)
        self.nodes.append(node)
        return node

    def build(self) -> bytes:
        """The snapshot as V8 writes it."""
        strings: dict[str, int] = {}

        def index(text: str) -> int:
            return strings.setdefault(text, len(strings))

        ordinal = {id(node): i for i, node in enumerate(self.nodes)}
        nodes: list[int] = []
        edges: list[int] = []
        locations: list[int] = []
        for node in self.nodes:
            nodes += [NODE_TYPES.index(node.type), index(node.name), node.id, node.size]
            nodes += [len(node.edges), 0]
            for type_, name, to in node.edges:
                key = name if type_ in {"element", "hidden"} else index(str(name))
                edges += [EDGE_TYPES.index(type_), int(key), ordinal[id(to)] * 6]
            if node.location is not None:
                locations += [ordinal[id(node)] * 6, *node.location]
        document = {
            "snapshot": {
                "meta": {
                    "node_fields": [
                        "type",
                        "name",
                        "id",
                        "self_size",
                        "edge_count",
                        "detachedness",
                    ],
                    "node_types": [NODE_TYPES, "string", "number", "number", "number", "number"],
                    "edge_fields": ["type", "name_or_index", "to_node"],
                    "edge_types": [EDGE_TYPES, "string_or_number", "node"],
                    "trace_function_info_fields": [],
                    "trace_node_fields": [],
                    "sample_fields": [],
                    "location_fields": ["object_index", "script_id", "line", "column"],
                },
                "node_count": len(self.nodes),
                "edge_count": len(edges) // 3,
                "trace_function_count": 0,
            },
            "nodes": nodes,
            "edges": edges,
            "trace_function_infos": [],
            "trace_tree": [],
            "samples": [],
            "locations": locations,
            "strings": list(strings),
        }
        return json.dumps(document).encode()
