"""Allocation stacks come from V8's trace tree."""

from __future__ import annotations

import gzip

import pytest

from heap.building import Heap, small
from heap.test_devtools_agreement import SNAPSHOTS
from leakline.errors import SnapshotError
from leakline.heap import Frame, Graph, Location, read_graph


def traced(tree: object, functions: list[int] | None = None) -> Heap:
    heap = small()
    heap.node_fields.append("trace_node_id")
    heap.locations = []
    for node in heap.nodes:
        node["trace_node_id"] = 0
    heap.nodes[3]["trace_node_id"] = 4
    root, outer, inner, script = (
        heap.string(name) for name in ("(root)", "outer", "inner", "app.js")
    )
    heap.extra_meta = {
        "trace_function_info_fields": [
            "function_id",
            "name",
            "script_name",
            "script_id",
            "line",
            "column",
        ],
        "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
    }
    heap.extra_sections = {
        "trace_function_infos": functions
        or [0, root, 0, 0, 0, 0, 5, outer, script, 9, 3, 1, 6, inner, script, 9, 7, 12],
        "trace_tree": tree,
    }
    return heap


TREE = [1, 0, 0, 0, [2, 1, 1, 8, [4, 2, 2, 64, []], 3, 2, 1, 16, []]]


def test_stack() -> None:
    graph = traced(TREE).graph()
    assert graph.allocations is not None
    assert graph.trace_node.tolist() == [0, 0, 0, 4]
    assert graph.allocations.trace_id.tolist() == [1, 2, 4, 3]
    assert graph.allocations.parent.tolist() == [-1, 0, 1, 0]
    assert graph.allocations.size.tolist() == [0, 8, 64, 16]
    inner = Frame("inner", "app.js", Location(9, 6, 11))
    outer = Frame("outer", "app.js", Location(9, 2, 0))
    assert graph.allocations.stack(4) == (inner, outer)
    assert graph.allocations.stack(3) == (inner,)
    assert graph.allocations.stack(1) == ()
    assert graph.allocations.stack(99) == ()


def test_no_tracking() -> None:
    assert small().graph().allocations is None
    graph = traced([]).graph()
    assert graph.allocations is not None
    assert graph.allocations.trace_id.size == 0


def test_white_space_in_the_tree() -> None:
    raw = (
        traced(TREE).file().replace(b"[2,1,1,8,[", b"[ 2 ,\n1,1,8, [\n").replace(b"]]]", b" ] ]\n]")
    )
    assert read_graph(raw).allocations is not None


def test_a_million_levels() -> None:
    marker = b'"trace_tree":[1,0,0,0,[]]'
    raw = traced([1, 0, 0, 0, []]).file()
    assert marker in raw
    levels = 1_000_000
    tree = b'"trace_tree":' + b"[1,0,0,0," * levels + b"[]" + b"]" * levels
    allocations = read_graph(raw.replace(marker, tree)).allocations
    assert allocations is not None
    assert allocations.parent.tolist() == list(range(-1, levels - 1))


@pytest.mark.parametrize(
    "tree",
    [
        7,
        [1],
        [1, 0, 0, 0],
        [1, 0, 0, 0, 7],
        [1, 0, 0, 0, [], 2],
        [1, 0, 0, 0, [[]]],
        [[]],
        [1, 0, 0, 0, "text"],
        [1, -1, 0, 0, []],
        [1, 3, 0, 0, []],
        [1.5, 0, 0, 0, []],
        {"a": 1},
    ],
)
def test_a_damaged_tree(tree: object) -> None:
    with pytest.raises(SnapshotError, match="trace_tree"):
        traced(tree).graph()


def test_a_function_without_a_name() -> None:
    with pytest.raises(SnapshotError, match=r'"trace_function_infos" name string 999'):
        traced(TREE, [0, 999, 0, 0, 0, 0] * 3).graph()


def test_samples_say_when_objects_came() -> None:
    heap = small()
    heap.extra_meta = {"sample_fields": ["timestamp_us", "last_assigned_id"]}
    heap.extra_sections = {"samples": [0, 3, 50_000, 7]}
    samples = heap.graph().samples
    assert samples is not None
    assert samples.time.tolist() == [0, 50_000]
    assert samples.last_id.tolist() == [3, 7]


def test_samples_of_another_kind_are_passed_over() -> None:
    heap = small()
    heap.extra_meta = {"sample_fields": ["tick"]}
    heap.extra_sections = {"samples": [1, 2]}
    assert heap.graph().samples is None


def tracked(name: str) -> Graph:
    path = SNAPSHOTS / f"{name}.heapsnapshot.gz"
    return read_graph(gzip.decompress(path.read_bytes()), name)


def test_stacks_of_a_real_run() -> None:
    graph = tracked("tracked20")
    assert graph.allocations is not None
    entries = graph.nodes_named("Entry", "object")
    stacks = {graph.allocations.stack(int(graph.trace_node[node])) for node in entries}
    assert entries.size == 300
    (stack,) = stacks
    assert [frame.function_name for frame in stack] == ["leak", "handle", ""]
    assert stack[0].script_name.endswith("/tracked.cjs")
    assert stack[0].location is not None
    assert (stack[0].location.line, stack[0].location.column) == (8, 13)
    # The text that called it was evaluated: V8 knows no place of it.
    assert stack[2].location is None


def test_the_tree_of_a_real_run_without_moved_objects() -> None:
    """V8 13 loses the stacks of objects that a collection moves, not those of the tree."""
    graph = tracked("tracked24")
    allocations = graph.allocations
    assert allocations is not None
    counts = {
        graph.string(int(allocations.function_name[function])): int(count)
        for function, count in zip(allocations.function, allocations.count, strict=True)
    }
    assert counts["leak"] >= 300
    assert graph.samples is not None
    assert graph.samples.time.tolist() == [0]
