"""Heap snapshots as graphs: ``.heapsnapshot`` bytes in, columns out. No input or output.

What needs numpy is loaded when it is first asked for, so that a file can be parsed meanwhile.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from leakline.heap.engine import kernels_are_compiled
from leakline.heap.parsing import ParsedSnapshot, parse_snapshot

if TYPE_CHECKING:
    from leakline.heap.allocations import Allocations, Frame
    from leakline.heap.classes import ClassKey, ClassTotal
    from leakline.heap.graph import Graph
    from leakline.heap.reader import build_graph, read_graph
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
    "ParsedSnapshot",
    "Samples",
    "Scopes",
    "StringTable",
    "build_graph",
    "kernels_are_compiled",
    "parse_snapshot",
    "read_graph",
]

_HOMES = {
    "NO_DISTANCE": "retention",
    "SYSTEM_DISTANCE": "retention",
    "Allocations": "allocations",
    "ClassKey": "classes",
    "ClassTotal": "classes",
    "Frame": "allocations",
    "Graph": "graph",
    "Location": "tables",
    "Locations": "tables",
    "Samples": "tables",
    "Scopes": "tables",
    "StringTable": "strings",
    "build_graph": "reader",
    "read_graph": "reader",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Before all that imports numpy.
    import_module("leakline.heap.numpy_loading")
    value = globals()[name] = getattr(import_module(f"leakline.heap.{_HOMES[name]}"), name)
    return value
