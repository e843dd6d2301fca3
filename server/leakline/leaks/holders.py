"""Which slot holds certain objects of the heap.

An object is held by the nearest slot whose value dominates it: it would go if the slot were
emptied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slot_path import SlotPath
from leakline.attribution.slots import Slots
from leakline.config import LARGE_RETAINED_BYTES, LARGE_RETAINED_SHARE
from leakline.heap import Graph


@dataclass(frozen=True, slots=True)
class Holder:
    """A slot with what it holds of the objects asked for.

    Attributes:
        path: The slot.
        value: Its value's ordinal.
        rows: int64, which of the objects it holds, as indexes of what was asked for.
        weight: Their weights' sum.
    """

    path: SlotPath
    value: int
    rows: NDArray[np.int64]
    weight: int


def large_limit(graph: Graph) -> float:
    """Bytes from which on something is worth telling without growth, see ``large-retained``."""
    return max(LARGE_RETAINED_BYTES, LARGE_RETAINED_SHARE * graph.total_size)


def nearest_above(graph: Graph, roots: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int32]:
    """For each node the nearest of some nodes that dominates it, itself included.

    Returns:
        int32 per node: the ordinal of the root; -1 where none of them is above.
    """
    marked = np.zeros(graph.node_count, dtype=bool)
    marked[np.asarray(roots, dtype=np.int64)] = True
    ordinals = np.arange(graph.node_count, dtype=np.int32)
    above = np.where(marked, ordinals, graph.dominator)
    # Each turn doubles the steps that are taken at once.
    while True:
        higher = above[above]
        if np.array_equal(higher, above):
            break
        above = higher
    return np.where(marked[above], above, np.int32(-1))


def find_holders(
    slots: Slots,
    nodes: NDArray[np.int64],
    weights: NDArray[np.int64],
    *,
    limit: float,
    least_retained: float,
) -> list[Holder]:
    """The slots that hold objects of a total weight of at least ``limit``, heaviest first.

    Args:
        slots: The slots of a snapshot.
        nodes: int64, the objects' ordinals.
        weights: int64, what each of them counts.
        limit: Lighter holders are left out.
        least_retained: Slots that retain fewer bytes are not looked at.
    """
    if weights.sum() < limit:
        return []
    paths = _large_slots(slots, least_retained)
    if not paths:
        return []
    nearest = nearest_above(slots.graph, list(paths))[nodes]
    found: list[Holder] = []
    for value, path in paths.items():
        rows = np.flatnonzero(nearest == value)
        weight = int(weights[rows].sum())
        if weight >= limit and rows.size:
            found.append(Holder(path, value, rows, weight))
    return sorted(found, key=lambda holder: holder.weight, reverse=True)


def _large_slots(slots: Slots, least_retained: float) -> dict[int, SlotPath]:
    """Value's ordinal -> the first and shortest path to it."""
    graph = slots.graph
    found: dict[int, SlotPath] = {}
    level = list(slots.top_level().items())
    while level:
        below: list[tuple[SlotPath, int]] = []
        for path, value in level:
            if value in found or int(graph.retained_size[value]) < least_retained:
                continue
            found[value] = path
            below.extend(slots.named_below(path, value).items())
        level = below
    return found
