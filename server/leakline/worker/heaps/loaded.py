"""One snapshot in memory, with what its views have worked out so far."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leakline.errors import LeaklineError, UsageError
from leakline.heap import ClassKey, Graph, read_graph
from leakline.heap.views import Statistics, statistics
from leakline.pipeline.snapshot_scripts import scripts_of
from leakline.progress import OnProgress, Progress
from leakline.recording import Script, load_recording, open_snapshot
from leakline.recording.manifest import MANIFEST

Order = NDArray[np.int64]

_MOST_ORDERS = 16
"""Orders kept: a person looks at few tables at once, and one of a large class is large."""


class LoadedSnapshot:
    """A snapshot that is looked at.

    Attributes:
        path: Its file.
        graph: The heap.
        size: Bytes of the snapshot, unpacked.
    """

    def __init__(self, path: Path, graph: Graph, size: int) -> None:
        self.path = path
        self.graph = graph
        self.size = size
        self._orders: OrderedDict[Hashable, Order] = OrderedDict()

    @classmethod
    def read(cls, path: Path, report: OnProgress) -> LoadedSnapshot:
        """Read a snapshot and work out its figures.

        Raises:
            SnapshotError: The file is none, or is damaged.
        """
        report(Progress(f"reading {path.name}", 0.05))
        with open_snapshot(path) as buffer:
            size = buffer.nbytes
            report(Progress(f"taking {path.name} apart, {size / 1e6:,.0f} MB", 0.25))
            graph = read_graph(buffer, path.name, release=True)
        report(Progress("working out retained sizes", 0.6))
        graph.work_out()
        report(Progress("adding up the constructors", 0.9))
        loaded = cls(path, graph, size)
        _ = graph.class_totals
        # Looks at every object, which the first page that shows them should not wait for.
        _ = loaded.statistics
        return loaded

    @cached_property
    def statistics(self) -> Statistics:
        """What the heap consists of."""
        return statistics(self.graph)

    @cached_property
    def recorded_scripts(self) -> Mapping[int, Script]:
        """The program's scripts: those of its recording, else those that the snapshot names."""
        if (self.path.parent / MANIFEST).is_file():
            try:
                recording = load_recording(self.path.parent)
            except LeaklineError:
                pass  # the snapshot can be looked at all the same
            else:
                if recording.scripts:
                    return recording.scripts
        return scripts_of(self.graph, None)

    @cached_property
    def script_urls(self) -> Mapping[int, str]:
        """URL of each script by id."""
        return {number: script.url for number, script in self.recorded_scripts.items()}

    @cached_property
    def class_numbers(self) -> Mapping[ClassKey, int]:
        """Index of each class in ``graph.classes.keys``."""
        return {key: number for number, key in enumerate(self.graph.classes.keys)}

    def node(self, object_id: int) -> int:
        """Give the ordinal of the object with V8's id.

        Raises:
            UsageError: There is none.
        """
        node = self.graph.node_by_id(object_id)
        if node is None:
            raise UsageError(f"{self.path.name} has no object @{object_id}")
        return node

    def order(self, key: Hashable, make: Callable[[], Order]) -> Order:
        """Give the rows of a table in their order, made when first asked for."""
        found = self._orders.get(key)
        if found is None:
            found = self._orders[key] = make()
            if len(self._orders) > _MOST_ORDERS:
                self._orders.popitem(last=False)
        self._orders.move_to_end(key)
        return found
