"""Dominators and retained sizes against networkx, and shapes that break naive algorithms."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heap.building import Heap
from leakline.heap import NO_DISTANCE, SYSTEM_DISTANCE, Graph, read_graph

KINDS = ["context", "element", "property", "internal", "hidden", "weak"]


@st.composite
def heaps(draw: st.DrawFn) -> Heap:
    """Random graphs: weak edges, self loops, many edges between two nodes, parts unreached."""
    heap = Heap()
    heap.node("synthetic", "", 0)
    count = draw(st.integers(0, 24))
    for _ in range(count):
        heap.node("object", size=draw(st.integers(0, 100)))
    node = st.integers(0, count)
    for source, target, kind in draw(
        st.lists(st.tuples(node, node, st.sampled_from(KINDS)), max_size=4 * count + 2)
    ):
        heap.edge(source, target, kind, 0 if kind in ("element", "hidden") else "x")
    return heap


def expected_dominators(heap: Heap) -> dict[int, int]:
    """What networkx finds, with what nothing holds hung below the root."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(heap.nodes)))
    weak = 6
    for source, own in enumerate(heap.edges):
        graph.add_edges_from(
            (source, target) for kind, _, target in own if kind != weak and source != target
        )
    graph.add_edges_from((0, node) for node in list(graph) if node and not graph.in_degree(node))
    found = dict(nx.immediate_dominators(graph, 0))
    # Rings that nothing holds stand below the root one by one.
    return {node: found.get(node) or 0 for node in graph}


@settings(deadline=None, max_examples=300)
@given(heap=heaps())
def test_like_networkx(heap: Heap) -> None:
    graph = heap.graph()
    dominators = expected_dominators(heap)
    assert dict(enumerate(graph.dominator.tolist())) == dominators
    retained = graph.shallow_size.tolist()
    tree = nx.DiGraph((above, node) for node, above in dominators.items() if node)
    tree.add_node(0)
    for node in nx.dfs_postorder_nodes(tree, 0):
        for above in tree.predecessors(node):
            retained[above] += retained[node]
    assert graph.retained_size.tolist() == retained


@settings(deadline=None, max_examples=200)
@given(heap=heaps(), data=st.data())
def test_what_nodes_hold_together(heap: Heap, data: st.DataObject) -> None:
    graph = heap.graph()
    above = graph.dominator.tolist()

    def holders(node: int) -> set[int]:
        found = {node}
        while node:
            node = above[node]
            found.add(node)
        return found

    nodes = st.integers(0, graph.node_count - 1)
    roots = data.draw(st.lists(nodes, max_size=6))
    held = [node for node in range(graph.node_count) if holders(node) & set(roots)]
    assert np.sort(graph.held_by(np.array(roots, np.int64))).tolist() == held
    node = data.draw(nodes)
    every = np.arange(graph.node_count)
    assert graph.dominates(node, every).tolist() == [node in holders(each) for each in every]


@settings(deadline=None, max_examples=200)
@given(heap=heaps())
def test_distances_like_networkx(heap: Heap) -> None:
    graph = heap.graph()
    plain = nx.DiGraph()
    plain.add_nodes_from(range(len(heap.nodes)))
    for source, own in enumerate(heap.edges):
        plain.add_edges_from((source, target) for kind, _, target in own if kind != 6)
    # Root edges lead to user roots, weak ones too; all nodes but the root are of the user.
    roots = {target for _, _, target in heap.edges[0] if target}
    expected = {}
    if roots:
        lengths = nx.multi_source_dijkstra_path_length(plain, roots)
        expected = {node: int(length) + 1 for node, length in lengths.items()}
    expected[0] = SYSTEM_DISTANCE if roots else 0
    for node in plain:
        assert graph.distance[node] == expected.get(node, NO_DISTANCE), node


@settings(deadline=None, max_examples=100)
@given(heap=heaps())
def test_retainers_are_the_edges_turned_round(heap: Heap) -> None:
    graph = heap.graph()
    expected = sorted(
        (target, source) for source, own in enumerate(heap.edges) for _, _, target in own
    )
    found = [
        (node, int(graph.retainer_node[row]))
        for node in range(graph.node_count)
        for row in graph.retainers_of(node)
    ]
    assert found == expected
    for row in range(graph.edge_count):
        edge = int(graph.retainer_edge[row])
        assert graph.edge_source(edge) == graph.retainer_node[row]


def long_list(nodes: int, *, backwards: bool = False) -> Graph:
    """A list of a million, each node pointing on (and back)."""
    fields = 6
    node = np.zeros((nodes, fields), np.int64)
    node[:, 0], node[:, 2], node[:, 3], node[:, 4] = 3, np.arange(nodes), 1, 1 + backwards
    node[0, 0] = 9
    node[-1, 4] -= 1
    node[0, 4] -= backwards
    edges = []
    order = np.arange(1, nodes)
    on = np.stack([np.full(nodes - 1, 2), np.zeros(nodes - 1), order * fields], 1)
    if backwards:
        back = np.stack([np.full(nodes - 1, 2), np.zeros(nodes - 1), (order - 1) * fields], 1)
        pairs = np.empty((2 * (nodes - 1), 3))
        pairs[0::2], pairs[1::2] = on, back
        edges = pairs
    else:
        edges = on
    head = Heap()
    head.node()
    meta = head.file().split(b'"node_count"')[0]
    numbers = repr(node.ravel().tolist())[1:-1].encode()
    links = repr(edges.astype(np.int64).ravel().tolist())[1:-1].encode()
    return read_graph(
        meta
        + b'"edge_count":%d},"nodes":[' % len(edges)
        + numbers
        + b'],"edges":['
        + links
        + b'],"strings":["next"]}'
    )


@pytest.mark.parametrize("backwards", [False, True])
def test_a_list_of_a_million(*, backwards: bool) -> None:
    nodes = 1_000_000
    graph = long_list(nodes, backwards=backwards)
    np.testing.assert_array_equal(graph.dominator[1:], np.arange(nodes - 1))
    np.testing.assert_array_equal(graph.retained_size, np.arange(nodes, 0, -1))
    assert graph.distance[-1] == nodes - 1


def test_rings_and_orphans() -> None:
    heap = Heap()
    heap.node("synthetic", "", 0)
    orphan, below, one, two = (heap.node(size=10) for _ in range(4))
    heap.edge(orphan, below)
    heap.edge(one, two)
    heap.edge(two, one)
    graph = heap.graph()
    assert graph.dominator.tolist() == [0, 0, orphan, 0, 0]
    assert graph.retained_size.tolist() == [40, 20, 10, 10, 10]
    assert graph.distance.tolist() == [0] + [NO_DISTANCE] * 4


def test_an_orphan_takes_part_in_holding() -> None:
    heap = Heap()
    heap.node("synthetic", "", 0)
    held, orphan, shared = (heap.node(size=10) for _ in range(3))
    heap.edge(0, held, "element", 1)
    heap.edge(held, shared)
    heap.edge(orphan, shared)
    assert heap.graph().dominator.tolist() == [0, 0, 0, 0]
    assert shared == 3
