"""Without a compiler everything is the same, only slower."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

import leakline.heap
from heap.building import interpreted_heap

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "workerd.heapsnapshot.gz"


@pytest.mark.skipif(not leakline.heap.kernels_are_compiled, reason="the kernels are interpreted")
def test_interpreted_is_compiled() -> None:
    raw = gzip.decompress(FIXTURE.read_bytes())
    compiled = leakline.heap.read_graph(raw)
    interpreted = interpreted_heap().read_graph(raw)
    for column in (
        "node_type",
        "node_name",
        "node_id",
        "self_size",
        "first_edge",
        "edge_type",
        "edge_name_or_index",
        "edge_to",
        "first_retainer",
        "retainer_node",
        "retainer_edge",
        "shallow_size",
        "distance",
        "dominator",
        "retained_size",
        "first_dominated",
        "dominated",
        "detachedness",
    ):
        np.testing.assert_array_equal(
            getattr(compiled, column), getattr(interpreted, column), err_msg=column
        )
    assert [repr(one) for one in compiled.class_totals] == [
        repr(one) for one in interpreted.class_totals
    ]
