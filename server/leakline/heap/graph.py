"""The heap as columns: nodes, edges both ways, and what follows from them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leakline.heap import kernels
from leakline.heap.allocations import Allocations
from leakline.heap.arrays import as_array
from leakline.heap.classes import Classes
from leakline.heap.engine import view
from leakline.heap.figures import Figures
from leakline.heap.meta import NUMBERED
from leakline.heap.sums import ClassTotal, OwnSums
from leakline.heap.tables import Locations, Samples, Scopes

Ordinals = NDArray[np.int64]


class Graph:
    """One heap snapshot, its figures as numpy arrays.

    Nodes are named by their *ordinal*, their place in the file counted from 0; node 0 is the
    root. Edges are named by their place likewise; the edges of a node stand together. Columns
    are numpy arrays that belong to the graph: do not write to them.

    What the file holds is there at once; edges backwards, shallow sizes, distances, dominators
    and retained sizes are worked out when first asked for, and kept. They agree with Chrome
    DevTools.
    """

    def __init__(
        self,
        figures: Figures,
        *,
        scopes: Scopes | None,
        allocations: Allocations | None,
        samples: Samples | None,
    ) -> None:
        """Take what :func:`leakline.heap.read_graph` has read and checked."""
        columns, meta = figures.columns, figures.meta
        self.figures = figures
        self.name = figures.name
        self.meta = meta
        self.strings = figures.strings
        self.locations = Locations(
            as_array(figures.places.node),
            as_array(figures.places.script_id),
            as_array(figures.places.line),
            as_array(figures.places.column),
        )
        self.scopes = scopes
        self.allocations = allocations
        self.samples = samples
        self.node_type_names = meta.node_types
        self.edge_type_names = meta.edge_types
        self.node_type: NDArray[np.uint8] = as_array(columns.node_type)
        self.node_name: NDArray[np.uint32] = as_array(columns.node_name)
        self.node_id: NDArray[np.int64] = as_array(columns.node_id)
        self.self_size: NDArray[np.int64] = as_array(columns.self_size)
        self.trace_node: NDArray[np.int64] = as_array(columns.trace_node)
        self.first_edge: NDArray[np.int32] = as_array(columns.first_edge)
        self.edge_type: NDArray[np.uint8] = as_array(columns.edge_type)
        self.edge_name_or_index: NDArray[np.uint32] = as_array(columns.edge_name_or_index)
        self.edge_to: NDArray[np.int32] = as_array(columns.edge_to)
        self.node_count = columns.nodes
        self.edge_count = columns.edges
        self._numbered = tuple(kind in NUMBERED for kind in meta.edge_types)

    def __repr__(self) -> str:
        return f"<Graph {self.name}: {self.node_count} nodes, {self.edge_count} edges>"

    # ------------------------------------------------------------------ names

    def string(self, index: int) -> str:
        """Decode a string; it may hold lone surrogates.

        Raises:
            IndexError: There is no such string.
        """
        return self.strings[index]

    def node_name_of(self, node: int) -> str:
        """Give a node's name as V8 wrote it."""
        return self.strings[int(self.node_name[node])]

    def node_type_name(self, node: int) -> str:
        """Give the name of a node's type, such as ``closure``."""
        return self.node_type_names[int(self.node_type[node])]

    def edge_type_name(self, edge: int) -> str:
        """Give the name of an edge's type, such as ``context``."""
        return self.edge_type_names[int(self.edge_type[edge])]

    def edge_name(self, edge: int) -> str | int:
        """Give an edge's name; the number of an ``element`` or ``hidden`` edge."""
        value = int(self.edge_name_or_index[edge])
        return value if self._numbered[int(self.edge_type[edge])] else self.strings[value]

    # ------------------------------------------------------------------ looking up

    def edges_of(self, node: int) -> range:
        """Give the indexes of the edges that leave a node."""
        return range(int(self.first_edge[node]), int(self.first_edge[node + 1]))

    def retainers_of(self, node: int) -> range:
        """Give the indexes into ``retainer_node`` and ``retainer_edge`` of a node."""
        return range(int(self.first_retainer[node]), int(self.first_retainer[node + 1]))

    def internal(self, node: int, name: str) -> int | None:
        """Give where a node's first ``internal`` edge of a name leads, None where it has none."""
        for edge in self.edges_of(node):
            if self.edge_type_name(edge) == "internal" and self.edge_name(edge) == name:
                return int(self.edge_to[edge])
        return None

    def node_by_id(self, node_id: int) -> int | None:
        """Give the ordinal of the node with V8's object id, None where none has it."""
        order, ids = self._by_id
        row = int(np.searchsorted(ids, node_id))
        return int(order[row]) if row < ids.size and ids[row] == node_id else None

    def nodes_named(self, text: str, type_name: str | None = None) -> Ordinals:
        """Give the ordinals, int64 and rising, of the nodes of that name (and type)."""
        index = self.strings.index(text)
        if index is None:
            return np.zeros(0, np.int64)
        nodes = np.flatnonzero(self.node_name == index)
        if type_name is not None:
            of_type = self.node_type[nodes] == self.meta.node_type(type_name)
            nodes = nodes[of_type]
        return nodes

    def find_edges_named(self, text: str, type_name: str) -> Ordinals:
        """Give the indexes, int64 and rising, of the edges of that name and type."""
        index = self.strings.index(text)
        kind = self.meta.edge_type(type_name)
        if index is None or kind < 0:
            return np.zeros(0, np.int64)
        named = self.edge_name_or_index == index
        return np.flatnonzero(named & (self.edge_type == kind))

    def edge_source(self, edge: int) -> int:
        """Give the ordinal of the node that an edge leaves."""
        # Of the column's own type: numpy would turn the whole column into another.
        return int(self.first_edge.searchsorted(np.int32(edge), side="right")) - 1

    def edge_sources(self, edges: Ordinals) -> Ordinals:
        """Give the ordinals, int64, of the nodes that some edges leave."""
        return self.first_edge.searchsorted(edges.astype(np.int32), side="right") - 1

    @cached_property
    def _by_id(self) -> tuple[Ordinals, NDArray[np.int64]]:
        order = np.argsort(self.node_id, kind="stable")
        return order, self.node_id[order]

    # ------------------------------------------------------------------ worked out

    def work_out(self) -> None:
        """Work out all figures at once, on several cores; asking for one does it too, alone."""
        self.figures.work_out()

    @cached_property
    def _retainers(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        first, nodes, edges = self.figures.retainers
        return as_array(first), as_array(nodes), as_array(edges)

    @property
    def first_retainer(self) -> NDArray[np.int32]:
        """int32 per node and one more: the node's first row in the retainer columns."""
        return self._retainers[0]

    @property
    def retainer_node(self) -> NDArray[np.int32]:
        """int32 per in-edge: ordinal of the node that it leaves; rises within a node."""
        return self._retainers[1]

    @property
    def retainer_edge(self) -> NDArray[np.int32]:
        """int32 per in-edge: the edge; rises within a node."""
        return self._retainers[2]

    @cached_property
    def shallow_size(self) -> NDArray[np.int64]:
        """int64 per node: bytes, those of V8's own parts counted to the object owning them."""
        return as_array(self.figures.shallow_size)

    @cached_property
    def distance(self) -> NDArray[np.int32]:
        """int32 per node: edges from the user's roots, which have 1.

        From :data:`leakline.heap.SYSTEM_DISTANCE` up where only V8's own roots lead there;
        :data:`leakline.heap.NO_DISTANCE` where nothing does.
        """
        return as_array(self.figures.distance)

    @cached_property
    def dominator(self) -> NDArray[np.int32]:
        """int32 per node: ordinal of its immediate dominator; the root's is the root."""
        return as_array(self.figures.dominator)

    @cached_property
    def retained_size(self) -> NDArray[np.int64]:
        """int64 per node: bytes that would go with it."""
        return as_array(self.figures.retained_size)

    @cached_property
    def first_dominated(self) -> NDArray[np.int32]:
        """int32 per node and one more: the node's first row in ``dominated``."""
        return as_array(self.figures.dominated[0])

    @cached_property
    def dominated(self) -> NDArray[np.int32]:
        """int32 per node but the root: the nodes by their immediate dominator."""
        return as_array(self.figures.dominated[1])

    @cached_property
    def _tour(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        nodes = self.node_count
        tour, place = np.empty(nodes, np.int32), np.empty(nodes, np.int32)
        below = np.ones(nodes, np.int32)
        kernels.tour_tree(
            view(self.dominator),
            view(self.first_dominated),
            view(self.dominated),
            view(np.empty(nodes, np.int32)),
            view(tour),
            view(place),
            view(below),
        )
        return tour, place, below

    def held_by(self, roots: Ordinals) -> Ordinals:
        """The nodes that at least one of some nodes dominates, those included.

        Takes time by what is found, not by the size of the heap.

        Args:
            roots: int64, ordinals, in any order and number.

        Returns:
            int64, ordinals, each once.
        """
        tour, place, below = self._tour
        starts = np.sort(place[roots].astype(np.int64))
        ends = starts + below[tour[starts]]
        if not starts.size:
            return starts
        # What hangs below an earlier one is in its piece.
        reached = np.concatenate([[0], np.maximum.accumulate(ends)[:-1]])
        outer = starts >= reached
        starts, counts = starts[outer], (ends - starts)[outer]
        shifts = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        places: Ordinals = shifts + np.arange(counts.sum(), dtype=np.int64)
        return tour[places].astype(np.int64)

    def dominates(self, node: int, nodes: Ordinals) -> NDArray[np.bool_]:
        """For each of some nodes whether a node dominates it; each dominates itself."""
        _, place, below = self._tour
        first = int(place[node])
        return (place[nodes] >= first) & (place[nodes] < first + int(below[node]))

    @cached_property
    def detachedness(self) -> NDArray[np.uint8]:
        """uint8 per node: 0 unknown, 1 attached to a page's DOM, 2 detached from it."""
        return as_array(self.figures.detachedness)

    @property
    def classes(self) -> Classes:
        """Every node's class, as in DevTools' Summary."""
        return self.figures.classes

    @cached_property
    def class_of(self) -> NDArray[np.int32]:
        """int32 per node: index of its class in the keys of :attr:`classes`."""
        return as_array(self.classes.class_of)

    def classes_like(self, other: Classes) -> Classes:
        """Every node's class, plain objects told apart as in another snapshot."""
        return self.figures.classes_like(other)

    def own_sums_of(self, group_of: NDArray[np.int32], groups: int) -> OwnSums:
        """Add up the nodes of each group.

        Args:
            group_of: int32 per node, from 0 to below ``groups``.
            groups: How many groups there are.
        """
        return self.figures.own_sums_of(group_of, groups)

    def retained_sums_of(self, group_of: NDArray[np.int32], groups: int) -> NDArray[np.int64]:
        """Add up what each group retains.

        Args:
            group_of: int32 per node, from 0 to below ``groups``.
            groups: How many groups there are.

        Returns:
            int64 per group, bytes.
        """
        return as_array(self.figures.retained_sums_of(group_of, groups))

    @property
    def class_totals(self) -> tuple[ClassTotal, ...]:
        """The classes that have a size, largest retained size first."""
        return self.figures.class_totals

    @cached_property
    def total_size(self) -> int:
        """Sum of the shallow sizes, bytes."""
        return int(self.self_size.sum())
