"""Things made at one place that pile up, where no slot of the program holds them.

Closures kept by timers, listeners and promises, calls that never end, instances that only the
runtime reaches: nothing names them but the place that makes them. What already hangs below a
slot that grows is told there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.made import Maker, group_by_maker, locate_maker
from leakline.attribution.model import SlotKind
from leakline.attribution.trace import trace_to_node
from leakline.heap import Graph
from leakline.leaks.fingerprint import fingerprint
from leakline.leaks.grown import Growth
from leakline.leaks.holders import nearest_above
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.leaks.presence import Presence
from leakline.leaks.rate import growth_rate
from leakline.leaks.rounds import exceeds, limits_of, rounds_of
from leakline.leaks.series import Series
from leakline.leaks.tools import held_by_tools

# Fewer than this many more per request in any round is no accumulation but chance.
MIN_PER_REQUEST = 0.05
MIN_PER_SNAPSHOT = 3

# A closure and its Context: how many parts of one thing may hang below what belongs to it.
OWN_PARTS = 2
MAX_CLIMB = 20

# A group counts as told elsewhere when this share of it hangs below something else.
COVERED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Accumulation:
    """A place whose products pile up.

    Attributes:
        maker: The place.
        counts: How many are alive in each snapshot.
        sizes: What they retain together in each snapshot, bytes.
        nodes: int64, ordinals of those alive in the newest snapshot.
    """

    maker: Maker
    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    nodes: NDArray[np.int64]


def find_accumulation(series: Series, growing: Sequence[Growth]) -> list[Accumulation]:
    """The places whose products pile up, those that retain the most first.

    Args:
        series: At least two snapshots.
        growing: The slots that grow; what they hold is not told again.
    """
    graphs = [snapshot.slots.graph for snapshot in series.snapshots]
    groups = [group_by_maker(graph, series.scripts) for graph in graphs]
    limits = limits_of(series.requests, per_request=MIN_PER_REQUEST, per_snapshot=MIN_PER_SNAPSHOT)
    found: list[Accumulation] = []
    for maker, nodes in groups[-1].items():
        alive = [group.get(maker, np.empty(0, dtype=np.int64)) for group in groups]
        counts = tuple(len(each) for each in alive)
        if not exceeds(rounds_of(counts), [max(1.0, limit) for limit in limits]):
            continue
        sizes = tuple(
            _retained_together(graph, each) for graph, each in zip(graphs, alive, strict=True)
        )
        found.append(Accumulation(maker, counts, sizes, nodes))
    held = _below_slots(series, growing)
    # What was there before may hang elsewhere: what has come since is what grows.
    before = Presence(graphs[0])
    came = [each.nodes[~before.has(graphs[-1].node_id[each.nodes])] for each in found]
    free = [
        each
        for each, new in zip(found, came, strict=True)
        if _share(held, new if new.size else each.nodes) < COVERED_SHARE
    ]
    return _outermost(graphs[-1], free)


def _below_slots(series: Series, growing: Sequence[Growth]) -> NDArray[np.bool_]:
    """For each node of the newest snapshot whether a slot that grows, or a tool, holds it."""
    slots = series.newest
    roots = np.zeros(slots.graph.node_count, dtype=bool)
    for growth in growing:
        for value in growth.newest:
            roots[value] = True
            # Objects that several structures share are dominated by none of them.
            roots[slots.members(value)] = True
    roots[held_by_tools(slots.graph)] = True
    return _dominated(slots.graph, roots)


def _dominated(graph: Graph, roots: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each node whether it is one of the roots or one of them dominates it."""
    return nearest_above(graph, np.flatnonzero(roots)) >= 0


def _share(mask: NDArray[np.bool_], nodes: NDArray[np.int64]) -> float:
    return float(mask[nodes].mean()) if nodes.size else 0.0


def _outermost(graph: Graph, found: Sequence[Accumulation]) -> list[Accumulation]:
    """Leaves out what hangs below another group: a job's closures are told with the job."""
    ranked = sorted(found, key=lambda each: each.sizes[-1] - each.sizes[0], reverse=True)
    kept: list[Accumulation] = []
    for each in ranked:
        # Of two groups that hang below each other the one that retains more is kept.
        above = [o for o in ranked if o is not each and _covers(graph, o, each)]
        if not any(o in kept or not _covers(graph, each, o) for o in above):
            kept.append(each)
    return _one_per_call(graph, kept)


def _covers(graph: Graph, outer: Accumulation, inner: Accumulation) -> bool:
    roots = np.zeros(graph.node_count, dtype=bool)
    roots[_and_contexts(graph, outer.nodes)] = True
    roots[inner.nodes] = False
    return _share(_dominated(graph, roots), inner.nodes) >= COVERED_SHARE


def _one_per_call(graph: Graph, found: Sequence[Accumulation]) -> list[Accumulation]:
    """Closures of one call share its Context: the place that retains the most speaks for it."""
    kept: list[Accumulation] = []
    claimed = np.zeros(graph.node_count, dtype=bool)
    for each in found:
        contexts = np.setdiff1d(_and_contexts(graph, each.nodes), each.nodes)
        if contexts.size and _share(claimed, contexts) >= COVERED_SHARE:
            continue
        claimed[contexts] = True
        kept.append(each)
    return kept


def _and_contexts(graph: Graph, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nodes and those Contexts that only functions of the same place use."""
    edges = graph.find_edges_named("context", "internal")
    sources = graph.edge_sources(edges)
    own = edges[np.isin(sources, nodes)]
    contexts, uses = np.unique(graph.edge_to[own].astype(np.int64), return_counts=True)
    # A Context that every one of them shares is the module's or an outer function's.
    private = contexts[uses <= max(1, len(nodes) // 4)]
    return np.unique(np.concatenate([nodes, private]))


def _retained_together(graph: Graph, nodes: NDArray[np.int64]) -> int:
    whole = _wholes(graph, _and_contexts(graph, nodes))
    roots = np.zeros(graph.node_count, dtype=bool)
    roots[whole] = True
    above = _dominated(graph, roots)[graph.dominator[whole]]
    return int(graph.retained_size[whole[~above]].sum())


def _wholes(graph: Graph, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The largest objects that belong to one of the things each: a closure's timer with it.

    What dominates only one thing (or a closure and its Context) belongs to it; what dominates
    more is where they pile up.
    """
    for _ in range(MAX_CLIMB):
        above = graph.dominator[nodes].astype(np.int64)
        distinct, place, uses = np.unique(above, return_inverse=True, return_counts=True)
        climbs = (uses[place] <= OWN_PARTS) & (distinct[place] != 0)
        if not climbs.any():
            break
        nodes = np.unique(np.where(climbs, above, nodes))
    return nodes


def accumulation_finding(series: Series, each: Accumulation, code: str) -> Finding | None:
    """The finding for a place whose products pile up; None where the place is a tool's."""
    located = locate_maker(each.maker, series.scripts, series.stacks_that_made(each.nodes))
    if located is None:
        return None
    rate = growth_rate(rounds_of(each.sizes), series.requests, series.unit)
    verb = "grow" if located.kind is SlotKind.INSTANCES else "grows"
    points = zip(series.requests, each.sizes, each.counts, strict=True)
    return Finding(
        code=code,
        severity=Severity.WARNING,
        message=f"{located.name} {verb} {rate.in_words(each.sizes[-1])}",
        root=located.name,
        slot_kind=located.kind,
        series=tuple(SeriesPoint(*point) for point in points),
        growth_per_request=rate.per_request,
        growth_per_snapshot=rate.per_snapshot,
        location=located.location,
        declaration=located.declaration,
        other_writes=located.writes[1:],
        trace=trace_to_node(series.newest, series.scripts, int(each.nodes[-1])),
        evidence=located.evidence,
        preview="",
        fingerprint=fingerprint(code, located.scope, located.name),
    )
