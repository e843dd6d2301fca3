"""Cut into parts, a file is what it is in one piece."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heap.building import small
from leakline.errors import SnapshotError
from leakline.heap import parallel, read_graph
from leakline.heap.engine import view
from leakline.heap.parallel import count_numbers, cut

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "workerd.heapsnapshot.gz"


@settings(deadline=None)
@given(
    numbers=st.lists(st.integers(0, 10**6), min_size=1, max_size=60),
    fields=st.integers(1, 7),
    parts=st.integers(1, 6),
    space=st.sampled_from(["", "\n", " \r\n"]),
)
def test_parts_are_whole_records(numbers: list[int], fields: int, parts: int, space: str) -> None:
    numbers = numbers[: len(numbers) // fields * fields]
    if not numbers:
        return
    text = f",{space}".join(map(str, numbers))
    data = view(np.frombuffer(f"[{text}]".encode(), np.uint8))
    section = (1, 1 + len(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "SMALL", 1)
        patch.setattr(parallel, "threads", lambda: parts)
        count, commas = count_numbers(data, *section)
        chunks = cut(data, section, fields, len(numbers) // fields, commas)
    assert count == len(numbers)
    found: list[int] = []
    for chunk in chunks:
        assert chunk.first_row * fields == len(found)
        piece = text[chunk.start - 1 : chunk.stop - 1].rstrip(" ,\r\n")
        values = [int(number) for number in piece.split(",")]
        assert len(values) == chunk.rows * fields
        found += values
    assert found == numbers


def test_a_real_file_in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = gzip.decompress(FIXTURE.read_bytes())
    whole = read_graph(raw)
    monkeypatch.setattr(parallel, "SMALL", 1)
    monkeypatch.setattr(parallel, "threads", lambda: 7)
    parts = read_graph(raw)
    for column in ("node_id", "node_name", "first_edge", "edge_to", "edge_name_or_index"):
        np.testing.assert_array_equal(getattr(whole, column), getattr(parts, column))


def test_an_error_in_a_later_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "SMALL", 1)
    raw = small().file().replace(b",18,0,6,6]", b",18,0,6,-6]")
    with pytest.raises(SnapshotError, match=rf'"edges" at offset {raw.index(b"-6]")}'):
        read_graph(raw)


def test_all_at_once_is_one_by_one() -> None:
    raw = gzip.decompress(FIXTURE.read_bytes())
    one_by_one, at_once = read_graph(raw), read_graph(raw)
    at_once.work_out()
    for column in ("shallow_size", "distance", "dominator", "retained_size", "retainer_edge"):
        np.testing.assert_array_equal(getattr(one_by_one, column), getattr(at_once, column))
    assert one_by_one.class_totals == at_once.class_totals
