"""The trees: what contains what, what keeps what alive, and what holds an object."""

from __future__ import annotations

from typing import Any

import numpy as np

from leakline.heap import views
from leakline.report.heap_rows import HeapRows
from leakline.worker.heaps import rows
from leakline.worker.heaps.arguments import Arguments
from leakline.worker.heaps.loaded import LoadedSnapshot, Order

LONGEST_PATH = 50
_TREEMAP_DEPTH = 3
_TREEMAP_CELLS = 400
_FAR = np.iinfo(np.int64).max


def containment(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """What an object, or the root, points to: largest retained size first."""
    graph, node = loaded.graph, _start(loaded, arguments)

    def make() -> Order:
        edges = np.array(graph.edges_of(node), np.int64)
        return edges[np.argsort(-graph.retained_size[graph.edge_to[edges]], kind="stable")]

    edges = loaded.order(("containment", node), make)
    return {
        "total": int(edges.size),
        "rows": [
            {
                **rows.edge(graph, edge),
                **rows.node(graph, int(graph.edge_to[edge]), shown),
                "children": len(graph.edges_of(int(graph.edge_to[edge]))),
            }
            for edge in arguments.page.of(edges)
        ],
    }


def dominators(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """What an object, or the root, alone keeps alive: largest retained size first."""
    graph, node = loaded.graph, _start(loaded, arguments)
    first = graph.first_dominated

    def make() -> Order:
        nodes = graph.dominated[int(first[node]) : int(first[node + 1])].astype(np.int64)
        return nodes[np.argsort(-graph.retained_size[nodes], kind="stable")]

    nodes = loaded.order(("dominators", node), make)
    return {
        "total": int(nodes.size),
        "rows": [
            {**rows.node(graph, one, shown), "children": int(first[one + 1]) - int(first[one])}
            for one in arguments.page.of(nodes)
        ],
    }


def treemap(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """The largest of the tree of dominators below an object or the root, in depth-first order."""
    tree = views.dominator_tree(
        loaded.graph, _start(loaded, arguments), depth=_TREEMAP_DEPTH, limit=_TREEMAP_CELLS
    )
    return {"tree": [rows.branch(branch, shown) for branch in tree]}


def retainers(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """What holds an object: first the next step of the shortest path, then by distance.

    Weak edges hold nothing and are left out.
    """
    graph, node = loaded.graph, loaded.node(arguments.number("id"))

    def make() -> Order:
        held = graph.retainers_of(node)
        # The columns are int32; a row of them stands for both the holder and its edge.
        places = np.arange(held.start, held.stop, dtype=np.int64)
        edges = graph.retainer_edge[places]
        kept = (graph.edge_type[edges] != graph.meta.edge_type("weak")) & (
            graph.retainer_node[places] != node
        )
        places = places[kept]
        holders, edges = graph.retainer_node[places], graph.retainer_edge[places]
        distance = graph.distance[holders].astype(np.int64)
        distance[distance < 0] = _FAR
        paths = views.retainer_paths(graph, node, limit=1, longest=LONGEST_PATH)
        if paths and paths[0].hops:
            distance[edges == paths[0].hops[0].edge] = -1
        ordered: Order = places[np.argsort(distance, kind="stable")]
        return ordered

    places = loaded.order(("retainers", node), make)
    return {
        "total": int(places.size),
        "rows": [
            {
                **rows.edge(graph, int(graph.retainer_edge[place])),
                **rows.node(graph, holder := int(graph.retainer_node[place]), shown),
                "children": 0 if holder == 0 else len(graph.retainers_of(holder)),
            }
            for place in arguments.page.of(places)
        ],
    }


def _start(loaded: LoadedSnapshot, arguments: Arguments) -> int:
    object_id = arguments.optional_number("id")
    return 0 if object_id is None else loaded.node(object_id)
