"""What the heap answers, against Chrome DevTools' figures and by hand."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from heap.building import Heap, small
from heap.test_devtools_agreement import NAMES, SNAPSHOTS, graph_of, reference
from leakline.heap import Graph, read_graph, views
from leakline.heap.retention import SYSTEM_DISTANCE

DEMO = Path(__file__).parents[2] / "server" / "leakline" / "cli" / "demo"


def demo(number: int) -> Graph:
    return read_graph(gzip.decompress((DEMO / f"{number}.heapsnapshot.gz").read_bytes()))


@pytest.mark.parametrize("name", NAMES)
def test_statistics_are_devtools(name: str) -> None:
    found = views.statistics(graph_of(name))
    assert {
        "total": found.total,
        "native": {"total": found.native, "typedArrays": found.typed_arrays},
        "v8heap": {
            "total": found.v8_heap,
            "code": found.code,
            "jsArrays": found.js_arrays,
            "strings": found.strings,
            "system": found.system,
        },
    } == reference()[name]["statistics"]


def test_comparison_is_devtools() -> None:
    """Figures of ``bench/heap/comparison.mjs``."""
    found = {}
    for row in views.Comparison(demo(0), demo(3)).classes(10**6):
        place = row.key.location
        prefix = f"{place.script_id},{place.line},{place.column}" if place else ""
        figures = [row.new, row.deleted, row.new_size, row.deleted_size]
        found[f"{prefix},{row.key.name}"] = figures
    assert found == json.loads((Path(__file__).parent / "comparison.json").read_text())


def test_comparison_lists_objects_by_id() -> None:
    older, newer = small(), small()
    newer.node("object", "Session", 40, id=1001)
    newer.edge(1, 4, "property", "session")
    older.node("object", "Gone", 24, id=999)
    older.edge(1, 4, "property", "gone")
    comparison = views.Comparison(older.graph(), newer.graph())
    assert [row.id for row in comparison.new_objects(None, 9)] == [1001]
    assert [row.id for row in comparison.new_objects("Session", 9)] == [1001]
    assert comparison.new_objects("Gone", 9) == ()
    assert [row.id for row in comparison.deleted_objects("Gone", 9)] == [999]
    first, second = comparison.classes(9)
    assert (first.key.name, first.delta, first.size_delta) == ("Session", 1, 40)
    assert (second.key.name, second.delta, second.size_delta) == ("Gone", -1, -24)
    assert [row.key.name for row in comparison.classes(1)] == ["Session"]


def test_equal_snapshots_have_no_difference() -> None:
    assert views.Comparison(demo(0), demo(0)).classes(10) == ()


def test_summary_is_the_largest_classes() -> None:
    graph = demo(3)
    assert views.summary(graph, 3) == graph.class_totals[:3]
    rows = views.objects_of(graph, "(string)", 4)
    sizes = [row.retained_size for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    every = graph.retained_size[graph.node_type == graph.meta.node_type("string")]
    assert sizes == sorted(every.tolist(), reverse=True)[:4]
    assert {row.class_name for row in rows} == {"(string)"}
    assert views.objects_of(graph, "no such class", 4) == ()


def nodes_of(path: views.RetainerPath) -> list[int]:
    return [hop.node for hop in path.hops]


def diamond() -> Heap:
    """root -> window -> a, b -> leak, and by a longer way; a ring hangs at the leak."""
    heap = Heap()
    root = heap.node("synthetic", "", 0)
    window = heap.node("object", "Window")
    short, other, far, leak = (heap.node(name=name) for name in ("a", "b", "far", "Leak"))
    heap.edge(root, window, "shortcut", "global")
    heap.edge(window, short, name="a")
    heap.edge(window, other, name="b")
    heap.edge(other, far, name="far")
    heap.edge(far, leak, name="leak")
    heap.edge(short, leak, name="leak")
    heap.edge(short, leak, name="again")
    heap.edge(leak, leak, name="self")
    heap.edge(leak, short, name="back")
    heap.edge(window, leak, "weak", "weak")
    return heap


def test_paths_come_shortest_first_and_never_twice_or_in_rings() -> None:
    graph = diamond().graph()
    found = views.retainer_paths(graph, 5, limit=9, longest=50)
    assert [nodes_of(path) for path in found] == [[2, 1, 0], [4, 3, 1, 0]]
    assert [graph.edge_name(hop.edge) for hop in found[0].hops] == ["leak", "a", "global"]
    assert not any(path.cut for path in found)
    assert len(views.retainer_paths(graph, 5, limit=1, longest=50)) == 1


def test_a_long_path_is_cut() -> None:
    graph = diamond().graph()
    (first, *_) = views.retainer_paths(graph, 5, limit=9, longest=2)
    assert nodes_of(first) == [2, 1]
    assert first.cut


def test_nothing_holds_the_root() -> None:
    assert views.retainer_paths(diamond().graph(), 0, limit=9, longest=50) == ()


def test_an_object_with_many_retainers() -> None:
    heap = diamond()
    for number in range(2000):
        holder = heap.node(name="holder")
        heap.edge(1, holder, "element", number)
        heap.edge(holder, 5, name="leak")
    graph = heap.graph()
    found = views.retainer_paths(graph, 5, limit=7, longest=50)
    assert len({tuple(nodes_of(path)) for path in found}) == 7
    assert {len(path.hops) for path in found} == {3}


@pytest.mark.parametrize("name", NAMES)
def test_paths_of_real_objects_have_their_distance(name: str) -> None:
    graph = graph_of(name)
    for node in range(1, graph.node_count, graph.node_count // 40):
        distance = int(graph.distance[node])
        if not 0 < distance < SYSTEM_DISTANCE:
            continue
        paths = views.retainer_paths(graph, node, limit=3, longest=5000)
        assert paths, node
        lengths = [len(path.hops) for path in paths]
        assert lengths == sorted(lengths)
        assert lengths[0] == distance
        for path in paths:
            at = node
            for hop in path.hops:
                assert hop.edge in graph.edges_of(hop.node)
                assert graph.edge_to[hop.edge] == at
                assert graph.edge_type_name(hop.edge) != "weak"
                at = hop.node
            assert at == 0


def test_dominators_are_a_tree_of_the_largest() -> None:
    graph = demo(3)
    found = views.dominator_tree(graph, 0, depth=3, limit=40)
    assert len(found) == 40
    assert found[0].row.retained_size == graph.retained_size[0]
    parents: list[int] = []
    for branch in found:
        del parents[branch.depth :]
        if parents:
            assert graph.dominator[branch.row.node] == parents[-1]
        parents.append(branch.row.node)
        assert branch.depth <= 3
    (only, *_) = views.dominator_tree(graph, found[1].row.node, depth=1, limit=1)
    assert only.row == found[1].row


def test_containment_follows_edges_and_ends_in_rings() -> None:
    graph = diamond().graph()
    found = views.containment_tree(graph, 5, depth=4, limit=50)
    assert [(one.depth, one.edge_name) for one in found][:3] == [
        (0, None),
        (1, "self"),
        (2, "self"),
    ]
    assert max(one.depth for one in found) == 4
    assert len(views.containment_tree(graph, 5, depth=100, limit=20)) == 20


def test_strings() -> None:
    heap = small()
    for text, size in (
        ("twice", 24),
        ("twice", 24),
        ("twice", 32),
        ("long", 2000),
        ("x" * 1024, 1040),
    ):
        heap.edge(1, heap.node("string", text, size), "property", "s")
    graph = heap.graph()
    (twice,) = views.duplicate_strings(graph, 9)
    assert (twice.text, twice.count, twice.shallow_size, twice.wasted) == ("twice", 2, 48, 24)
    longest = views.longest_strings(graph, 2)
    assert [(row.text[:4], row.shallow_size, row.is_cut) for row in longest] == [
        ("long", 2000, False),
        ("xxxx", 1040, True),
    ]
    assert views.duplicate_strings(small().graph(), 9) == ()


def test_detached_nodes() -> None:
    heap = small()
    for name, size, state in (("<div>", 8, 2), ("<p>", 80, 2), ("<b>", 8, 1)):
        heap.edge(1, heap.node("native", name, size, detachedness=state), "property", "n")
    found = views.detached_nodes(heap.graph(), 9)
    assert [(row.class_name, row.shallow_size) for row in found] == [
        ("Detached <p>", 80),
        ("Detached <div>", 8),
    ]


def test_closures_are_grouped_by_place() -> None:
    heap = small()
    stride = len(heap.node_fields)
    for place in (9, 9, 3):
        node = heap.node("closure", f"at{place}", 64)
        heap.edge(1, node, "property", "f")
        heap.locations.append([node * stride, 7, 4, place])
    first, second = views.closure_groups(heap.graph(), 9)
    # `held`, of 32 bytes, is at the place of the two.
    assert (first.count, first.shallow_size, first.location.column) == (3, 160, 9)
    assert (second.count, second.name, second.location.script_id) == (1, "at3", 7)
    assert len(views.closure_groups(heap.graph(), 1)) == 1
    assert views.closure_groups(diamond().graph(), 9) == ()


def test_contexts_have_their_variables() -> None:
    heap = small()
    stride = len(heap.node_fields)
    value = heap.node("object", "Cache", 500)
    for _ in range(2):
        context = heap.node("object", "system / Context", 32)
        closure = heap.node("closure", "poll", 64)
        heap.edge(1, closure, "property", "f")
        heap.edge(closure, context, "internal", "context")
        heap.edge(context, value, "context", "cache")
        heap.locations.append([closure * stride, 7, 4, 9])
    (group,) = views.context_groups(heap.graph(), 9)
    assert (group.count, group.shallow_size, group.used_by) == (2, 64, "poll")
    assert [(one.name, one.value.class_name) for one in group.variables] == [("cache", "Cache")]
    assert group.location is not None
    assert group.location.script_id == 7
    assert views.context_groups(diamond().graph(), 9) == ()


@pytest.mark.parametrize("name", ["deno", "node20", "workerd"])
def test_contexts_of_real_snapshots(name: str) -> None:
    raw = gzip.decompress((SNAPSHOTS / f"{name}.heapsnapshot.gz").read_bytes())
    rows = views.context_groups(read_graph(raw), 1000)
    names = {variable.name for row in rows for variable in row.variables}
    assert "captured" in names


def test_a_knot_of_objects_does_not_hold_the_search_up() -> None:
    """Sixty objects that all hold each other: more paths than could ever be listed."""
    heap = diamond()
    knot = [heap.node(name="knot") for _ in range(60)]
    for one in knot:
        for other in knot:
            heap.edge(one, other, name="other")
    heap.edge(5, knot[0], name="knot")
    graph = heap.graph()
    found = views.retainer_paths(graph, knot[30], limit=1000, longest=50)
    assert nodes_of(found[0]) == [knot[0], 5, 2, 1, 0]
    assert 1 < len(found) <= 300


def test_the_example_of_the_docs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "heap.md").read_text(encoding="utf-8")
    example = page.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    shutil.copy(DEMO / "3.heapsnapshot.gz", "worker.heapsnapshot.gz")
    exec(example, {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[0].rsplit(" ", 2)[0] == demo(3).class_totals[0].key.name
