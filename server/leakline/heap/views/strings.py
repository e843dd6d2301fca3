"""Strings of the program that are there several times, and the longest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.heap.graph import Graph
from leakline.heap.views.selection import largest

CUT_AT = 1024
"""Characters of a string that ``v8.writeHeapSnapshot`` writes; an inspector gets them all."""


@dataclass(frozen=True, slots=True)
class StringRow:
    """One string, or several that are equal.

    Attributes:
        id: V8's object id of one of them.
        text: The string as V8 wrote it: a value of the program.
        count: How many there are.
        shallow_size: Bytes of all of them.
        wasted: Bytes of all but one.
    """

    id: int
    text: str
    count: int
    shallow_size: int
    wasted: int

    @property
    def is_cut(self) -> bool:
        """Whether the string may go on behind ``text``."""
        return len(self.text) == CUT_AT


def duplicate_strings(graph: Graph, limit: int) -> tuple[StringRow, ...]:
    """Give the strings that are there more than once, most wasted bytes first.

    Strings are equal here when V8 wrote the same text and the same size for them.
    """
    nodes = _strings(graph)
    if nodes.size == 0:
        return ()
    names, sizes = graph.node_name[nodes], graph.shallow_size[nodes]
    order = np.lexsort((sizes, names))
    names, sizes = names[order], sizes[order]
    new = np.ones(order.size, np.bool_)
    new[1:] = (names[1:] != names[:-1]) | (sizes[1:] != sizes[:-1])
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, order.size))
    wasted = (counts - 1) * sizes[starts]
    rows = []
    for group in largest(wasted, np.flatnonzero(counts > 1), limit):
        node = int(nodes[order[starts[group]]])
        size, many = int(sizes[starts[group]]), int(counts[group])
        rows.append(_row(graph, node, many, size * many, size * (many - 1)))
    return tuple(rows)


def longest_strings(graph: Graph, limit: int) -> tuple[StringRow, ...]:
    """Give the strings with the most bytes of their own."""
    found = largest(graph.shallow_size, _strings(graph), limit)
    return tuple(_row(graph, node, 1, int(graph.shallow_size[node]), 0) for node in found)


def _strings(graph: Graph) -> NDArray[np.int64]:
    """Strings with their own characters; the others are made of these."""
    return np.flatnonzero(graph.node_type == graph.meta.node_type("string"))


def _row(graph: Graph, node: int, count: int, size: int, wasted: int) -> StringRow:
    return StringRow(int(graph.node_id[node]), graph.node_name_of(node), count, size, wasted)
