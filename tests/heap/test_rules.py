"""Chrome DevTools' rules, one by one."""

from __future__ import annotations

from heap.building import Heap
from leakline.heap import NO_DISTANCE, SYSTEM_DISTANCE


def page() -> tuple[Heap, int, int]:
    """A root with the page's global object, and V8's own roots beside it."""
    heap = Heap()
    root = heap.node("synthetic", "", 0)
    window = heap.node("object", "Window", 10)
    system = heap.node("synthetic", "(GC roots)", 0)
    heap.edge(root, window, "shortcut", "window")
    heap.edge(root, system, "element", 1)
    return heap, window, system


def test_shortcuts_hold_only_from_the_root() -> None:
    heap, window, system = page()
    held = heap.node(size=5)
    heap.edge(system, held, "element", 1)
    heap.edge(window, held, "shortcut", "x")
    graph = heap.graph()
    assert graph.dominator[window] == 0
    # The shortcut makes it the page's, so that V8's own roots do not hold it either.
    assert graph.dominator[held] == 0


def test_what_the_page_owns_is_not_held_from_outside() -> None:
    heap, window, system = page()
    debugger = heap.node(size=5)
    mine = heap.node(size=7)
    heap.edge(system, debugger, "element", 1)
    heap.edge(debugger, mine)
    heap.edge(window, mine)
    graph = heap.graph()
    assert graph.dominator[mine] == window
    assert graph.retained_size[window] == 17
    assert graph.retained_size[debugger] == 5


def test_dom_trees_are_the_pages() -> None:
    heap, _, system = page()
    trees = heap.node("synthetic", "(Document DOM trees)", 0)
    heap.edge(0, trees, "element", 2)
    document = heap.node("native", "Document", 20)
    heap.edge(trees, document, "element", 1)
    other = heap.node(size=1)
    heap.edge(system, other, "element", 1)
    heap.edge(other, document)
    graph = heap.graph()
    assert graph.dominator[document] == trees
    assert graph.distance[trees] == 1


def weak_map(heap: Heap, key: int, table: int, value: int, number: int) -> None:
    """The two edges that V8 writes for an entry of a WeakMap."""
    ids = [heap.nodes[node]["id"] for node in (key, value, table)]
    name = (
        f" / part of key (Key @{ids[0]}) -> value (Value @{ids[1]})"
        f" pair in WeakMap (table @{ids[2]})"
    )
    heap.edge(key, value, "internal", f"{number}{name}")
    heap.edge(table, value, "internal", f"{number + 1}{name}")


def test_a_weak_map_value_is_its_keys() -> None:
    heap, window, _ = page()
    key, table, value = (heap.node(size=8) for _ in range(3))
    chain = heap.node(size=8)
    heap.edge(window, table)
    heap.edge(window, chain)
    heap.edge(chain, key)
    weak_map(heap, key, table, value, 7)
    graph = heap.graph()
    assert graph.dominator[value] == key
    assert graph.retained_size[key] == 16
    # As far as the farther of the two.
    assert graph.distance[[table, key, value]].tolist() == [2, 3, 4]


def test_a_weak_map_whose_key_is_nearer() -> None:
    heap, window, _ = page()
    key, table, value, chain = (heap.node(size=8) for _ in range(4))
    heap.edge(window, key)
    heap.edge(window, chain)
    heap.edge(chain, table)
    weak_map(heap, key, table, value, 1)
    assert heap.graph().distance[[key, table, value]].tolist() == [2, 3, 4]


def test_many_weak_map_entries() -> None:
    heap, window, _ = page()
    table = heap.node(size=8)
    heap.edge(window, table)
    values = []
    for entry in range(1500):
        key, value = heap.node(size=1), heap.node(size=2)
        heap.nodes[key]["id"] = 10_001 + 4 * entry
        heap.nodes[value]["id"] = 10_003 + 4 * entry
        heap.edge(window, key)
        weak_map(heap, key, table, value, 2 * entry)
        values.append((key, value))
    graph = heap.graph()
    assert all(graph.dominator[value] == key for key, value in values)


def test_sizes_move_to_the_only_owner() -> None:
    heap, window, _ = page()
    owner, array, hidden, deep = (
        heap.node("object", "Owner", 1),
        heap.node("array", "", 10),
        heap.node("hidden", "", 100),
        heap.node("array", "", 1000),
    )
    heap.edge(window, owner)
    heap.edge(owner, array, "internal", "elements")
    heap.edge(array, hidden, "internal", "x")
    heap.edge(hidden, deep, "internal", "x")
    shared = heap.node("array", "", 7)
    heap.edge(owner, shared, "internal", "y")
    heap.edge(window, shared, "internal", "y")
    weakly = heap.node("array", "", 5)
    heap.edge(owner, weakly, "weak", "z")
    text = heap.node("native", "system / ExternalStringData", 50)
    string = heap.node("string", "text", 2)
    heap.edge(owner, string)
    heap.edge(string, text, "internal", "data")
    graph = heap.graph()
    assert graph.shallow_size[[owner, array, hidden, deep]].tolist() == [1111, 0, 0, 0]
    assert graph.shallow_size[[shared, weakly]].tolist() == [7, 5]
    assert graph.shallow_size[[string, text]].tolist() == [52, 0]
    assert graph.self_size[owner] == 1
    assert graph.total_size == int(graph.shallow_size.sum())


def test_synthetic_nodes_take_no_sizes() -> None:
    heap, _, system = page()
    array = heap.node("array", "", 10)
    heap.edge(system, array, "element", 1)
    graph = heap.graph()
    assert graph.shallow_size[[system, array]].tolist() == [0, 10]


def test_sizes_stay_where_internals_are_exposed() -> None:
    """No root edge leads to anything of the user's: taken with exposeInternals."""
    heap = Heap()
    heap.node("synthetic", "", 0)
    system = heap.node("synthetic", "(GC roots)", 0)
    heap.edge(0, system, "element", 1)
    owner, array = heap.node(size=1), heap.node("array", "", 10)
    heap.edge(system, owner, "element", 1)
    heap.edge(owner, array, "internal", "elements")
    graph = heap.graph()
    assert graph.shallow_size.tolist() == [0, 0, 1, 10]
    assert graph.distance.tolist() == [0, 1, 2, 3]


def test_system_distances() -> None:
    heap, window, system = page()
    internal, never = heap.node(size=1), heap.node(size=1)
    heap.edge(system, internal, "element", 1)
    heap.edge(window, never, "weak", "x")
    graph = heap.graph()
    assert graph.distance.tolist() == [
        SYSTEM_DISTANCE,
        1,
        SYSTEM_DISTANCE + 1,
        SYSTEM_DISTANCE + 2,
        NO_DISTANCE,
    ]


def test_skipped_on_the_way() -> None:
    heap, window, _ = page()
    native_context = heap.node("hidden", "system / NativeContext", 1)
    heap.edge(window, native_context, "internal", "context")
    sloppy, strict = heap.node(size=1), heap.node(size=1)
    heap.edge(native_context, sloppy, "internal", "sloppy_function_map")
    heap.edge(native_context, strict, "internal", "strict_function_map")
    descriptors = heap.node("array", "(map descriptors)", 1)
    heap.edge(window, descriptors, "internal", "descriptors")
    targets = [heap.node(size=1) for _ in range(8)]
    for index, target in enumerate(targets):
        heap.edge(descriptors, target, "element", index)
    named = heap.node(size=1)
    heap.edge(descriptors, named, "internal", "7 in a name")
    plain = heap.node(size=1)
    heap.edge(descriptors, plain, "internal", "map")
    distance = heap.graph().distance
    assert distance[[sloppy, strict]].tolist() == [NO_DISTANCE, 3]
    # Elements 4 and 7 are descriptors; 1 is the enum cache.
    assert [distance[target] for target in targets] == [3, 3, 3, 3, NO_DISTANCE, 3, 3, NO_DISTANCE]
    assert distance[[named, plain]].tolist() == [NO_DISTANCE, 3]


def test_detached_state_spreads_through_the_embedders_nodes() -> None:
    heap, window, _ = page()
    attached = heap.node("native", "<div class='a b'>", 1, detachedness=1)
    detached = heap.node("native", "<p id=x>", 1, detachedness=2)
    child, both = heap.node("native", "<b>", 1), heap.node("native", "<i>", 1)
    script, beyond = heap.node("object", "Thing", 1), heap.node("native", "Blob", 1)
    for source, target in (
        (window, attached),
        (window, detached),
        (attached, both),
        (detached, child),
        (detached, both),
        (detached, script),
        (script, beyond),
    ):
        heap.edge(source, target)
    graph = heap.graph()
    nodes = [attached, detached, child, both, script, beyond]
    assert graph.detachedness[nodes].tolist() == [1, 2, 2, 1, 0, 0]
    names = [graph.classes.keys[graph.classes.class_of[node]].name for node in nodes]
    assert names == ["<div>", "Detached <p>", "Detached <b>", "<i>", "Thing", "Blob"]


def test_old_files_name_detached_nodes() -> None:
    heap, window, _ = page()
    heap.node_fields.remove("detachedness")
    node = heap.node("native", "Detached HTMLDivElement", 1)
    heap.edge(window, node)
    graph = heap.graph()
    assert graph.detachedness[node] == 2
    assert graph.classes.keys[graph.classes.class_of[node]].name == "Detached HTMLDivElement"


def test_plain_objects_by_their_properties() -> None:
    heap, window, _ = page()

    def plain(*names: str) -> int:
        node = heap.node("object", "Object", 1)
        heap.edge(window, node)
        for name in names:
            heap.edge(node, window, "property", name)
        return node

    pairs = [plain("a", "b") for _ in range(3)]
    swapped = plain("b", "a")
    more = plain("a", "b", "c")
    quoted = [plain("with, comma", "__proto__") for _ in range(2)]
    lone, empty = plain("z"), plain()
    long = [plain(*[f"property{i:03}" for i in range(30)]) for _ in range(2)]
    graph = heap.graph()

    def name(node: int) -> str:
        return graph.classes.keys[graph.classes.class_of[node]].name

    assert [name(node) for node in pairs] == ["{a, b}"] * 3
    assert name(swapped) == "{a, b}"
    assert name(more) == "{a, b}"
    assert name(quoted[0]) == '{"with, comma"}'
    assert (name(lone), name(empty)) == ("Object", "Object")
    assert name(long[0]).startswith("{property000, property001")
    assert len(name(long[0])) <= 122


def test_classes_by_place_and_their_sums() -> None:
    heap, window, _ = page()
    stride = len(heap.node_fields)
    ones = [heap.node("object", "Session", 10) for _ in range(2)]
    other = heap.node("object", "Session", 5)
    heap.edge(window, ones[0])
    heap.edge(ones[0], ones[1])
    heap.edge(window, other)
    heap.locations = [
        [ones[0] * stride, 7, 1, 2],
        [ones[1] * stride, 7, 1, 2],
        [other * stride, 7, 9, 2],
    ]
    totals = {
        (one.key.name, one.key.location and one.key.location.line): one
        for one in heap.graph().class_totals
    }
    first, second = totals["Session", 1], totals["Session", 9]
    # The second instance is held by the first and counts once.
    assert (first.count, first.shallow_size, first.retained_size, first.distance) == (2, 20, 20, 2)
    assert (second.count, second.retained_size) == (1, 5)
