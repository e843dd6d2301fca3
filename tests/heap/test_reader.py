"""Every living V8's format is read, by what the file says of itself."""

from __future__ import annotations

import json
import mmap
from pathlib import Path

import numpy as np
import pytest

from heap.building import EDGE_TYPES, NODE_TYPES, Heap, small
from leakline.heap import Graph, Location, read_graph


def test_columns_and_their_types() -> None:
    graph = small().graph()
    assert (graph.node_count, graph.edge_count) == (4, 4)
    assert graph.node_type_names == tuple(NODE_TYPES)
    assert graph.edge_type_names == tuple(EDGE_TYPES)
    assert graph.node_id.tolist() == [1, 3, 5, 7]
    assert graph.self_size.tolist() == [0, 16, 100, 32]
    assert graph.first_edge.tolist() == [0, 1, 2, 3, 4]
    assert graph.edge_to.tolist() == [1, 2, 3, 1]
    assert [graph.node_name_of(node) for node in range(4)] == ["", "Window", "leak", "held"]
    assert [graph.node_type_name(node) for node in range(4)] == [
        "synthetic",
        "object",
        "array",
        "closure",
    ]
    assert [graph.edge_name(edge) for edge in range(4)] == ["global", "leak", 0, "window"]
    assert graph.edge_type_name(2) == "element"
    for column, dtype in {
        "node_type": np.uint8,
        "node_name": np.uint32,
        "node_id": np.int64,
        "self_size": np.int64,
        "shallow_size": np.int64,
        "first_edge": np.int32,
        "edge_type": np.uint8,
        "edge_name_or_index": np.uint32,
        "edge_to": np.int32,
        "first_retainer": np.int32,
        "retainer_node": np.int32,
        "retainer_edge": np.int32,
        "distance": np.int32,
        "dominator": np.int32,
        "retained_size": np.int64,
    }.items():
        assert getattr(graph, column).dtype == dtype, column


def test_looking_up() -> None:
    graph = small().graph()
    assert graph.node_by_id(5) == 2
    assert graph.node_by_id(6) is None
    assert graph.node_by_id(99) is None
    assert graph.nodes_named("leak").tolist() == [2]
    assert graph.nodes_named("leak", "array").tolist() == [2]
    assert graph.nodes_named("leak", "closure").tolist() == []
    assert graph.nodes_named("nothing of that name").tolist() == []
    assert graph.find_edges_named("leak", "property").tolist() == [1]
    assert graph.find_edges_named("leak", "context").tolist() == []
    assert list(graph.edges_of(1)) == [1]
    assert [graph.edge_source(edge) for edge in range(4)] == [0, 1, 2, 3]
    assert [
        (int(graph.retainer_node[row]), int(graph.retainer_edge[row]))
        for row in graph.retainers_of(1)
    ] == [(0, 0), (3, 3)]
    assert graph.total_size == 148
    assert graph.locations.of(3) == Location(7, 4, 9)
    assert graph.locations.of(2) is None
    assert graph.scopes is None


def test_fields_in_any_order_and_unknown_ones() -> None:
    heap = small()
    plain = heap.graph()
    heap.node_fields = ["edge_count", "new", "id", "name", "type", "self_size", "trace_node_id"]
    heap.edge_fields = ["to_node", "weight", "type", "name_or_index"]
    heap.location_fields = ["column", "line", "object_index", "script_object_index", "script_id"]
    heap.locations = [[9, 4, 3 * 7, 0, 7]]
    graph = heap.graph()
    for column in ("node_type", "node_id", "self_size", "edge_type", "edge_to", "retained_size"):
        assert getattr(graph, column).tolist() == getattr(plain, column).tolist(), column
    assert graph.locations.of(3) == Location(7, 4, 9)


def test_more_node_types_than_fields() -> None:
    heap = small()
    heap.extra_meta = {"node_types": [NODE_TYPES, "string", *["number"] * 9]}
    assert heap.graph().node_count == 4


def test_unknown_types_and_sections_come_along() -> None:
    heap = small()
    heap.extra_meta = {
        "node_types": [[*NODE_TYPES, "wasm"]],
        "edge_types": [[*EDGE_TYPES, "invisible"]],
    }
    heap.extra_sections = {
        "trace_function_infos": [1, 2, 3],
        "trace_tree": [0, 0, 0, 0, [1, 2, 3, 4, []]],
        "samples": [1, 2],
        "later": {"a": ['"]}', {"b": [[]]}], "c": None},
        "number": 12.5,
        "nothing": None,
        "text": 'a "quoted" ] text',
    }
    heap.nodes[3]["type"] = len(NODE_TYPES)
    assert heap.graph().node_type_name(3) == "wasm"


def test_a_file_without_some_types() -> None:
    document = small().document()
    document["snapshot"]["meta"]["edge_types"] = [EDGE_TYPES[:6]]
    graph = read_graph(json.dumps(document).encode())
    assert graph.retained_size.tolist() == [148, 148, 32, 32]


def test_white_space_anywhere() -> None:
    heap = small()
    text = json.dumps(heap.document(), indent=1).replace("\n", "\r\n\t")
    assert read_graph(text.encode()).edge_to.tolist() == heap.graph().edge_to.tolist()


def test_numbers_beyond_32_bits() -> None:
    heap = small()
    heap.nodes[2] |= {"id": 2**53 + 1, "self_size": 2**40}
    graph = heap.graph()
    assert graph.node_by_id(2**53 + 1) == 2
    assert graph.retained_size[1] == 2**40 + 48


@pytest.mark.parametrize(
    "text",
    [
        'quo"ted',
        "back\\slash",
        "back\\u0041slash",
        "line\nbreak \b\f\r\t \x01",
        "grüße",
        "\U0001f41b",
        "lone \ud800 half",
        "",
        "x" * 1024,
        "/slash",
    ],
)
@pytest.mark.parametrize("upper", [True, False])
def test_strings(text: str, *, upper: bool) -> None:
    heap = small()
    heap.string("before")
    index = heap.string(text)
    heap.node("string", text)
    raw = heap.file()
    if upper:
        for escape in (b"ud83d", b"udc1b", b"u00fc", b"u00df", b"ud800"):
            raw = raw.replace(b"\\" + escape, b"\\u" + escape[1:].upper())
    graph = read_graph(raw)
    assert graph.string(index) == text
    assert 4 in graph.nodes_named(text)


def test_strings_in_utf8() -> None:
    heap = small()
    heap.node("string", "grüße \U0001f41b")
    raw = json.dumps(heap.document(), ensure_ascii=False).encode()
    graph = read_graph(raw)
    assert graph.node_name_of(4) == "grüße \U0001f41b"
    assert graph.nodes_named("grüße \U0001f41b").tolist() == [4]


def test_no_string_there() -> None:
    with pytest.raises(IndexError):
        small().graph().string(99)
    with pytest.raises(IndexError):
        small().graph().string(-1)


def test_any_buffer(tmp_path: Path) -> None:
    raw = small().file()
    path = tmp_path / "0.heapsnapshot"
    path.write_bytes(raw)

    def names(graph: Graph) -> list[str]:
        return [graph.node_name_of(node) for node in range(graph.node_count)]

    for buffer in (bytearray(raw), memoryview(raw), np.frombuffer(raw, np.uint8)):
        assert names(read_graph(buffer)) == ["", "Window", "leak", "held"]
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    graph = read_graph(mapped)
    assert names(graph) == ["", "Window", "leak", "held"]
    del graph
    mapped.close()


def test_scopes() -> None:
    heap = small()
    stride = len(heap.node_fields)
    heap.extra_meta = {
        "scope_fields": [
            "script_node_index",
            "scope_id",
            "depth",
            "scope_context_vars_count",
            "scope_uses_count",
        ],
        "scope_context_var_fields": ["name"],
        "scope_use_fields": ["declaring_scope_id", "slot_index"],
    }
    heap.extra_sections = {
        "scopes": [2 * stride, -2, 0, 1, 0, 2 * stride, 12, 1, 1, 2],
        "scope_context_vars": [heap.string("one"), heap.string("two")],
        "scope_uses": [-2, 0, 12, 1],
    }
    scopes = heap.graph().scopes
    assert scopes is not None
    assert len(scopes) == 2
    assert scopes.scope_script_node.tolist() == [2, 2]
    assert scopes.scope_id.tolist() == [-2, 12]
    assert scopes.depth.tolist() == [0, 1]
    assert scopes.first_context_var.tolist() == [0, 1, 2]
    assert scopes.first_use.tolist() == [0, 0, 2]
    assert [heap.strings[name] for name in scopes.context_var_name] == ["one", "two"]
    assert scopes.use_declaring_scope_id.tolist() == [-2, 12]
    assert scopes.use_slot.tolist() == [0, 1]


def test_last_location_counts() -> None:
    heap = Heap()
    heap.node("synthetic", "", 0)
    heap.node()
    heap.node()
    heap.locations = [[12, 1, 2, 3], [6, 4, 5, 6], [12, 7, 8, 9]]
    locations = heap.graph().locations
    assert locations.node.tolist() == [1, 2]
    assert locations.of(2) == Location(7, 8, 9)


def test_many_strings_at_once() -> None:
    heap = small()
    heap.strings += ['"quoted" \\ ', "\ud800 alone", "ünï", "", "last"]
    graph = heap.graph()
    every = np.arange(len(graph.strings))
    assert graph.strings.texts(every) == heap.strings == [graph.string(i) for i in every.tolist()]
    assert graph.strings.texts(every[:0]) == []
    assert graph.strings.texts(every[[-1, 0]]) == ["last", heap.strings[0]]
