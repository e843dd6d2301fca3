"""A short string that keeps the long one it was cut from.

V8 cuts a part of 13 characters or more out of a string without copying: the part is a *sliced
string*, a pointer into its parent, and keeps all of it
(``String::SlicedString::kMinLength`` in V8's ``src/objects/string.h``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from leakline.attribution.slots import Slots
from leakline.heap import Graph
from leakline.leaks.detectors import growing_variable
from leakline.leaks.explained import Part, explain_growth, recoded
from leakline.leaks.figures import format_bytes
from leakline.leaks.grown import Growth
from leakline.leaks.holders import Holder, find_holders, large_limit
from leakline.leaks.information import information
from leakline.leaks.model import Finding
from leakline.leaks.series import Series

CODE = "sliced-string"

# A parent counts when its slices together make up less than this share of it.
MAX_USED_SHARE = 0.5

# V8 cuts names off at this length: of a longer slice the length is not known.
MAX_KNOWN_LENGTH = 1024


def explain(series: Series, growing: Sequence[Growth]) -> tuple[list[Finding], list[Growth]]:
    """Tells of the growths that consist of strings kept for short parts of them.

    Args:
        series: At least two snapshots.
        growing: The slots that grow.

    Returns:
        The findings, and the growths that are left.
    """
    explained, left = explain_growth(series, growing, unused_parents)
    found = [
        recoded(finding, CODE, f"{finding.message}; {_in_words(each.size)}")
        for each in explained
        for finding in growing_variable.detect(series, [each.growth])
    ]
    return found, left


def detect(series: Series) -> list[Finding]:
    """Findings for the slots that keep much in such strings, largest first."""
    slots = series.newest
    nodes, sizes = unused_parents(slots)
    limit = large_limit(slots.graph)
    holders = find_holders(slots, nodes, sizes, limit=limit, least_retained=limit)
    found = map(partial(_finding, series), holders)
    return [finding for finding in found if finding is not None]


def unused_parents(slots: Slots) -> Part:
    """The parents that only short slices keep, and the bytes that no slice needs."""
    graph = slots.graph
    edges = graph.find_edges_named("parent", "internal")
    sources = graph.edge_sources(edges)
    is_slice = graph.node_type[sources] == graph.meta.node_type("sliced string")
    slices, targets = sources[is_slice], graph.edge_to[edges[is_slice]].astype(np.int64)
    parents, row, uses = np.unique(targets, return_inverse=True, return_counts=True)
    retainers = graph.first_retainer[parents + 1] - graph.first_retainer[parents]
    # What something else holds too would stay without the slices.
    only_slices = retainers == uses
    large = graph.self_size[parents] > MAX_KNOWN_LENGTH // 8
    wanted = only_slices & large
    used = np.zeros(parents.size, dtype=np.int64)
    chosen = wanted[row]
    np.add.at(used, row[chosen], _lengths(graph, slices[chosen]))
    size = graph.self_size[parents]
    short = wanted & (used < MAX_USED_SHARE * size)
    return parents[short], (size - used)[short]


def _lengths(
    graph: Graph, slices: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The slices' lengths in characters; a length that is not known is taken for very long."""
    names, row = np.unique(graph.node_name[slices], return_inverse=True)
    lengths = np.array([len(graph.string(int(name))) for name in names], dtype=np.int64)
    lengths[lengths >= MAX_KNOWN_LENGTH] = 1 << 40
    return lengths[row]


def _in_words(size: int) -> str:
    return f"{format_bytes(size)} of it are long strings kept for short parts of them"


def _finding(series: Series, holder: Holder) -> Finding | None:
    located = series.locate(holder.path)
    if located is None:
        return None
    size = int(series.newest.graph.retained_size[holder.value])
    message = (
        f"{located.kind.value} `{located.name}` keeps {format_bytes(size)}; "
        f"{_in_words(holder.weight)}"
    )
    return information(series, CODE, holder.path, located, message)
