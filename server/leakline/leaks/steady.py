"""Retained sizes that show what the program adds, and not what V8 does meanwhile.

Two things are taken out of the figures by which growth is judged: the jumps of tables (see
:mod:`leakline.leaks.capacity`), and what V8 compiles and learns of functions that were there
from the beginning. Code that the program itself makes anew, such as compiled templates, counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Slots
from leakline.heap import Graph
from leakline.leaks.capacity import table_corrections
from leakline.leaks.presence import Presence

# How many dominators upwards a correction is carried.
MAX_DEPTH = 500


class SteadySizes:
    """The sizes of a series for judging growth.

    Args:
        series: The slots of each snapshot of one isolate, oldest first.
        requests: Requests answered before each snapshot; None where nobody counted.
    """

    def __init__(self, series: Sequence[Slots], requests: Sequence[int | None]) -> None:
        self._series = series
        self._corrections: list[NDArray[np.int64]] = []
        if any(not slots.has_ids_of(series[-1]) for slots in series[:-1]):
            return
        tables = table_corrections(series, requests)
        known = Presence(series[0].graph)
        for slots, table in zip(series, tables, strict=True):
            self._corrections.append(_carried_up(slots.graph, table, _old_code(slots.graph, known)))

    def retained(self, snapshot: int, node: int) -> int:
        """A node's retained size in bytes.

        Args:
            snapshot: Which snapshot of the series.
            node: The node's ordinal in it.
        """
        size = int(self._series[snapshot].graph.retained_size[node])
        return size + int(self._corrections[snapshot][node]) if self._corrections else size


def _old_code(graph: Graph, known: Presence) -> NDArray[np.int64]:
    """Compiled code, feedback and shapes that belong to what was there in the first snapshot.

    Args:
        graph: A snapshot.
        known: The first snapshot's objects.
    """
    inner = np.isin(graph.node_type, _types(graph, "code", "object shape"))
    above = graph.dominator
    # Parts of code are hidden nodes; so are parts of objects, which count.
    inner |= np.isin(graph.node_type, _types(graph, "hidden")) & inner[above]
    code = np.flatnonzero(inner)
    owner = above[code].astype(np.int64)
    for _ in range(MAX_DEPTH):
        inside = inner[owner]
        if not inside.any():
            break
        owner = np.where(inside, above[owner], owner)
    return np.asarray(code[known.has(graph.node_id[owner])], dtype=np.int64)


def _types(graph: Graph, *names: str) -> list[int]:
    return [graph.node_type_names.index(name) for name in names if name in graph.node_type_names]


def _carried_up(
    graph: Graph, tables: Mapping[int, int], left_out: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Adds corrections to the nodes and to all that dominate them.

    Args:
        graph: A snapshot.
        tables: Ordinal -> bytes to add.
        left_out: Ordinals of nodes whose size is taken off.

    Returns:
        int64 per node, what to add to its retained size.
    """
    total = np.zeros(graph.node_count, dtype=np.int64)
    start = np.zeros(graph.node_count, dtype=np.int64)
    start[left_out] = -graph.self_size[left_out].astype(np.int64)
    for node, size in tables.items():
        start[node] += size
    nodes = np.flatnonzero(start)
    sizes = start[nodes]
    for _ in range(MAX_DEPTH):
        if not nodes.size:
            break
        total[nodes] += sizes
        nodes = nodes.astype(np.int64)
        above = graph.dominator[nodes].astype(np.int64)
        rises = above != nodes
        nodes, place = np.unique(above[rises], return_inverse=True)
        sizes = np.bincount(place, weights=sizes[rises], minlength=nodes.size).astype(np.int64)
    return total
