"""One node as a person or a program wants it listed."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.heap.graph import Graph
from leakline.heap.places import Location
from leakline.heap.retention import user_distance

STRING_TYPES = frozenset({"string", "concatenated string", "sliced string"})
VALUE_TYPES = STRING_TYPES | {"number", "bigint", "heap number", "symbol", "regexp", "native"}
"""Node types whose name is a value of the program, which may be a secret.

The name of a native node may hold an element's attributes; its class leaves them out.
"""

_OWN_NAMES = frozenset({"hidden", "code", "array", "object shape", "synthetic"})


@dataclass(frozen=True, slots=True)
class NodeRow:
    """What every list shows of a node.

    Attributes:
        node: Its ordinal.
        id: V8's object id.
        type: Its type, such as ``closure``.
        name: Its name as V8 wrote it; for :data:`VALUE_TYPES` a value of the program.
        class_name: Its constructor.
        shallow_size: Bytes.
        retained_size: Bytes.
        distance: From the user's roots; None where only V8's own roots lead there, or nothing.
        location: Where its function or constructor was written; None where unknown.
    """

    node: int
    id: int
    type: str
    name: str
    class_name: str
    shallow_size: int
    retained_size: int
    distance: int | None
    location: Location | None

    @property
    def is_value(self) -> bool:
        """Whether the name is a value of the program."""
        return self.type in VALUE_TYPES

    @property
    def label(self) -> str:
        """What to call it without showing a value of the program."""
        if self.type == "closure":
            return f"{self.name}()"
        if self.type in _OWN_NAMES:
            return self.name or f"({self.type})"
        # A class name leaves out what an element's name has: its attributes.
        return self.class_name


def node_row(graph: Graph, node: int) -> NodeRow:
    """Describe a node."""
    classes = graph.classes
    return NodeRow(
        node=node,
        id=int(graph.node_id[node]),
        type=graph.node_type_name(node),
        name=graph.node_name_of(node),
        class_name=classes.keys[classes.class_of[node]].name,
        shallow_size=int(graph.shallow_size[node]),
        retained_size=int(graph.retained_size[node]),
        distance=user_distance(int(graph.distance[node])),
        location=graph.locations.of(node),
    )
