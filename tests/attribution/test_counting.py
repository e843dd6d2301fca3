"""How many entries a Map is said to have, of whose keys and values only objects have nodes."""

from __future__ import annotations

import pytest

from leakline.attribution.containers import Containers
from leakline.heap import read_graph
from support.snapshots import SnapshotBuilder

BOTH, KEY, VALUE = (0, 1), (0,), (1,)


@pytest.mark.parametrize(
    "entries",
    [
        [BOTH] * 7,
        [KEY] * 7,
        [VALUE] * 7,
        [KEY, VALUE, BOTH, KEY, KEY],
        [VALUE, BOTH],
        [BOTH] * 1500,
    ],
    ids=["objects", "small values", "small keys", "mixed", "value first", "many"],
)
def test_each_entry_counts_once(entries: list[tuple[int, ...]]) -> None:
    builder = SnapshotBuilder()
    owner = builder.root.edge("element", 1, builder.node("object", "Map"))
    table = owner.edge("internal", "table", builder.node("array", ""))
    table.edge("internal", "map", builder.node("hidden", "system / Map"))
    for number, parts in enumerate(entries):
        for part in parts:
            table.edge("internal", 10 + 3 * number + part, builder.node("string", "some"))
    graph = read_graph(builder.build(), name="built")
    (node,) = (n for n in range(len(graph.node_id)) if graph.node_name_of(n) == "Map")
    assert Containers(graph).element_count(node) == len(entries)


@pytest.mark.parametrize("name", ["9" * 5000, "²", "٣"])
def test_places_that_no_table_has_are_no_trouble(name: str) -> None:
    builder = SnapshotBuilder()
    owner = builder.root.edge("element", 1, builder.node("object", "Map"))
    table = owner.edge("internal", "table", builder.node("array", ""))
    table.edge("internal", name, builder.node("string", "some"))
    for _ in range(2500):
        table.edge("internal", "other", builder.node("string", "some"))
    graph = read_graph(builder.build(), name="built")
    (node,) = (n for n in range(len(graph.node_id)) if graph.node_name_of(n) == "Map")
    assert Containers(graph).element_count(node) is not None
