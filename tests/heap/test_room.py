"""Arrays in memory that served its purpose."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakline.heap import kernels, read_graph
from leakline.heap.engine import view
from leakline.heap.room import Room
from leakline.memory import large_memory
from leakline.recording import open_snapshot

FIXTURES = Path(__file__).parents[2] / "fixtures" / "snapshots"


@given(
    asked=st.lists(st.tuples(st.booleans(), st.integers(1, 3000)), max_size=20),
    start=st.integers(0, 9000),
)
def test_no_array_lies_in_another(asked: list[tuple[bool, int]], start: int) -> None:
    memory = large_memory(1 << 16)
    memory[:] = b"\x07" * len(memory)
    room = Room(memory, start, len(memory) - 100)
    arrays = []
    for number, (kept, count) in enumerate(asked):
        array = (room.kept if kept else room.passing)(count, "i")
        kernels.fill(view(array), number)
        arrays.append((number, kept, array))
    for number, _, array in arrays:
        assert array.tolist() == [number] * len(array)
    # Outside of its part nothing is touched.
    assert memory[:start] == b"\x07" * start
    assert memory[-100:] == b"\x07" * 100
    room.give_back()
    for number, kept, array in arrays:
        if kept:
            assert array.tolist() == [number] * len(array)
    assert memory[:start] == b"\x07" * start
    late = room.kept(10, "i")
    kernels.fill(view(late), 1)
    assert all(array.tolist() == [number] * len(array) for number, kept, array in arrays if kept)


@pytest.mark.parametrize("name", ["node24", "chromium", "workerd"])
def test_figures_are_the_same_in_used_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plain.heapsnapshot"
    path.write_bytes(gzip.decompress((FIXTURES / f"{name}.heapsnapshot.gz").read_bytes()))
    fresh = read_graph(path.read_bytes())
    fresh.work_out()
    with open_snapshot(path) as buffer:
        used = read_graph(buffer, release=True)
    used.work_out()
    for column in (
        *("retained_size", "shallow_size", "distance", "dominator", "dominated"),
        *("first_retainer", "retainer_node", "retainer_edge", "first_dominated"),
    ):
        np.testing.assert_array_equal(getattr(fresh, column), getattr(used, column))
    assert fresh.class_totals == used.class_totals
    assert [used.node_name_of(node) for node in range(0, used.node_count, 97)] == [
        fresh.node_name_of(node) for node in range(0, fresh.node_count, 97)
    ]
