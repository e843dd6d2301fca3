"""What a container's table counts as: its elements at a price, without the jumps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from leakline.attribution.contexts import Contexts
from leakline.attribution.slots import Slots
from leakline.heap import read_graph
from leakline.leaks.capacity import table_corrections
from leakline.leaks.rounds import rounds_of
from support.snapshots import Node, SnapshotBuilder

REQUESTS = (100, 200, 300, 400)
COUNTS = (100, 200, 300, 400)

Fill = Callable[[SnapshotBuilder, int], Node]
"""Makes the container as it is in a round, its table included."""


def counted_as(fill: Fill, requests: Sequence[int | None] = REQUESTS) -> list[int]:
    """The table's size in each snapshot, with what the rule adds or takes off."""
    series: list[Slots] = []
    sizes: list[int] = []
    for round_ in range(len(requests)):
        builder = SnapshotBuilder()
        owner = builder.root.edge("element", 1, fill(builder, round_))
        sizes.append(next(to.size for _, name, to in owner.edges if name in {"table", "elements"}))
        graph = read_graph(builder.build(), name="built")
        series.append(Slots(graph, Contexts(graph, [])))
    corrections = table_corrections(series, requests)
    return [size + sum(added.values()) for size, added in zip(sizes, corrections, strict=True)]


def array(builder: SnapshotBuilder, count: int, room: int) -> Node:
    owner = builder.node("object", "Array", id=501)
    owner.edge("internal", "elements", builder.node("array", "", size=16 + 8 * room, id=503))
    for i in range(count):
        owner.edge("element", i, builder.node("object", "Entry", size=40, id=10_001 + 2 * i))
    return owner


def table(builder: SnapshotBuilder, name: str, count: int, room: int) -> Node:
    """A Map or Set of V8: five words, half a bucket and two or three words for each entry."""
    width = 3 if name == "Map" else 2
    owner = builder.node("object", name, id=501)
    size = int(8 * (5 + (width + 0.5) * room))
    inner = owner.edge("internal", "table", builder.node("array", "", size=size, id=503))
    for i in range(count):
        for part in range(width - 1):
            entry = builder.node("object", "Entry", id=100_001 + 4 * i + 2 * part)
            inner.edge("internal", 10 + width * i + part, entry)
    return owner


@pytest.mark.parametrize(
    ("fill", "least", "most"),
    [
        # As large again by half: between 8 and 12 bytes for each element.
        (lambda b, r: array(b, COUNTS[r], (130, 222, 360, 567)[r]), 8, 12),
        (lambda b, r: table(b, "Map", COUNTS[r], (128, 256, 512, 512)[r]), 28, 56),
        (lambda b, r: table(b, "Set", COUNTS[r], (128, 256, 512, 512)[r]), 20, 40),
    ],
    ids=["Array", "Map", "Set"],
)
def test_each_round_of_a_growing_table_shows_its_share(fill: Fill, least: int, most: int) -> None:
    grew = rounds_of(counted_as(fill))
    assert max(grew) - min(grew) <= 1
    assert least <= grew[0] / 100 <= most


def test_room_that_was_there_from_the_beginning_is_no_growth() -> None:
    assert set(counted_as(lambda b, r: array(b, COUNTS[r], 1000))) == {8016}


def test_a_table_of_small_integers_grows_evenly_once_it_doubled_twice() -> None:
    rooms = (128, 256, 512, 1024)
    told = counted_as(lambda b, r: table(b, "Map", 0, rooms[r]))
    assert (told[0], told[-1]) == (8 * (5 + 448), 8 * (5 + 3584))
    grew = rounds_of(told)
    assert max(grew) - min(grew) <= 1


@pytest.mark.parametrize("rooms", [(128, 128, 256, 256), (128, 512, 512, 512)])
def test_a_table_of_small_integers_that_was_filled_once_counts_as_it_is(
    rooms: tuple[int, ...],
) -> None:
    told = counted_as(lambda b, r: table(b, "Map", 0, rooms[r]))
    assert told == [8 * (5 + 7 * room // 2) for room in rooms]
