"""Which slots count as growing: the rules one by one, on snapshots built by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from leakline.attribution.contexts import Contexts
from leakline.attribution.slot_path import Element
from leakline.attribution.slots import Slots
from leakline.heap import read_graph
from leakline.leaks.growth import find_growth
from support.snapshots import Node, SnapshotBuilder

SCRIPT = 7
Program = Callable[[SnapshotBuilder, Node, int], None]


def snapshot(program: Program, round_: int) -> Slots:
    """A module's Context with what ``program`` puts into it after so many rounds."""
    builder = SnapshotBuilder()
    roots = builder.root.edge("element", 1, builder.node("synthetic", "(GC roots)", size=0))
    function = roots.edge("internal", "f", builder.node("closure", "handle", size=32))
    function.location = (SCRIPT, 3, 15)
    context = function.edge("internal", "context", builder.node("object", "system / Context"))
    program(builder, context, round_)
    graph = read_graph(builder.build(), name="built")
    return Slots(graph, Contexts(graph, [SCRIPT]))


def growing(program: Program, requests: Sequence[int | None] = (100, 200, 300, 400)) -> list[str]:
    series = [snapshot(program, number) for number in range(len(requests))]
    return [
        ".".join("[]" if isinstance(step, Element) else step for step in growth.path.steps)
        for growth in find_growth(series, requests)
    ]


def array_of(builder: SnapshotBuilder, count: int, *, id: int) -> Node:  # noqa: A002
    array = builder.node("object", "Array", id=id)
    for i in range(count):
        array.edge("element", i, builder.node("object", "Entry", size=40, id=10_001 + 2 * i))
    return array


def test_a_variable_that_grows_in_every_round_is_found() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        context.edge("context", "log", array_of(builder, 100 * (round_ + 1), id=501))
        context.edge("context", "table", array_of(builder, 300, id=503))

    assert growing(program) == ["log"]


@pytest.mark.parametrize("counts", [(100, 200, 300, 300), (100, 200, 150, 400), (0, 900, 900, 901)])
def test_one_round_without_growth_is_enough_to_keep_silent(counts: tuple[int, ...]) -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        context.edge("context", "cache", array_of(builder, counts[round_], id=501))

    assert growing(program) == []


def test_less_than_a_byte_per_request_is_noise() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        context.edge("context", "counter", builder.node("string", "x", size=16 + 50 * round_))

    assert growing(program) == []
    assert growing(program, (10, 20, 30, 40)) == ["counter"]


def test_without_request_counts_growth_is_per_snapshot() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        context.edge("context", "text", builder.node("string", "x", size=16 + 100 * round_))

    assert growing(program, (None, None, None)) == ["text"]


def test_the_deepest_slot_that_holds_the_growth_is_named() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        state = context.edge("context", "state", builder.node("object", "Object", id=501))
        inner = state.edge("property", "analytics", builder.node("object", "Object", id=503))
        inner.edge("property", "timeline", array_of(builder, 100 * (round_ + 1), id=505))

    assert growing(program) == ["state.analytics.timeline"]


def test_a_field_is_found_through_the_element_that_holds_it() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        rooms = context.edge("context", "rooms", builder.node("object", "Map", id=501))
        table = rooms.edge("internal", "table", builder.node("array", "", id=503))
        room = table.edge("internal", "3", builder.node("object", "Room", id=505))
        room.edge("property", "history", array_of(builder, 100 * (round_ + 1), id=507))

    assert growing(program) == ["rooms.[].history"]


def test_two_leaks_are_two_findings_the_faster_first() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        state = context.edge("context", "state", builder.node("object", "Object", id=501))
        state.edge("property", "slow", builder.node("string", "s", size=500 * (round_ + 1)))
        state.edge("property", "fast", builder.node("string", "f", size=900 * (round_ + 1)))

    assert growing(program) == ["state.fast", "state.slow"]


def test_a_list_that_grows_at_its_head_is_one_thing() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        after: Node | None = None
        for i in range(100 * (round_ + 1)):
            node = builder.node("object", "Object", id=10_001 + 2 * i)
            if after is not None:
                node.edge("property", "next", after)
            after = node
        assert after is not None
        context.edge("context", "newest", after)

    assert growing(program) == ["newest"]


def test_an_object_that_is_replaced_each_time_is_still_followed() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        state = builder.node("object", "Object", id=20_001 + 2 * round_)
        context.edge("context", "state", state)
        state.edge(
            "property", "entries", array_of(builder, 100 * (round_ + 1), id=30_001 + 2 * round_)
        )

    assert growing(program) == ["state.entries"]


def test_a_function_does_not_leak_by_being_compiled() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        function = context.edge("context", "handler", builder.node("closure", "handler", id=501))
        function.edge("internal", "code", builder.node("code", "(code)", size=4000 * (round_ + 1)))

    assert growing(program) == []


def test_one_value_under_two_names_is_told_once() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        log = array_of(builder, 100 * (round_ + 1), id=501)
        context.edge("context", "log", log)
        state = context.edge("context", "state", builder.node("object", "Object", id=503))
        state.edge("property", "log", log)

    assert growing(program) == ["log"]


def test_growing_elements_are_told_as_growth_of_their_container() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        buckets = context.edge("context", "buckets", builder.node("object", "Map", id=501))
        table = buckets.edge("internal", "table", builder.node("array", "", id=503))
        for i in range(3):
            bucket = builder.node("object", "Array", id=601 + 2 * i)
            table.edge("internal", str(3 * i), bucket)
            for k in range(100 * (round_ + 1)):
                bucket.edge(
                    "element", k, builder.node("object", "Entry", id=10_001 + 2 * (1000 * i + k))
                )

    assert growing(program) == ["buckets"]


def test_the_same_field_of_several_elements_is_told_once() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        rooms = context.edge("context", "rooms", builder.node("object", "Map", id=501))
        table = rooms.edge("internal", "table", builder.node("array", "", id=503))
        for i in range(3):
            room = table.edge(
                "internal", str(3 * i), builder.node("object", "Room", id=601 + 4 * i)
            )
            text = builder.node("string", "x", size=1000 * (round_ + 1))
            room.edge("property", "log", text)

    assert growing(program) == ["rooms.[].log"]


def shared_sessions(builder: SnapshotBuilder, context: Node, round_: int) -> None:
    count = 100 * (round_ + 1)
    by_id = context.edge("context", "byId", builder.node("object", "Map", id=501))
    table = by_id.edge("internal", "table", builder.node("array", "", size=28 * count, id=503))
    order = context.edge("context", "order", builder.node("object", "Array", id=505))
    order.edge("internal", "elements", builder.node("array", "", size=8 * count, id=507))
    for i in range(count):
        session = builder.node("object", "Session", size=200, id=10_001 + 2 * i)
        table.edge("internal", str(2 * i + 1), session)
        order.edge("element", i, session)


def test_objects_that_two_structures_share_are_counted_once_and_both_are_named() -> None:
    series = [snapshot(shared_sessions, number) for number in range(4)]
    (growth,) = find_growth(series, (100, 200, 300, 400))
    assert growth.path.steps == ("byId",)
    assert [path.steps for path in growth.shared_with] == [("order",)]
    assert growth.own == pytest.approx((23_600, 23_600, 23_600), rel=0.01)


def test_two_leaks_that_point_to_the_same_constant_stay_two() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        default = builder.node("object", "Object", size=5000, id=901)
        for base, name in ((10_001, "first"), (50_001, "second")):
            held = context.edge("context", name, builder.node("object", "Array", id=base - 100))
            held.edge("element", 0, default)
            for i in range(1, 100 * (round_ + 1)):
                held.edge("element", i, builder.node("object", "Entry", id=base + 2 * i))

    assert sorted(growing(program)) == ["first", "second"]


@pytest.mark.parametrize("kind", ["object", "string"])
def test_a_cache_that_is_emptied_between_the_snapshots_is_no_leak(kind: str) -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        cache = context.edge("context", "cache", builder.node("object", "Array", id=501 + round_))
        for i in range(20 * (round_ + 1)):
            entry = builder.node(kind, "Entry", size=40, id=10_001 + 10_000 * round_ + 2 * i)
            cache.edge("element", i, entry)

    assert growing(program, (10, 20, 30, 40)) == []


def test_two_tables_with_the_same_keys_are_two_leaks() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        tables = []
        for base, name in ((101, "pages"), (103, "counts")):
            map_ = context.edge("context", name, builder.node("object", "Map", id=base + 400))
            tables.append(map_.edge("internal", "table", builder.node("array", "", id=base + 500)))
        for i in range(100 * (round_ + 1)):
            key = builder.node("string", "/path", size=32, id=10_001 + 2 * i)
            for number, table in enumerate(tables):
                value = builder.node("object", "Page", size=200, id=30_001 + 4 * i + 2 * number)
                table.edge("internal", str(3 * i), key)
                table.edge("internal", str(3 * i + 1), value)

    series = [snapshot(program, number) for number in range(4)]
    found = find_growth(series, (100, 200, 300, 400))
    assert {growth.path.steps for growth in found} == {("pages",), ("counts",)}
    # The keys are counted once.
    assert [sum(growth.own) for growth in found] == [3 * 23_200, 3 * 20_000]


@pytest.mark.parametrize(("script", "told"), [(SCRIPT, ["User.registry"]), (99, [])])
def test_a_static_field_that_a_class_inherits_is_reached_through_it(
    script: int, told: list[str]
) -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        model = builder.node("closure", "Model", id=501)
        model.location = (script, 1, 0)
        user = context.edge("context", "User", builder.node("closure", "User", id=503))
        user.location = (SCRIPT, 7, 0)
        user.edge("property", "__proto__", model)
        model.edge("property", "registry", array_of(builder, 100 * (round_ + 1), id=505))

    assert growing(program) == told


def test_classes_that_inherit_from_each_other_in_a_circle_end_the_search() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        first = context.edge("context", "First", builder.node("closure", "First", id=501))
        second = first.edge("property", "__proto__", builder.node("closure", "Second", id=503))
        first.location, second.location = (SCRIPT, 1, 0), (SCRIPT, 7, 0)
        second.edge("property", "__proto__", first)
        second.edge("property", "seen", array_of(builder, 100 * (round_ + 1), id=505))

    assert growing(program) == ["First.seen"]


def test_what_a_weak_map_holds_for_an_object_is_a_slot_of_the_object() -> None:
    def program(builder: SnapshotBuilder, context: Node, round_: int) -> None:
        store = context.edge("context", "store", builder.node("object", "Store", id=501))
        items = array_of(builder, 100 * (round_ + 1), id=503)
        weak_map = context.edge("context", "_items", builder.node("object", "WeakMap", id=505))
        table = weak_map.edge("internal", "table", builder.node("array", "", id=507))
        pair = "part of key (Store @501) -> value (Array @503) pair in WeakMap (table @507)"
        store.edge("internal", f"3 / {pair}", items)
        table.edge("internal", f"2 / {pair}", items)
        table.edge("weak", "1", store)

    assert growing(program) == ["store.#_items"]
