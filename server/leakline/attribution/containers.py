"""What an Array, a Map, a Set or an object like an array holds, and how much of it."""

from __future__ import annotations

import re

import numpy as np

from leakline.heap import Graph

CONTAINERS = frozenset({"Array", "Map", "Set", "WeakMap", "WeakSet"})

# Edges of a Map's table by which its entries are counted.
MAX_ENTRIES = 2000

# The name of such an edge; a longer number is none.
_PLACE = re.compile(r"[0-9]{1,9}")


class Containers:
    """The containers of one snapshot.

    Args:
        graph: The snapshot.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        map_name = graph.strings.index("map")
        self._map_name = -1 if map_name is None else map_name

    def elements(self, node: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The elements of an Array, Map, Set or array-like object.

        Returns:
            int64[k], the node ordinals of the elements (for a Map keys and values) in the
            container's order. Small integers have no node.
        """
        graph = self._graph
        edges = graph.edges_of(node)
        types = graph.edge_type[edges.start : edges.stop]
        is_element = types == edge_type(graph, "element")
        if is_element.any():
            targets = graph.edge_to[edges.start : edges.stop][is_element]
            return np.asarray(targets, dtype=np.int64)
        table = self._graph.internal(node, "table")
        if table is None:
            return np.empty(0, dtype=np.int64)
        inner = graph.edges_of(table)
        indexes = graph.edge_name_or_index[inner.start : inner.stop]
        keep = indexes != self._map_name
        weak = graph.edge_type[inner.start : inner.stop] == edge_type(graph, "weak")
        targets = graph.edge_to[inner.start : inner.stop][keep & ~weak]
        return np.asarray(targets, dtype=np.int64)

    def element_count(self, node: int) -> int | None:
        """How many elements a container holds: array elements, Map entries, Set values.

        Returns:
            None where the node is no container, or where it cannot be told.
        """
        name = self._graph.node_name_of(node)
        if self._graph.node_type_name(node) not in {"object", "array"}:
            return None
        count = len(self.elements(node))
        if name == "Map":
            return round(count / self._parts_seen(node))
        return count if count or name in {"Array", "Set"} else None

    def _parts_seen(self, node: int) -> float:
        """How many nodes an entry of a Map has on average: 1 to 2, judged by some of them.

        Keys and values that are small integers, booleans or undefined have none. V8 lays a
        table out as key, value, and a small integer that leads to the next entry of a bucket.
        """
        table = self._graph.internal(node, "table")
        if table is None:
            return 2
        edges = self._graph.edges_of(table)
        some = range(edges.start, min(edges.stop, edges.start + MAX_ENTRIES))
        names = (str(self._graph.edge_name(edge)) for edge in some)
        places = [int(name) for name in names if _PLACE.fullmatch(name)]
        if not places:
            return 2
        columns = {place % 3 for place in places}
        first = next((each for each in columns if (each + 2) % 3 not in columns), places[0])
        rows = [(place - first) // 3 for place in places]
        if len(edges) > len(some):
            # The last may be cut in two.
            rows = [row for row in rows if row != rows[-1]] or rows
        return len(rows) / len(set(rows))


def edge_type(graph: Graph, name: str) -> int:
    """The number of a type of edges; 255, which is none, where the snapshot has no such type."""
    names = graph.edge_type_names
    return names.index(name) if name in names else 255
