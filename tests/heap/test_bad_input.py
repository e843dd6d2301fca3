"""A damaged or foreign file gives one clear error, whatever the damage."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import leakline.heap
from heap.building import interpreted_heap, small
from leakline.errors import SnapshotError
from leakline.heap import read_graph

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "workerd.heapsnapshot.gz"


def message_of(raw: bytes) -> str:
    with pytest.raises(SnapshotError) as caught:
        read_graph(raw, "bad.heapsnapshot")
    message = str(caught.value)
    assert message.startswith("bad.heapsnapshot: ")
    assert "\n" not in message
    assert len(message) < 300
    return message


def changed(**sections: Any) -> bytes:
    return json.dumps(small().document() | sections, separators=(",", ":")).encode()


def with_header(**header: Any) -> bytes:
    document = small().document()
    document["snapshot"] |= header
    return json.dumps(document).encode()


def with_meta(**meta: Any) -> bytes:
    document = small().document()
    document["snapshot"]["meta"] |= meta
    return json.dumps(document).encode()


def replaced(old: bytes, new: bytes) -> bytes:
    raw = small().file()
    assert raw.count(old) >= 1
    return raw.replace(old, new, 1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the file is empty"),
        (b"not JSON", "does not begin like a heap snapshot.*offset 0"),
        (b"\x1f\x8b\x08 compressed", "does not begin like a heap snapshot"),
        (b"[1, 2, 3]", "does not begin like a heap snapshot"),
        (b"{}", 'has no "snapshot"'),
        (b'{"nodes":[],"edges":[],"strings":[]}', 'has no "snapshot"'),
        (b"{", "the file ends"),
        (b'{"snapshot"', "the file ends"),
        (b'{"snapshot":{}}', 'has no "nodes"'),
        (b'{"snapshot":{},"nodes":[],"edges":[],"strings":[]}', 'has no "meta"'),
        (b'{"snapshot":{"meta":7},"nodes":[],"edges":[],"strings":[]}', 'has no "meta"'),
        (b'{"snapshot":' + b"[" * 5000 + b"]" * 5000 + b"}", "header"),
        (b'{"snapshot":' + b"[" * 5000, "the file ends"),
        (b'{"' + b"k" * 5000 + b'":1}', "a short name"),
        (b'{"snapshot" 1}', "a colon"),
        (b'{"snapshot":}', "a value"),
        (b'{"a":1 "b":2}', 'has no "snapshot"|a comma'),
        (b'{"a":"1" "b":2}', "a comma"),
        (b'{"a":1,}', "a name in quotes"),
        (b'\xef\xbb\xbf{"snapshot":{}}', "offset 0"),
        (small().file() + b"{}", "the end of the file"),
        (replaced(b'"nodes":[', b'"nodes":[],"nodes":['), 'has "nodes" twice'),
        (replaced(b'"nodes":[', b'"nodes":7,"old":['), "an array"),
        (replaced(b'"nodes":[9,', b'"nodes":[-9,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[9.5,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[9e3,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[9,,'), '"nodes"'),
        (replaced(b'"nodes":[9,', b'"nodes":[9 9,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":["9",'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[[9],'), "offset"),
        (replaced(b'"nodes":[9,', b'"nodes":[null,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[\x00,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[15,'), '"nodes" at offset'),
        (replaced(b'"nodes":[9,', b'"nodes":[' + b"9" * 400 + b","), '"nodes" at offset'),
        (changed(nodes=[]), "claims 4 nodes.*has 0"),
        (changed(nodes=[1, 2, 3]), "3 numbers, not a multiple of 6"),
        (changed(edges=[]), "claims 4 edges"),
        (with_header(node_count=10**12), "claims 1000000000000 nodes.*has 4"),
        (with_header(node_count=-1), '"node_count" is -1'),
        (with_header(node_count=1.5), '"node_count" is 1.5'),
        (with_header(node_count="4"), '"node_count" is str'),
        (with_header(node_count=True), '"node_count" is True'),
        (with_header(edge_count=10**12), "claims 1000000000000 edges"),
        (with_header(edge_count=10**399), "edge_count"),
        (with_meta(node_fields=["type"]), 'lack "name"'),
        (with_meta(node_fields=[]), "node_fields"),
        (with_meta(node_fields=[1, 2]), "node_fields"),
        (with_meta(node_fields=["type"] * 9), "node_fields"),
        (with_meta(node_fields=[f"f{i}" for i in range(999)]), "node_fields"),
        (with_meta(node_types=[]), "node_types"),
        (with_meta(node_types=[["a"] * 300]), "node_types"),
        (with_meta(edge_fields=None), "edge_fields"),
        (with_meta(edge_fields=["type", "name_or_index"]), 'lack "to_node"'),
        (with_meta(edge_types="weak"), "edge_types"),
        (with_meta(location_fields=["object_index"]), "script_id|not a multiple"),
        (changed(edges=[5, 1, 7, *[0] * 9]), '"edges" at offset'),
        (changed(edges=[5, 1, 24, *[0] * 9]), '"edges" at offset'),
        (changed(edges=[7, 1, 6, *[0] * 9]), '"edges" at offset'),
        (changed(edges=[5, 99, 6, *[0] * 9]), r'offset \d+ of "edges" names string 99'),
        (changed(edges=[5, 2**32, 6, *[0] * 9]), '"edges" at offset'),
        (changed(strings=[]), "names string"),
        (changed(strings=["a", 7]), '"strings" at offset'),
        (changed(strings=["a", ["b"]]), '"strings" at offset'),
        (changed(strings=7), "an array"),
        (changed(locations=[6, 1, 2]), "3 numbers, not a multiple of 4"),
        (changed(locations=[7, 1, 2, 3]), "node index 7"),
        (changed(locations=[600, 1, 2, 3]), "node index 600"),
        (changed(locations=[-6, 1, 2, 3]), "node index -6"),
        (replaced(b"Window", b"Win\ndow"), '"strings" at offset'),
        (replaced(b"Window", b"Win\x00dow"), '"strings" at offset'),
        (replaced(b"Window", b"Win\\xdow"), '"strings" at offset'),
        (replaced(b"Window", b"Win\\u00zzdow"), '"strings" at offset'),
        (replaced(b"Window", b"Win\xff\xfedow"), '"strings" at offset.*UTF-8|UTF-8'),
        (replaced(b"Window", b"Win\xed\xa0\x80dow"), "UTF-8"),
        (replaced(b"Window", b"Window\\"), '"strings" at offset'),
    ],
)
def test_message(raw: bytes, said: str) -> None:
    assert re.search(said, message_of(raw))


def test_edges_that_the_nodes_do_not_claim() -> None:
    heap = small()
    document = heap.document()
    document["nodes"][4] = 0
    assert "nodes claim 3 edges" in message_of(json.dumps(document).encode())
    document["nodes"][4] = 2**31 - 1
    document["nodes"][10] = 2**31 - 1
    assert "more than 2^31" in message_of(json.dumps(document).encode())


def test_sizes_that_overflow() -> None:
    heap = small()
    for node in heap.nodes:
        node["self_size"] = 10**18 - 1
    assert heap.graph().total_size == 4 * 10**18 - 4
    heap.node(size=10**18 - 1)
    assert "2^62" in message_of(heap.file())


@pytest.mark.parametrize(
    ("scopes", "names", "uses"),
    [
        ([12, 1, 0, 1, 0], [], []),
        ([12, 1, 0, 0, 1], [0], [1, 1]),
        ([12, 1, 0, 1, 0], [99], []),
        ([13, 1, 0, 0, 0], [], []),
        ([12, 1, 0, -1, 0, 12, 1, 0, 1, 0], [], []),
        ([12, 1, 0, 10**17, 0], [0], []),
        ([12, 1, 0, 1, 0], [-1], []),
        ([12, 1, 0, 1], [], []),
    ],
)
def test_scopes_that_do_not_fit(scopes: list[int], names: list[int], uses: list[int]) -> None:
    heap = small()
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
    heap.extra_sections = {"scopes": scopes, "scope_context_vars": names, "scope_uses": uses}
    message_of(heap.file())


def test_cut_at_every_place() -> None:
    raw = small().file()
    for end in range(1, len(raw)):
        message = message_of(raw[:end])
        assert "cut short" in message or "offset" in message, (end, message)


def test_a_trace_tree_of_a_million_levels() -> None:
    tree = b"[0,0,0,0," * 1_000_000 + b"[]" + b"]" * 1_000_000
    raw = replaced(b'"strings":', b'"trace_tree":' + tree + b',"strings":')
    assert read_graph(raw).node_count == 4


def use(heap: Any, raw: bytes) -> Any:
    """Read a file and ask for everything; its figures, or the error."""
    try:
        graph = heap.read_graph(raw, "mutated")
    except SnapshotError as error:
        return str(error)
    classes = [(one.key.name, one.count, one.retained_size) for one in graph.class_totals]
    texts = [graph.string(index) for index in range(len(graph.strings))]
    return (
        graph.retained_size.tolist(),
        graph.distance.tolist(),
        graph.retainer_edge.tolist(),
        classes,
        texts,
        heap.script_urls(graph.figures),
    )


INTERPRETED = interpreted_heap()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_small_files_never_crash(data: st.DataObject) -> None:
    """And give the same answer, or the same error, compiled and interpreted."""
    raw = bytearray(small().file())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=3),
                st.sampled_from([b"0", b"1", b"99", b",", b"]", b"[", b'"', b"\\", b"-", b"}"]),
            )
        )
        raw[at : at + data.draw(st.integers(0, 3))] = piece
        if not raw:
            break
    assert use(leakline.heap, bytes(raw)) == use(INTERPRETED, bytes(raw))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_real_files_never_crash(data: st.DataObject) -> None:
    raw = bytearray(REAL)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.one_of(st.binary(max_size=2), st.sampled_from([b"0", b"7", b",", b"9999999"]))
        )
    found = use(leakline.heap, bytes(raw))
    if isinstance(found, str):
        assert found.startswith("mutated: ")
    else:
        retained, distance, retainers, *_ = found
        assert len(retained) == len(distance)
        assert sorted(retainers) == list(range(len(retainers)))


REAL = gzip.decompress(FIXTURE.read_bytes())
