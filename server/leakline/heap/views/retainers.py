"""Why an object is alive: the paths that hold it, shortest first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np

from leakline.heap.graph import Graph
from leakline.heap.retention import NO_DISTANCE, SYSTEM_DISTANCE

MOST_STEPS = 300
"""Nodes looked at before the search gives up on finding more paths: some 20 ms."""

_FEW = 12
"""Retainers up to which a plain loop beats numpy's start-up costs."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One edge of a path.

    Attributes:
        node: The node that holds the one before.
        edge: Its edge to that one.
    """

    node: int
    edge: int


@dataclass(frozen=True, slots=True)
class RetainerPath:
    """One path from an object to a root.

    Attributes:
        hops: From the object outwards; the last one's node is the root, unless cut.
        cut: Whether the path goes on beyond the last hop.
    """

    hops: tuple[Hop, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A place of the search, with the way back to the object."""

    node: int
    edge: int
    length: int
    before: _Step | None


def retainer_paths(
    graph: Graph, node: int, *, limit: int, longest: int
) -> tuple[RetainerPath, ...]:
    """Find the paths from a node to the roots, shortest first; no two with the same nodes.

    A search from the node backwards that is led by the distances, so that it goes straight to
    a root (A*, Hart, Nilsson, Raphael 1968). Weak edges hold nothing. Edges that DevTools'
    distances leave out, such as from a WeakMap to its values, are left out here too. Where the
    user's roots lead to the node, paths from V8's own roots are left out; else there are only
    these. Where many paths run in rings, those that are found in :data:`MOST_STEPS` are given.

    Args:
        graph: The heap.
        node: Ordinal of the object.
        limit: Most paths to give.
        longest: Most hops of a path; longer ones are cut.
    """
    found: list[RetainerPath] = []
    order = count()
    waiting: list[tuple[int, int, int, _Step]] = []
    heapq.heappush(waiting, (0, 0, next(order), _Step(node, -1, 0, None)))
    for _ in range(MOST_STEPS):
        if not waiting or len(found) >= limit:
            break
        step = heapq.heappop(waiting)[-1]
        if step.length and (step.node == 0 or step.length >= longest):
            found.append(RetainerPath(_hops(step), cut=step.node != 0))
            continue
        for cost, retainer, edge in _retainers(graph, step, limit):
            after = _Step(retainer, edge, step.length + 1, step)
            # Of two equally short ways the one nearer to its end goes on.
            heapq.heappush(waiting, (after.length + cost, -after.length, next(order), after))
    return tuple(found)


def _retainers(graph: Graph, step: _Step, limit: int) -> list[tuple[int, int, int]]:
    """The nodes that hold a node, nearest to a root first: distance, node, edge."""
    rows = graph.retainers_of(step.node)
    own = slice(rows.start, rows.stop)
    nodes, edges = graph.retainer_node[own], graph.retainer_edge[own]
    distance, kinds = graph.distance[nodes], graph.edge_type[edges]
    weak, here = graph.meta.edge_type("weak"), int(graph.distance[step.node])
    on_path = set()
    at: _Step | None = step
    while at is not None:
        on_path.add(at.node)
        at = at.before
    if nodes.size > _FEW:
        # What the user's roots reach is not looked for from V8's own.
        kept = (kinds != weak) & (distance >= np.where(nodes == 0, NO_DISTANCE, max(here - 1, 0)))
        if here < SYSTEM_DISTANCE:
            kept &= (distance < SYSTEM_DISTANCE) | (nodes == 0)
        # A node with two edges to this one counts once; rows rise by node.
        kept = np.flatnonzero(kept)
        kept = kept[np.append(True, nodes[kept[1:]] != nodes[kept[:-1]])] if kept.size else kept
        # Those on the path already would close a ring; there are no more of them than its length.
        wanted = limit + len(on_path)
        if kept.size > wanted:
            near = np.argpartition(np.where(nodes[kept] == 0, 0, distance[kept]), wanted)[:wanted]
            kept = kept[np.sort(near)]
        nodes, edges, distance, kinds = nodes[kept], edges[kept], distance[kept], kinds[kept]
    found: dict[int, tuple[int, int, int]] = {}
    for node, edge, far, kind in zip(
        nodes.tolist(), edges.tolist(), distance.tolist(), kinds.tolist(), strict=True
    ):
        if kind == weak or node in on_path or node in found:
            continue
        if node == 0:
            if here in (1, SYSTEM_DISTANCE + 1) or here < 0:
                found[node] = (0, node, edge)
        elif far >= max(here - 1, 0) and (far < SYSTEM_DISTANCE or here >= SYSTEM_DISTANCE):
            found[node] = (far, node, edge)
    return list(found.values())


def _hops(step: _Step) -> tuple[Hop, ...]:
    hops = []
    at = step
    while at.before is not None:
        hops.append(Hop(at.node, at.edge))
        at = at.before
    return tuple(reversed(hops))
