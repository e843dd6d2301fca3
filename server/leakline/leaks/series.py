"""The snapshots of one series, prepared for the detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.contexts import Contexts
from leakline.attribution.locate import Located, Locator
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import SlotPath
from leakline.attribution.slots import Slots
from leakline.attribution.stacks import Stack, Stacks
from leakline.heap import Graph
from leakline.leaks.model import SeriesPoint


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot of a series.

    Attributes:
        slots: The slots of the user's program in it; ``slots.graph`` is its graph.
        requests: Requests answered before it; None when nobody counted.
    """

    slots: Slots
    requests: int | None

    @classmethod
    def of(cls, graph: Graph, scripts: Scripts, requests: int | None) -> Snapshot:
        """Prepares a snapshot."""
        return cls(Slots(graph, Contexts(graph, scripts.user_ids)), requests)


class Series:
    """Snapshots of one isolate, oldest first, with what detectors share.

    Args:
        snapshots: At least one.
        scripts: The program's scripts.
        unit: What is counted as requests.
    """

    def __init__(
        self, snapshots: Sequence[Snapshot], scripts: Scripts, unit: str = "request"
    ) -> None:
        self.snapshots = tuple(snapshots)
        self.unit = unit
        self.scripts = scripts
        self.newest = self.snapshots[-1].slots
        for snapshot in self.snapshots[:-1]:
            if not snapshot.slots.has_ids_of(self.newest):
                snapshot.slots.use_ids_of(self.newest)
        self.requests = tuple(snapshot.requests for snapshot in self.snapshots)
        self._stacks: Stacks | None = None
        if len(self.snapshots) > 1:
            before = self.snapshots[-2].slots.graph
            self._stacks = Stacks(self.newest.graph, before, scripts.user_ids)
        self._locator = Locator(self.newest, scripts)
        self._located: dict[tuple[SlotPath, bool, tuple[int, ...]], Located | None] = {}
        self._stacks_by_values: dict[tuple[int, ...], tuple[Stack, ...]] = {}

    def locate(
        self, path: SlotPath, *, inside: bool = False, values: tuple[int, ...] = ()
    ) -> Located | None:
        """Names and places a slot; see :meth:`leakline.attribution.locate.Locator.locate`.

        Args:
            path: The slot.
            inside: Whether it is the elements of the slot's container that grow.
            values: Ordinals in the newest snapshot of the slot's values, where what they gained
                in the last round is to tell the lines.
        """
        key = (path, inside, values)
        if key not in self._located:
            self._located[key] = self._locator.locate(
                path, inside=inside, stacks=self._stacks_of(values)
            )
        return self._located[key]

    def stacks_that_made(self, nodes: NDArray[np.int64]) -> tuple[Stack, ...]:
        """The stacks that allocated some nodes of the newest snapshot themselves."""
        if self._stacks is None:
            return ()
        return self._stacks.of(np.unique(nodes))

    def _stacks_of(self, values: tuple[int, ...]) -> tuple[Stack, ...]:
        if self._stacks is None or not values:
            return ()
        if values not in self._stacks_by_values:
            # What other structures hold as well is dominated by none of them.
            roots = [np.array(values, dtype=np.int64), *map(self.newest.members, values)]
            held = self.newest.graph.held_by(np.concatenate(roots))
            self._stacks_by_values[values] = self._stacks.of(held)
        return self._stacks_by_values[values]

    def points(self, values: Sequence[int], sizes: Sequence[int]) -> tuple[SeriesPoint, ...]:
        """The series of a slot, given its values' ordinals and sizes in the newest snapshots."""
        used = self.snapshots[-len(values) :]
        return tuple(
            SeriesPoint(snapshot.requests, size, snapshot.slots.containers.element_count(value))
            for snapshot, value, size in zip(used, values, sizes, strict=True)
        )
