"""The same long string many times below one slot."""

from __future__ import annotations

from functools import partial

import numpy as np

from leakline.attribution.slots import Slots
from leakline.leaks.figures import format_bytes
from leakline.leaks.holders import Holder, find_holders, large_limit
from leakline.leaks.information import information
from leakline.leaks.model import Finding
from leakline.leaks.series import Series

CODE = "duplicate-strings"

# Shorter strings cost little more than the pointer that a shared one would need.
MIN_LENGTH = 32

# V8 cuts names off at this length: of longer strings it is not known whether they are the same.
MAX_LENGTH = 1024


def detect(series: Series) -> list[Finding]:
    """Findings for the slots that hold the most copies, by bytes, largest first."""
    slots = series.newest
    nodes = repeated_strings(slots)
    sizes = slots.graph.self_size[nodes]
    limit = large_limit(slots.graph)
    holders = find_holders(slots, nodes, sizes, limit=limit, least_retained=limit)
    found = map(partial(_finding, series, nodes), holders)
    return [finding for finding in found if finding is not None]


def repeated_strings(slots: Slots) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Ordinals, int64, of the long strings that the heap has more than once."""
    graph = slots.graph
    is_string = graph.node_type == graph.meta.node_type("string")
    nodes = np.flatnonzero(is_string & (graph.self_size >= MIN_LENGTH))
    names, row, copies = np.unique(graph.node_name[nodes], return_inverse=True, return_counts=True)
    repeated = copies > 1
    for index in np.flatnonzero(repeated):
        repeated[index] = MIN_LENGTH <= len(graph.string(int(names[index]))) < MAX_LENGTH
    return nodes[repeated[row]]


def _finding(
    series: Series, nodes: np.ndarray[tuple[int], np.dtype[np.int64]], holder: Holder
) -> Finding | None:
    graph = series.newest.graph
    mine = nodes[holder.rows]
    _, first, copies = np.unique(graph.node_name[mine], return_index=True, return_counts=True)
    wasted = holder.weight - int(graph.self_size[mine[first]].sum())
    located = series.locate(holder.path) if wasted >= large_limit(graph) else None
    if located is None:
        return None
    different = len(copies)
    strings = "one string" if different == 1 else f"{different:,} strings"
    message = (
        f"{located.kind.value} `{located.name}` holds {int(copies.sum()):,} copies of {strings}: "
        f"{format_bytes(wasted)} more than one of each would take"
    )
    return information(series, CODE, holder.path, located, message)
