"""Heap snapshots as graphs: ``.heapsnapshot`` bytes in, columns out. No input or output."""

import leakline.heap.numpy_loading  # noqa: F401 - before all that imports numpy
from leakline.heap.allocations import Allocations, Frame
from leakline.heap.classes import ClassKey, ClassTotal
from leakline.heap.engine import kernels_are_compiled
from leakline.heap.graph import Graph
from leakline.heap.reader import read_graph
from leakline.heap.retention import NO_DISTANCE, SYSTEM_DISTANCE
from leakline.heap.strings import StringTable
from leakline.heap.tables import Location, Locations, Samples, Scopes

__all__ = [
    "NO_DISTANCE",
    "SYSTEM_DISTANCE",
    "Allocations",
    "ClassKey",
    "ClassTotal",
    "Frame",
    "Graph",
    "Location",
    "Locations",
    "Samples",
    "Scopes",
    "StringTable",
    "kernels_are_compiled",
    "read_graph",
]
