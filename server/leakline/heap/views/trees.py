"""The heap as a tree: by dominators, or by what contains what."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from leakline.heap.graph import Graph
from leakline.heap.views.nodes import NodeRow, node_row
from leakline.heap.views.selection import largest

_Child = tuple[int, int | None]
"""A node, and the edge that leads to it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a tree.

    Attributes:
        depth: 0 for the node that the tree begins with.
        edge: The edge from its parent; None in a tree of dominators.
        edge_name: The edge's name or number; None where there is no edge.
        edge_type: The edge's type; empty where there is no edge.
        row: The node.
        children: How many nodes are below it, shown or not.
    """

    depth: int
    edge: int | None
    edge_name: str | int | None
    edge_type: str
    row: NodeRow
    children: int


def dominator_tree(graph: Graph, node: int, *, depth: int, limit: int) -> tuple[Branch, ...]:
    """Give what a node alone keeps alive, and what that keeps alive: the largest of it.

    Args:
        graph: The heap.
        node: Where to begin; 0 is the root.
        depth: Levels below it.
        limit: Most lines. The largest nodes are taken, wherever in the tree they are.
    """

    def children(parent: int) -> list[_Child]:
        begin, end = int(graph.first_dominated[parent]), int(graph.first_dominated[parent + 1])
        nodes = graph.dominated[begin:end]
        return [(child, None) for child in largest(graph.retained_size, nodes, limit)]

    def count(parent: int) -> int:
        return int(graph.first_dominated[parent + 1]) - int(graph.first_dominated[parent])

    return _tree(graph, node, depth, limit, children, count)


def containment_tree(graph: Graph, node: int, *, depth: int, limit: int) -> tuple[Branch, ...]:
    """Give what a node points to, and what that points to, largest retained size first.

    Args:
        graph: The heap.
        node: Where to begin; 0 is the root.
        depth: Levels below it.
        limit: Most lines.
    """

    def children(parent: int) -> list[_Child]:
        edges = np.array(graph.edges_of(parent), np.int64)
        sizes = graph.retained_size[graph.edge_to[edges]]
        chosen = edges[largest(sizes, np.arange(edges.size), limit)]
        return [(int(graph.edge_to[edge]), int(edge)) for edge in chosen]

    return _tree(graph, node, depth, limit, children, lambda parent: len(graph.edges_of(parent)))


def _tree(
    graph: Graph,
    node: int,
    depth: int,
    limit: int,
    children: Callable[[int], Iterable[_Child]],
    count: Callable[[int], int],
) -> tuple[Branch, ...]:
    """Take nodes largest first, then put them below their parents in the order taken."""
    taken: list[Branch] = []
    below: dict[int, list[int]] = {}
    waiting: list[tuple[int, int, int, int | None, int, int]] = [(0, 0, node, None, 0, -1)]
    order = 0
    while waiting and len(taken) < limit:
        _, _, at, edge, level, parent = heapq.heappop(waiting)
        line = len(taken)
        below.setdefault(parent, []).append(line)
        taken.append(
            Branch(
                depth=level,
                edge=edge,
                edge_name=None if edge is None else graph.edge_name(edge),
                edge_type="" if edge is None else graph.edge_type_name(edge),
                row=node_row(graph, at),
                children=count(at),
            )
        )
        if level < depth:
            for child, via in children(at):
                order += 1
                size = int(graph.retained_size[child])
                heapq.heappush(waiting, (-size, order, child, via, level + 1, line))
    return tuple(taken[line] for line in _in_order(below))


def _in_order(below: dict[int, list[int]]) -> list[int]:
    lines: list[int] = []
    open_lines = list(reversed(below.get(-1, [])))
    while open_lines:
        line = open_lines.pop()
        lines.append(line)
        open_lines.extend(reversed(below.get(line, [])))
    return lines
