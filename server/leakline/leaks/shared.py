"""Growth that several structures hold together: counted once, and all of them named.

Objects that two structures share (a Map and an array of the same sessions) are dominated by
neither of them. Where a slot is around the two, their growth shows there, as growth of
``registry`` although ``registry.byName`` and ``registry.byAge`` are what grows; where none is,
it shows nowhere. In both cases it belongs to the structures. The one with the shortest path
speaks for them, of several the one that grows the most by itself; the others are named there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Slots
from leakline.heap import Graph
from leakline.leaks.grown import Growth
from leakline.leaks.holders import nearest_above
from leakline.leaks.presence import Presence
from leakline.leaks.rounds import exceeds, rounds_of

Nodes = NDArray[np.int64]

# Two structures share their objects when the smaller one has this share of its growing ones
# in common with the other.
MIN_COMMON_SHARE = 0.5

# Of more growing slots only the fastest are compared with each other.
MAX_STRUCTURES = 40

MAX_DEPTH = 2000


def count_shared_once(
    series: Sequence[Slots], found: Sequence[Growth], limits: Sequence[float]
) -> list[Growth]:
    """Counts what several structures share with one of them, and names the others there.

    Args:
        series: The slots of each snapshot, oldest first.
        found: The slots that grow, each with what it alone holds.
        limits: The least that each round must add to count as growth, bytes.
    """
    ranked = sorted(found, key=lambda growth: -sum(growth.own))
    some, rest = ranked[:MAX_STRUCTURES], ranked[MAX_STRUCTURES:]
    if len(some) < 2:
        return [*_counted_outside(series, some, some, limits), *rest]
    handed_down = _handed_down(series, some)
    return [*_counted_outside(series, handed_down, some, limits), *rest]


def _rank(growth: Growth) -> tuple[int, int]:
    """Orders structures that share their objects: the one that speaks for them first."""
    return len(growth.path.steps), -sum(growth.own)


# -- what a slot around them holds


def _handed_down(series: Sequence[Slots], found: Sequence[Growth]) -> list[Growth]:
    """The growths, without those that only surround structures which share their objects."""
    graph = series[-1].graph
    is_new = ~Presence(series[0].graph).has(graph.node_id)
    values = [growth.values[-1] for growth in found]
    nearest = nearest_above(graph, values)
    around = {value: int(nearest[graph.dominator[value]]) for value in values}
    result = {growth.values[-1]: growth for growth in found}
    reach: dict[int, Nodes] = {}
    # From the inside out, so that a growth is handed down only once.
    for outer in sorted(found, key=lambda growth: int(graph.retained_size[growth.values[-1]])):
        target = outer.values[-1]
        inner = [value for value in result if _is_inside(around, value, target)]
        region = np.flatnonzero(is_new & (nearest == target))
        total = _bytes(graph, region)
        if not inner or not total:
            continue
        shared: list[Growth] = []
        for value in inner:
            if value not in reach:
                reach[value] = _reachable(graph, value, is_new)
            common = _bytes(graph, np.intersect1d(region, reach[value], assume_unique=True))
            if common >= MIN_COMMON_SHARE * total:
                shared.append(result[value])
        if not shared:
            continue
        speaker, *others = sorted(shared, key=_rank)
        own = _sum(result.pop(target).own, speaker.own)
        for other in others:
            own = _sum(own, result.pop(other.values[-1]).own)
        names = (path for other in others for path in (other.path, *other.shared_with))
        result[speaker.values[-1]] = replace(
            speaker,
            own=own,
            sizes=outer.sizes,
            newest=(*speaker.newest, *outer.newest),
            shared_with=(*speaker.shared_with, *names),
        )
    return list(result.values())


def _is_inside(around: dict[int, int], value: int, target: int) -> bool:
    while (value := around.get(value, -1)) >= 0:
        if value == target:
            return True
    return False


def _reachable(graph: Graph, value: int, is_new: NDArray[np.bool_]) -> Nodes:
    """New nodes that a value leads to, through what it alone holds and through new nodes."""
    weak = graph.edge_type_names.index("weak") if "weak" in graph.edge_type_names else 255
    passable = is_new.copy()
    passable[graph.held_by(np.array([value]))] = True
    seen = np.zeros(graph.node_count, dtype=bool)
    seen[value] = True
    level = np.array([value], dtype=np.int64)
    for _ in range(MAX_DEPTH):
        first = graph.first_edge[level].astype(np.int64)
        counts = graph.first_edge[level + 1].astype(np.int64) - first
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        edges = starts + np.arange(counts.sum(), dtype=np.int64)
        targets = graph.edge_to[edges[graph.edge_type[edges] != weak]].astype(np.int64)
        level = np.unique(targets[passable[targets] & ~seen[targets]])
        if not level.size:
            break
        seen[level] = True
    return np.flatnonzero(seen & is_new)


def _bytes(graph: Graph, nodes: Nodes) -> int:
    return int(graph.self_size[nodes].sum())


# -- what nothing around them holds


def _counted_outside(
    series: Sequence[Slots],
    found: Sequence[Growth],
    counted: Sequence[Growth],
    limits: Sequence[float],
) -> list[Growth]:
    """Counts the elements that hang below no slot that grows.

    Args:
        series: The slots of each snapshot.
        found: The slots that grow.
        counted: All of them, with those whose growth is counted below another one now.
        limits: The least that each round must add to count as growth, bytes.
    """
    outside = [_elements_held_by_none(slots, found, counted, i) for i, slots in enumerate(series)]
    before = Presence(series[0].graph)
    ids = series[-1].graph.node_id
    new = [nodes[~before.has(ids[nodes])] for nodes in outside[-1]]
    result: dict[int, Growth] = {}
    claimed = [np.empty(0, dtype=np.int64) for _ in series]
    for index in sorted(range(len(found)), key=lambda i: _rank(found[i])):
        growth = found[index]
        partner = next(
            (
                other
                for other in result
                if _overlap(new[index], new[other])
                # What they share is what grows: not only the keys that two tables have alike.
                and _retained(series[-1], np.intersect1d(new[index], new[other])) > sum(growth.own)
            ),
            None,
        )
        if partner is not None:
            theirs = result[partner]
            result[partner] = replace(
                theirs,
                sizes=_sum(theirs.sizes, growth.sizes),
                own=_sum(theirs.own, growth.own),
                shared_with=(*theirs.shared_with, growth.path),
            )
            continue
        parts = [
            np.setdiff1d(part[index], taken) for part, taken in zip(outside, claimed, strict=True)
        ]
        sizes = [_retained(slots, part) for slots, part in zip(series, parts, strict=True)]
        rounds = rounds_of(sizes)
        if exceeds(rounds, limits):
            growth = replace(growth, sizes=_sum(growth.sizes, sizes), own=_sum(growth.own, rounds))
            claimed = [np.union1d(taken, part) for taken, part in zip(claimed, parts, strict=True)]
        result[index] = growth
    return list(result.values())


def _sum(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _elements_held_by_none(
    slots: Slots, found: Sequence[Growth], counted: Sequence[Growth], snapshot: int
) -> list[Nodes]:
    """For each growing slot the elements of its value that hang below no growing slot."""
    values = [growth.values[snapshot] for growth in counted]
    if not values:
        return []
    nearest = nearest_above(slots.graph, values)
    result: list[Nodes] = []
    for growth in found:
        members = np.unique(slots.members(growth.values[snapshot]))
        result.append(members[nearest[members] < 0])
    return result


def _overlap(mine: Nodes, theirs: Nodes) -> bool:
    smaller = min(mine.size, theirs.size)
    if smaller == 0:
        return False
    return bool(np.intersect1d(mine, theirs).size >= MIN_COMMON_SHARE * smaller)


def _retained(slots: Slots, nodes: Nodes) -> int:
    """Retained size of several nodes together; nested ones count once."""
    graph = slots.graph
    inner = np.isin(graph.dominator[nodes], nodes)
    return int(graph.retained_size[nodes[~inner]].sum())
