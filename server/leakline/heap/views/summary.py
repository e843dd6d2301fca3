"""Objects by constructor: DevTools' Summary."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakline.heap.graph import Graph
from leakline.heap.sums import ClassTotal
from leakline.heap.views.nodes import NodeRow, node_row
from leakline.heap.views.selection import largest


def summary(graph: Graph, limit: int) -> tuple[ClassTotal, ...]:
    """Give the constructors, largest retained size first."""
    return graph.class_totals[:limit]


def objects_of(graph: Graph, class_name: str, limit: int) -> tuple[NodeRow, ...]:
    """Give the objects of a constructor, largest retained size first.

    Args:
        graph: The heap.
        class_name: A constructor's name as :func:`summary` has it; where several constructors
            share it, the objects of all.
        limit: Most objects to give.
    """
    nodes = np.flatnonzero(nodes_of_class(graph, class_name))
    return tuple(node_row(graph, node) for node in largest(graph.retained_size, nodes, limit))


def nodes_of_class(graph: Graph, class_name: str) -> NDArray[np.bool_]:
    """Say of each node whether it has a size and a constructor of that name."""
    named = np.array([key.name == class_name for key in graph.classes.keys], np.bool_)
    chosen: NDArray[np.bool_] = named[graph.class_of] & (graph.shallow_size != 0)
    return chosen
