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
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Element, Origin, SlotPath, Slots

MAX_DEPTH = 12

# Without request counts: growth below this many bytes per snapshot is noise.
MIN_BYTES_PER_SNAPSHOT = 64
MIN_BYTES_PER_REQUEST = 1.0

# A slot around a deeper one keeps a finding of its own only for what is at least this share
# of its growth.
MIN_OWN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Growth:
    """A slot that grows.

    Attributes:
        path: The slot.
        values: Its value's node ordinal in each snapshot.
        sizes: Retained size of the value in each snapshot, bytes.
        own: What no deeper growing slot explains: growth in bytes in each round.
        also: Other slots that hold the very same value.
    """

    path: SlotPath
    values: tuple[int, ...]
    sizes: tuple[int, ...]
    own: tuple[int, ...]
    also: tuple[SlotPath, ...] = ()

    @property
    def rounds(self) -> tuple[int, ...]:
        """Growth of the retained size in each round, bytes."""
        return tuple(after - before for before, after in pairwise(self.sizes))


def find_growth(series: Sequence[Slots], requests: Sequence[int | None]) -> list[Growth]:
    """The slots that grow, most growth first.

    Args:
        series: The slots of each snapshot of one isolate, oldest first; at least two.
        requests: Requests answered before each snapshot.
    """
    thresholds = _thresholds(requests)
    candidates = _candidates(series, thresholds)
    by_value: dict[int, list[SlotPath]] = {}
    for path, (values, _) in candidates.items():
        by_value.setdefault(values[-1], []).append(path)
    chosen = {value: min(paths, key=_plainness) for value, paths in by_value.items()}

    graph = series[-1].graph
    rounds = {
        value: tuple(after - before for before, after in pairwise(candidates[path][1]))
        for value, path in chosen.items()
    }
    explained: dict[int, list[int]] = {value: [0] * len(thresholds) for value in chosen}
    for value in chosen:
        around = _enclosing(graph.dominator, value, chosen)
        if around is not None:
            explained[around] = [
                a + b for a, b in zip(explained[around], rounds[value], strict=True)
            ]

    found: list[Growth] = []
    for value, path in chosen.items():
        own = tuple(
            total - part for total, part in zip(rounds[value], explained[value], strict=True)
        )
        if any(o < limit for o, limit in zip(own, thresholds, strict=True)):
            continue
        if sum(own) < MIN_OWN_SHARE * sum(rounds[value]):
            continue
        if graph.node_type_name(value) == "closure":
            # A function's own growth is its compiled code and feedback; what it keeps for the
            # program hangs below its properties and Contexts, which are slots themselves.
            continue
        values, sizes = candidates[path]
        also = tuple(other for other in by_value[value] if other != path)
        found.append(Growth(path, values, sizes, own, also))
    found.sort(key=lambda growth: sum(growth.own), reverse=True)
    return found


def _thresholds(requests: Sequence[int | None]) -> list[float]:
    limits: list[float] = []
    for before, after in pairwise(requests):
        if before is None or after is None or after <= before:
            limits.append(MIN_BYTES_PER_SNAPSHOT)
        else:
            limits.append(MIN_BYTES_PER_REQUEST * (after - before))
    return limits


def _candidates(
    series: Sequence[Slots], thresholds: Sequence[float]
) -> dict[SlotPath, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Growing slots at any depth: path -> values and sizes in each snapshot."""
    levels = [slots.top_level() for slots in series]
    common = [path for path in levels[-1] if all(path in level for level in levels)]
    pending = [(path, tuple(level[path] for level in levels)) for path in common]
    found: dict[SlotPath, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    visited: set[int] = set()
    while pending:
        path, values = pending.pop()
        sizes = tuple(
            int(slots.graph.retained_size[value])
            for slots, value in zip(series, values, strict=True)
        )
        growth = (after - before for before, after in pairwise(sizes))
        if any(g < limit for g, limit in zip(growth, thresholds, strict=True)):
            continue
        found[path] = (values, sizes)
        if values[-1] in visited or len(path.steps) >= MAX_DEPTH:
            continue
        visited.add(values[-1])
        for child, value in series[-1].below(path, values[-1]).items():
            if series[-1].is_recursive(values[-1], child.steps[-1], value):
                continue
            earlier = [slots.resolve(child) for slots in series[:-1]]
            known = tuple(v for v in earlier if v is not None)
            if len(known) == len(earlier):
                pending.append((child, (*known, value)))
    return found


def _enclosing(
    dominator: NDArray[np.int32], value: int, candidates: dict[int, SlotPath]
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


def _plainness(path: SlotPath) -> tuple[int, int, int]:
    """Orders slots with the same value: the plainest name for it first."""
    elements = sum(isinstance(step, Element) for step in path.steps)
    origins = [Origin.CONTEXT, Origin.EXPORT, Origin.GLOBAL]
    return (elements, len(path.steps), origins.index(path.origin))
