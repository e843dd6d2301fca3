"""Which objects another snapshot has as well."""

from __future__ import annotations

import numpy as np
import pytest

from leakline.heap import read_graph
from leakline.leaks.presence import MAX_FLAGS, Presence
from support.snapshots import SnapshotBuilder

# Node 20 gives native nodes the hash of their address for an id.
HASHED = (MAX_FLAGS + 1, 2**32 - 1, 2**33 + 5)


def presence(*ids: int) -> Presence:
    builder = SnapshotBuilder()
    for i, id_ in enumerate(ids):
        builder.root.edge("element", i, builder.node("object", "Entry", id=id_))
    return Presence(read_graph(builder.build(), name="built"))


def test_ids_are_found_in_the_order_in_which_they_were_asked_for() -> None:
    asked = np.array([9, 5, 7, 3, 5], dtype=np.int64)
    assert presence(5, 7).has(asked).tolist() == [False, True, True, False, True]


@pytest.mark.parametrize("hashed", HASHED)
def test_an_id_that_is_a_hash_is_found_beside_small_ones(hashed: int) -> None:
    asked = np.array([5, hashed, hashed - 2, hashed + 2, 7], dtype=np.int64)
    assert presence(5, hashed).has(asked).tolist() == [True, True, False, False, False]


def test_an_id_beyond_all_of_the_snapshot_is_not_there() -> None:
    asked = np.array([10**6, MAX_FLAGS, 2**40], dtype=np.int64)
    assert presence(5, 7).has(asked).tolist() == [False, False, False]
    assert presence(5, *HASHED).has(asked).tolist() == [False, False, False]


def test_nobody_asked_for_is_nobody_found() -> None:
    assert presence(5).has(np.empty(0, dtype=np.int64)).tolist() == []
