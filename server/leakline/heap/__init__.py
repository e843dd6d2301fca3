"""Heap snapshots as graphs: ``.heapsnapshot`` bytes in, columns out. No input or output.

Figures are worked out without numpy; what needs it is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from leakline.heap.checking import figures_of
from leakline.heap.classes import ClassKey
from leakline.heap.engine import kernels_are_compiled
from leakline.heap.figures import Figures
from leakline.heap.parsing import ParsedSnapshot, parse_snapshot
from leakline.heap.places import Location
from leakline.heap.retention import NO_DISTANCE, SYSTEM_DISTANCE, user_distance
from leakline.heap.script_urls import script_urls
from leakline.heap.strings import StringTable
from leakline.heap.sums import ClassTotal
from leakline.lazily import imported

if TYPE_CHECKING:
    from leakline.heap.allocations import Allocations, Frame
    from leakline.heap.graph import Graph
    from leakline.heap.reader import graph_of, read_graph
    from leakline.heap.tables import Locations, Samples, Scopes

__all__ = [
    "NO_DISTANCE",
    "SYSTEM_DISTANCE",
    "Allocations",
    "ClassKey",
    "ClassTotal",
    "Figures",
    "Frame",
    "Graph",
    "Location",
    "Locations",
    "ParsedSnapshot",
    "Samples",
    "Scopes",
    "StringTable",
    "figures_of",
    "graph_of",
    "kernels_are_compiled",
    "parse_snapshot",
    "read_graph",
    "script_urls",
    "user_distance",
]

_HOMES = {
    "Allocations": "allocations",
    "Frame": "allocations",
    "Graph": "graph",
    "Locations": "tables",
    "Samples": "tables",
    "Scopes": "tables",
    "graph_of": "reader",
    "read_graph": "reader",
}
"""Where the names are that need numpy."""


def __getattr__(name: str) -> object:
    if name in _HOMES:
        # Before all that imports numpy.
        import_module("leakline.heap.numpy_loading")
    return imported(globals(), _HOMES, name)
