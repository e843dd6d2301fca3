"""Captured variables that no live closure can use, over a series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.captures import CapturedVariable, Captures, DeadCapture, context_sizes
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import Origin, SlotPath
from leakline.heap import Graph
from leakline.leaks.holders import large_limit, nearest_above
from leakline.leaks.rounds import grows_in_every_round, rounds_of
from leakline.leaks.series import Series

MAX_NAMED_KEEPERS = 2

_NOTHING = DeadCapture(np.empty(0, np.int64), np.empty(0, np.int64), frozenset())


@dataclass(frozen=True, slots=True, eq=False)
class Unused:
    """A variable that is dead in some Contexts.

    Attributes:
        variable: The variable.
        captures: Its dead Contexts, only those that hang below no other dead value: in each
            snapshot, or in the newest only, where its scope does not grow.
        sizes: Bytes that their values retain, likewise.
        path: The slot in the newest snapshot that keeps the most.
    """

    variable: CapturedVariable
    captures: tuple[DeadCapture, ...]
    sizes: tuple[int, ...]
    path: SlotPath

    @property
    def newest(self) -> DeadCapture:
        """Its dead Contexts in the newest snapshot."""
        return self.captures[-1]

    @property
    def rounds(self) -> tuple[int, ...]:
        """What each round added, bytes; empty where it was not there from the beginning."""
        return rounds_of(self.sizes) if all(self.sizes) else ()

    @property
    def counts(self) -> tuple[int, ...]:
        """In how many Contexts it is dead, likewise."""
        return tuple(int(capture.values.size) for capture in self.captures)

    def names_of_keepers(self, scripts: Scripts) -> list[str]:
        """Some of the functions that keep it, by name."""
        names: list[str] = []
        for keeper in sorted(self.newest.keepers, key=lambda each: each.start):
            syntax = scripts.syntax(keeper.script_id)
            scope = syntax.function_at(keeper.start) if syntax is not None else None
            name = scripts.original_name(keeper.script_id, scope) if scope is not None else ""
            if name and f"`{name}`" not in names:
                names.append(f"`{name}`")
        return names[:MAX_NAMED_KEEPERS]


def find_unused(series: Series) -> list[Unused]:
    """The captured variables that are dead in the newest snapshot, largest first.

    Those that neither grow nor retain much are left out.
    """
    sizes = [context_sizes(snapshot.slots) for snapshot in series.snapshots]
    limit = large_limit(series.newest.graph)
    rising = [
        info
        for info in sizes[-1]
        if grows_in_every_round(
            rounds_of([earlier.get(info, 0) for earlier in sizes]), series.requests
        )
    ]
    large = [info for info, size in sizes[-1].items() if size >= limit and info not in rising]
    if not rising and not large:
        return []
    newest = Captures(series.newest, series.scripts)
    growing = [newest.dead(rising)]
    if growing[0]:
        earlier = [Captures(each.slots, series.scripts) for each in series.snapshots[:-1]]
        growing = [*(each.dead(rising) for each in earlier), *growing]
    found = [*_over(series, growing), *_over(series, [newest.dead(large)])]
    return sorted(found, key=lambda each: each.sizes[-1], reverse=True)


def bytes_below(series: Series, each: Unused, values: Sequence[int]) -> list[int]:
    """What a dead variable retains below a value.

    Args:
        series: The series.
        each: The variable.
        values: The value's ordinal in each snapshot.

    Returns:
        Bytes in each snapshot.
    """
    sizes: list[int] = []
    for snapshot, capture, value in zip(series.snapshots, each.captures, values, strict=True):
        graph = snapshot.slots.graph
        below = graph.dominates(value, capture.values)
        sizes.append(int(graph.retained_size[capture.values[below]].sum()))
    return sizes


def _over(
    series: Series, dead: Sequence[Mapping[CapturedVariable, DeadCapture]]
) -> Iterator[Unused]:
    """The variables that are dead in the newest snapshot, over the last snapshots."""
    graphs = [snapshot.slots.graph for snapshot in series.snapshots[-len(dead) :]]
    parts = [_outermost(graph, each) for graph, each in zip(graphs, dead, strict=True)]
    for variable, newest in parts[-1].items():
        captures = tuple(part.get(variable, _NOTHING) for part in parts)
        retained = [
            graph.retained_size[capture.values]
            for graph, capture in zip(graphs, captures, strict=True)
        ]
        holder = int(newest.contexts[int(np.argmax(retained[-1]))])
        path = SlotPath(Origin.CONTEXT, int(graphs[-1].node_id[holder]), (variable.name,))
        yield Unused(variable, captures, tuple(int(each.sum()) for each in retained), path)


def _outermost(
    graph: Graph, dead: Mapping[CapturedVariable, DeadCapture]
) -> dict[CapturedVariable, DeadCapture]:
    """Without what hangs below another dead value: it would go with that."""
    if not dead:
        return {}
    values: NDArray[np.int64] = np.concatenate([each.values for each in dead.values()])
    nearest = nearest_above(graph, values)
    found: dict[CapturedVariable, DeadCapture] = {}
    for variable, each in dead.items():
        outer = nearest[graph.dominator[each.values]] < 0
        if outer.any():
            found[variable] = DeadCapture(each.contexts[outer], each.values[outer], each.keepers)
    return found
