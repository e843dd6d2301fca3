"""What the program's WeakMaps hold for an object: compiled private fields, above all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from leakline.attribution.contexts import Contexts
from leakline.heap import Graph

# The end of the name of an edge from a WeakMap's key to the value: the id of the table.
EPHEMERON = re.compile(r"pair in WeakMap \(table @(\d+)\)$")


class WeakMaps:
    """The WeakMaps in the variables of the user's scripts.

    Args:
        graph: The snapshot.
        contexts: The Contexts of the user's scripts in it.
    """

    def __init__(self, graph: Graph, contexts: Contexts) -> None:
        self._graph = graph
        self._contexts = contexts

    def entries(self, node: int) -> Iterator[tuple[str, int]]:
        """Names, ``#`` and the variable's, and values that the WeakMaps have for an object.

        V8 has an edge from the key to the value which names the WeakMap's table.
        """
        if not self._variables:
            return
        graph = self._graph
        internal = graph.meta.edge_type("internal")
        for edge in graph.edges_of(node):
            if graph.edge_type[edge] != internal:
                continue
            match = EPHEMERON.search(str(graph.edge_name(edge)))
            if match is not None and (name := self._variables.get(int(match[1]))) is not None:
                yield f"#{name}", int(graph.edge_to[edge])

    @cached_property
    def _variables(self) -> dict[int, str]:
        """By object id of a WeakMap's table the variable that holds the WeakMap."""
        graph = self._graph
        tables: dict[int, int] = {}
        for node in graph.nodes_named("WeakMap").tolist():
            table = graph.internal(node, "table")
            if table is not None:
                tables[node] = int(graph.node_id[table])
        found: dict[int, str] = {}
        for context in self._contexts.witnesses if tables else ():
            for name, value in self._contexts.slots(context).items():
                if value in tables:
                    found.setdefault(tables[value], name)
        return found
