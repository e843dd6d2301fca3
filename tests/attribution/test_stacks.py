"""What a slot gained, by the stacks in the snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from heap.building import Heap
from leakline.attribution.stacks import Call, Stack, Stacks
from leakline.heap import Graph
from leakline.positions import Position

USERS = 9
RUNTIMES = 3


def snapshot(*, later: bool) -> Graph:
    """An array with one element, and later with another one and more room."""
    heap = Heap()
    heap.node_fields.append("trace_node_id")
    root = heap.node("synthetic", "", 0, id=1, trace_node_id=0)
    array = heap.node("object", "Array", 16, id=3, trace_node_id=0)
    heap.edge(root, array, "element", 1)
    # An old object that V8 moved to where a new one had been has its stack.
    old = heap.node("object", "Entry", 24, id=5, trace_node_id=4)
    if later:
        room = heap.node("array", "(object elements)", 64, id=7, trace_node_id=3)
        new = heap.node("object", "Entry", 24, id=9, trace_node_id=4)
        own = heap.node("array", "(object elements)", 32, id=11, trace_node_id=4)
        code = heap.node("code", "system / LoadHandler", 80, id=13, trace_node_id=4)
        unknown = heap.node("string", "header", 40, id=15, trace_node_id=5)
        heap.edge(array, room, "internal", "elements")
        heap.edge(new, own, "internal", "elements")
        heap.edge(new, code, "internal", "code")
        heap.edge(room, unknown, "element", 2)
        heap.edge(room, new, "element", 1)
        heap.edge(room, old, "element", 0)
    else:
        heap.edge(array, old, "element", 0)
    names = {name: heap.string(name) for name in ("(root)", "push", "keep", "on", "app", "node")}
    heap.extra_meta = {
        "trace_function_info_fields": [
            "function_id", "name", "script_name", "script_id", "line", "column",
        ],
        "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
    }  # fmt: skip
    heap.extra_sections = {
        "trace_function_infos": [
            *(0, names["(root)"], 0, 0, 0, 0),
            *(1, names["on"], names["node"], RUNTIMES, 5, 1),
            *(2, names["keep"], names["app"], USERS, 8, 14),
            *(3, names["push"], 0, 0, 0, 0),
        ],
        "trace_tree": [1, 0, 0, 0, [5, 1, 1, 40, [4, 2, 2, 56, [3, 3, 1, 64, []]]]],
    }
    return heap.graph()


def held(graph: Graph) -> NDArray[np.int64]:
    return np.arange(graph.node_count)


KEEP = (USERS, Position(7, 13))


def test_new_objects_of_the_program_by_stack_and_room_apart() -> None:
    newest = snapshot(later=True)
    found = Stacks(newest, snapshot(later=False), frozenset({USERS})).of(held(newest))
    assert found == (
        Stack((Call(KEEP, "push"),), 64, adds=True),
        Stack((Call(KEEP, ""),), 24 + 32, adds=False),
    )


def test_only_what_the_slot_holds_counts() -> None:
    newest = snapshot(later=True)
    stacks = Stacks(newest, snapshot(later=False), frozenset({USERS}))
    everything = held(newest)
    assert [stack.adds for stack in stacks.of(everything[everything != 3])] == [False]
    assert stacks.of(everything[:0]) == ()


def test_without_tracking_there_are_no_stacks() -> None:
    heap = Heap()
    heap.node("synthetic", "", 0)
    graph = heap.graph()
    assert Stacks(graph, graph, frozenset({USERS})).of(held(graph)) == ()
