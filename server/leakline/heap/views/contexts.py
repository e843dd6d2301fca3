"""Scopes that closures keep alive, with the variables in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.heap.arrays import as_array
from leakline.heap.graph import Graph
from leakline.heap.places import Location
from leakline.heap.shapes import group_by_names
from leakline.heap.views.nodes import NodeRow, node_row
from leakline.heap.views.selection import largest

CONTEXT = "system / Context"


@dataclass(frozen=True, slots=True)
class Variable:
    """A captured variable in one scope.

    Attributes:
        name: Its name.
        value: Its value there.
    """

    name: str
    value: NodeRow


@dataclass(frozen=True, slots=True)
class ContextGroup:
    """Scopes of the same variables, used by functions of the same script.

    V8 writes no edge for a small integer, so that a scope which holds one seems to lack the
    variable.

    Attributes:
        variables: The captured variables with their values in the scope that retains most.
        example: V8's object id of that scope.
        used_by: Name of a function that uses that scope; empty where none is known.
        location: Where that function starts; None where none is known.
        count: How many such scopes there are.
        shallow_size: Bytes of their own.
        retained_size: Bytes that would go with all of them.
    """

    variables: tuple[Variable, ...]
    example: int
    used_by: str
    location: Location | None
    count: int
    shallow_size: int
    retained_size: int


def context_groups(graph: Graph, limit: int) -> tuple[ContextGroup, ...]:
    """Give the scopes that have named variables, largest retained size first."""
    kind = graph.meta.edge_type("context")
    nodes = _contexts(graph, kind)
    if nodes.size == 0:
        return ()
    witness = _witnesses(graph)
    shapes_of, _ = group_by_names(graph.figures.columns, kind, nodes.astype(np.int32))
    shape_of = as_array(shapes_of)
    scripts = np.zeros(graph.node_count, np.int64)
    scripts[graph.locations.node] = graph.locations.script_id
    script_of = np.where(witness[nodes] >= 0, scripts[witness[nodes]], 0)
    order = np.lexsort((script_of, shape_of))
    new = np.ones(order.size, np.bool_)
    shapes, of_script = shape_of[order], script_of[order]
    new[1:] = (shapes[1:] != shapes[:-1]) | (of_script[1:] != of_script[:-1])
    starts = np.append(np.flatnonzero(new), order.size)
    group_of = np.zeros(graph.node_count, np.int32)
    group_of[nodes[order]] = np.cumsum(new)
    sums = graph.own_sums_of(group_of, starts.size)
    retained = graph.retained_sums_of(group_of, starts.size)
    found = []
    for group in largest(retained, np.arange(1, starts.size), limit):
        members = nodes[order[starts[group - 1] : starts[group]]]
        node = int(members[np.argmax(graph.retained_size[members])])
        function = int(witness[node])
        found.append(
            ContextGroup(
                variables=_variables(graph, node, kind),
                example=int(graph.node_id[node]),
                used_by=graph.node_name_of(function) if function >= 0 else "",
                location=graph.locations.of(function) if function >= 0 else None,
                count=sums.count[group],
                shallow_size=sums.shallow[group],
                retained_size=int(retained[group]),
            )
        )
    return tuple(found)


def _contexts(graph: Graph, kind: int) -> NDArray[np.int64]:
    """The Contexts with at least one named variable."""
    edges = np.flatnonzero(graph.edge_type == kind)
    sources = np.zeros(graph.node_count, np.bool_)
    sources[graph.edge_sources(edges)] = True
    nodes = np.flatnonzero(sources)
    names = graph.node_name[nodes]
    is_context = np.zeros(len(graph.strings), np.bool_)
    is_context[names] = True
    used = np.flatnonzero(is_context)
    # V8 15 writes the number of the scope behind it.
    is_context[used] = [
        text == CONTEXT or text.startswith(f"{CONTEXT} / ")
        for text in graph.strings.texts(used.tolist())
    ]
    return nodes[is_context[names]]


def _witnesses(graph: Graph) -> NDArray[np.int64]:
    """Per node: a function whose scope it is and whose place is known, else -1."""
    edges = graph.find_edges_named("context", "internal")
    functions = graph.edge_sources(edges)
    placed = np.zeros(graph.node_count, np.bool_)
    placed[graph.locations.node] = True
    edges, functions = edges[placed[functions]], functions[placed[functions]]
    witness = np.full(graph.node_count, -1, np.int64)
    # Backwards, so that the first one stays.
    witness[graph.edge_to[edges[::-1]]] = functions[::-1]
    return witness


def _variables(graph: Graph, context: int, kind: int) -> tuple[Variable, ...]:
    return tuple(
        Variable(str(graph.edge_name(edge)), node_row(graph, int(graph.edge_to[edge])))
        for edge in graph.edges_of(context)
        if graph.edge_type[edge] == kind
    )
