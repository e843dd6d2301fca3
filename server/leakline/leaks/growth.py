"""Which slots grow over a series of snapshots.

A slot grows when its retained size went up in every round by at least a byte per request:
the weakest round decides, not the mean, so that a cache that fills once, a buffer that is
flushed or code that is compiled during warm-up is no growth. Growth is counted once: what a
deeper slot explains is taken off the slots around it (a slot lies below another when the
other's value dominates its value), so that the slot that is left is the deepest one that
holds the growth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slot_path import Element, Origin, SlotPath
from leakline.attribution.slots import Slots
from leakline.leaks.grown import Growth
from leakline.leaks.presence import Presence
from leakline.leaks.rounds import exceeds, limits_of, rounds_of
from leakline.leaks.shared import count_shared_once
from leakline.leaks.steady import SteadySizes

MAX_DEPTH = 12
MAX_WAYS = 3

# A slot around a deeper one keeps a finding of its own only for what is at least this share
# of its growth.
MIN_OWN_SHARE = 0.2

# Of a container's elements this share must live on from one snapshot to the next: a leak keeps
# what it has, a cache that is emptied and filled again does not, whatever its size just then.
MIN_KEPT_SHARE = 0.5
MIN_ELEMENTS = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A slot whose retained size went up in every round.

    Attributes:
        path: The slot.
        values: Its value's node ordinal in each snapshot.
        sizes: Retained size in each snapshot, bytes.
        rounds: What each round added, bytes, without the jumps of tables.
    """

    path: SlotPath
    values: tuple[int, ...]
    sizes: tuple[int, ...]
    rounds: tuple[int, ...]

    @property
    def is_passage(self) -> bool:
        """Whether the slot has no name of its own: it is an element of a container."""
        return isinstance(self.path.steps[-1], Element)


def find_growth(series: Sequence[Slots], requests: Sequence[int | None]) -> list[Growth]:
    """The slots that grow, most growth first.

    Args:
        series: The slots of each snapshot of one isolate, oldest first; at least two.
        requests: Requests answered before each snapshot.
    """
    limits = limits_of(requests)
    candidates = _candidates(series, requests, limits)
    # A function is no place where a program keeps things: its own growth is compiled code and
    # feedback, and what it keeps hangs below its properties and Contexts, slots themselves.
    graph = series[-1].graph
    named = [
        candidate
        for candidate in candidates
        if not candidate.is_passage and graph.node_type_name(candidate.values[-1]) != "closure"
    ]
    by_value: dict[int, list[_Candidate]] = {}
    for candidate in named:
        by_value.setdefault(candidate.values[-1], []).append(candidate)
    chosen = {
        value: min(group, key=partial(_plainness, series[-1])) for value, group in by_value.items()
    }
    explained = _explained_by_deeper(graph.dominator, chosen)
    inside = _grows_inside(graph.dominator, chosen, candidates)

    turnover = _Turnover(series)
    found: list[Growth] = []
    for value, candidate in chosen.items():
        own = tuple(a - b for a, b in zip(candidate.rounds, explained[value], strict=True))
        if not exceeds(own, limits) or sum(own) < MIN_OWN_SHARE * sum(candidate.rounds):
            continue
        if turnover.of(candidate):
            continue
        also = tuple(other.path for other in by_value[value] if other is not candidate)
        found.append(
            Growth(
                candidate.path,
                candidate.values,
                candidate.sizes,
                own,
                inside=value in inside,
                also=also,
                newest=(value,),
            )
        )
    merged = _merge_fields_of_elements(found)
    shared = count_shared_once(series, merged, limits)
    return sorted(shared, key=lambda growth: sum(growth.own), reverse=True)


def _candidates(
    series: Sequence[Slots], requests: Sequence[int | None], limits: Sequence[float]
) -> list[_Candidate]:
    """Growing slots at any depth."""
    steady = SteadySizes(series, requests)
    levels = [slots.top_level() for slots in series]
    common = [path for path in levels[-1] if all(path in level for level in levels)]
    pending: list[tuple[SlotPath, tuple[int, ...], tuple[int, ...]]]
    pending = [(path, tuple(level[path] for level in levels), ()) for path in common]
    found: list[_Candidate] = []
    visits: dict[int, int] = {}
    while pending:
        path, values, above = pending.pop()
        sizes = tuple(
            int(slots.graph.retained_size[value])
            for slots, value in zip(series, values, strict=True)
        )
        smooth = [steady.retained(i, value) for i, value in enumerate(values)]
        candidate = _Candidate(path, values, sizes, rounds_of(smooth))
        if not exceeds(candidate.rounds, limits):
            continue
        found.append(candidate)
        # A value that several slots hold is looked into by more than one way: not every way has
        # names that the user knows.
        visits[values[-1]] = visits.get(values[-1], 0) + 1
        if visits[values[-1]] > MAX_WAYS or len(path.steps) >= MAX_DEPTH:
            continue
        way = (*above, values[-1])
        for child, value in series[-1].below(path, values[-1]).items():
            if series[-1].is_recursive(way, child.steps[-1], value):
                continue
            earlier = [slots.resolve(child) for slots in series[:-1]]
            known = tuple(v for v in earlier if v is not None)
            if len(known) == len(earlier):
                pending.append((child, (*known, value), way))
    return found


class _Turnover:
    """Whether containers hold other elements in each snapshot.

    Args:
        series: The slots of each snapshot.
    """

    def __init__(self, series: Sequence[Slots]) -> None:
        self._series = series
        alike = all(slots.has_ids_of(series[-1]) for slots in series[:-1])
        self._later = [Presence(slots.graph) for slots in series[1:]] if alike else []

    def of(self, candidate: _Candidate) -> bool:
        """Whether a container does."""
        for slots, later, value in zip(self._series, self._later, candidate.values, strict=False):
            elements = slots.members(value)
            if len(elements) < MIN_ELEMENTS:
                continue
            if later.has(slots.graph.node_id[elements]).mean() < MIN_KEPT_SHARE:
                return True
        return False


def _explained_by_deeper(
    dominator: NDArray[np.int32], chosen: dict[int, _Candidate]
) -> dict[int, list[int]]:
    """For each slot the growth in each round that the slots right below it have."""
    rounds = len(next(iter(chosen.values())).rounds) if chosen else 0
    explained = {value: [0] * rounds for value in chosen}
    for value, candidate in chosen.items():
        around = _enclosing(dominator, value, chosen)
        if around is not None:
            sums = zip(explained[around], candidate.rounds, strict=True)
            explained[around] = [a + b for a, b in sums]
    return explained


def _grows_inside(
    dominator: NDArray[np.int32],
    chosen: dict[int, _Candidate],
    candidates: Sequence[_Candidate],
) -> set[int]:
    """The containers of which known elements make up most of the growth."""
    totals: dict[int, int] = {}
    for candidate in candidates:
        if candidate.is_passage:
            around = _enclosing(dominator, candidate.values[-1], chosen)
            if around is not None:
                totals[around] = totals.get(around, 0) + sum(candidate.rounds)
    return {value for value, total in totals.items() if 2 * total > sum(chosen[value].rounds)}


def _enclosing(
    dominator: NDArray[np.int32], value: int, candidates: dict[int, _Candidate]
) -> int | None:
    """The nearest candidate that dominates a value."""
    node = value
    while True:
        above = int(dominator[node])
        if above == node or above < 0:
            return None
        if above in candidates:
            return above
        node = above


def _merge_fields_of_elements(found: Sequence[Growth]) -> list[Growth]:
    """Makes one growth of the same field in several elements of one container."""
    groups: dict[tuple[object, ...], list[Growth]] = {}
    for growth in found:
        names = tuple(None if isinstance(s, Element) else s for s in growth.path.steps)
        key = (growth.path.origin, growth.path.holder_id, names)
        groups.setdefault(key, []).append(growth)
    merged: list[Growth] = []
    for group in groups.values():
        most = max(group, key=lambda growth: sum(growth.own))
        if len(group) == 1:
            merged.append(most)
            continue
        sizes = tuple(sum(column) for column in zip(*(g.sizes for g in group), strict=True))
        own = tuple(sum(column) for column in zip(*(g.own for g in group), strict=True))
        newest = tuple(value for growth in group for value in growth.newest)
        merged.append(replace(most, sizes=sizes, own=own, newest=newest))
    return merged


def _plainness(slots: Slots, candidate: _Candidate) -> tuple[bool, bool, int, int, int]:
    """Orders slots with the same value: the plainest name for it first."""
    path = candidate.path
    holder = slots.holder(path)
    # A variable that only the value's own elements lead to does not keep it: it points back.
    points_back = holder is not None and _dominates(
        slots.graph.dominator, candidate.values[-1], holder
    )
    elements = sum(isinstance(step, Element) for step in path.steps)
    origins = [Origin.CONTEXT, Origin.EXPORT, Origin.GLOBAL, Origin.INSTANCE]
    # An instance has no name of its own: any slot that leads to it is plainer.
    is_instance = path.origin is Origin.INSTANCE
    order = origins.index(path.origin)
    return (points_back, is_instance, elements, len(path.steps), order)


def _dominates(dominator: NDArray[np.int32], above: int, node: int) -> bool:
    while node != above:
        higher = int(dominator[node])
        if higher == node:
            return False
        node = higher
    return True
