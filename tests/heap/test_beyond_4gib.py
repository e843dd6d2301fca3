"""Files longer than 4 GiB: no offset is kept in 32 bits.

The file is a hole in memory: pages that nobody writes to take no room.
"""

from __future__ import annotations

import mmap
import sys

import pytest

from heap.building import Heap, small
from leakline.errors import SnapshotError
from leakline.heap import read_graph

BEYOND = (1 << 32) + 12345

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or sys.maxsize < 1 << 32, reason="needs 64 bits and sparse memory"
)


def with_hole(heap: Heap) -> mmap.mmap:
    """The heap's file, all but its header behind a hole in a section that nobody reads."""
    raw = heap.file()
    start = raw.index(b'"nodes"')
    head, tail = raw[:start] + b'"samples":[', b"]," + raw[start:]
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
    memory = mmap.mmap(-1, BEYOND + len(tail), flags=flags)
    memory[: len(head)] = head
    memory[BEYOND:] = tail
    return memory


def test_the_graph_is_that_of_the_small_file() -> None:
    heap = small()
    graph, expected = read_graph(with_hole(heap)), heap.graph()
    assert int(graph.strings.starts[0]) > 1 << 32
    assert graph.retained_size.tolist() == expected.retained_size.tolist()
    assert graph.class_totals == expected.class_totals
    assert [graph.node_name_of(node) for node in range(4)] == ["", "Window", "leak", "held"]
    location = graph.locations.of(3)
    assert location is not None
    assert (location.script_id, location.line, location.column) == (7, 4, 9)


def test_errors_name_the_offset() -> None:
    heap = small()
    heap.nodes[1]["type"] = 99
    with pytest.raises(SnapshotError, match=r"at offset 42949\d{5}"):
        read_graph(with_hole(heap))
