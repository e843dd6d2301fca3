"""Nodes of a page that are no longer in its DOM and still alive."""

from __future__ import annotations

import numpy as np

from leakline.heap.detachedness import DETACHED
from leakline.heap.graph import Graph
from leakline.heap.views.nodes import NodeRow, node_row
from leakline.heap.views.selection import largest


def detached_nodes(graph: Graph, limit: int) -> tuple[NodeRow, ...]:
    """Give the detached nodes, largest retained size first, as Chrome DevTools tells them."""
    native = graph.node_type == graph.meta.node_type("native")
    nodes = np.flatnonzero(native & (graph.detachedness == DETACHED))
    return tuple(node_row(graph, node) for node in largest(graph.retained_size, nodes, limit))
