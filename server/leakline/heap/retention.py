"""Chrome DevTools' rules: what retains, how far a node is, whose a size is.

The rules are those of ``HeapSnapshot.ts`` in npm's ``chrome-devtools-frontend`` 1.0.1705227;
``docs/devtools-agreement.md`` says where Leakline differs. This module prepares what the
kernels need; the loops are theirs.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.marks import marked_nodes
from leakline.heap.meta import NUMBERED, Meta
from leakline.heap.room import Room
from leakline.heap.shapes import filled, hash_slots
from leakline.heap.strings import StringTable
from leakline.memory import zeros

NO_DISTANCE = -5
"""Distance of a node that nothing reaches."""

SYSTEM_DISTANCE = 100_000_000
"""Distance of the root, where the file has roots of the user's: V8's own begin here."""

DOM_TREES = "(Document DOM trees)"

_PAIR = re.compile(
    r"\d+( / part of key \([^\n\r\u2028\u2029]*? @\d+\) -> value \([^\n\r\u2028\u2029]*? @\d+\)"
    r" pair in WeakMap \(table @(\d+)\))",
    re.ASCII,
)


def user_distance(distance: int) -> int | None:
    """Give a distance from the user's roots, None where there is no such."""
    return None if distance == NO_DISTANCE or distance >= SYSTEM_DISTANCE else distance


class Rules:
    """The rules, applied to one file.

    Two edges lead to the value of a WeakMap, one from the key, one from the table. V8 gives
    both a name that ends in the same words; these words are a *pair* here.
    """

    def __init__(self, columns: Columns, meta: Meta, strings: StringTable, room: Room) -> None:
        """Take checked columns, and where to lay arrays."""
        self._room = room
        self._columns = columns
        self._meta = meta
        self._strings = strings
        self._weak = meta.edge_type("weak")
        self._graph = (view(columns.first_edge), view(columns.edge_to), view(columns.edge_type))
        self._names = view(columns.edge_name_or_index)

    def prepare(self) -> None:
        """Find what several rules need; afterwards they may run side by side."""
        _ = self._user_roots, self._pairs

    # ------------------------------------------------------------------ what the rules ask

    def _marked(self, wanted: Mapping[str, tuple[int, str | None]]) -> bytearray:
        return marked_nodes(self._columns, self._meta, self._strings, wanted)

    @cached_property
    def _root_edges(self) -> range:
        return range(self._columns.first_edge[1])

    @cached_property
    def _user_roots(self) -> array[int]:
        """Targets of the root's edges that are the user's, in the file's order, repeated."""
        columns, synthetic = self._columns, self._meta.node_type("synthetic")
        targets = columns.edge_to[: len(self._root_edges)].tolist()
        return array(
            "i",
            [
                node
                for node in targets
                if columns.node_type[node] != synthetic or self._is_dom_trees(node)
            ],
        )

    def _is_dom_trees(self, node: int) -> bool:
        columns = self._columns
        return (
            columns.node_type[node] == self._meta.node_type("synthetic")
            and columns.node_name[node] == self._dom_trees
        )

    @cached_property
    def _dom_trees(self) -> int | None:
        return self._strings.index(DOM_TREES)

    @cached_property
    def _pairs(self) -> tuple[memoryview, memoryview]:
        """For each string its pair, or -1; for each pair the object id of its table."""
        data, starts = view(self._strings.data), view(self._strings.starts)
        found = zeros(1024, "i")
        count = int(kernels.find_ephemeron_names(data, starts, view(found)))
        if count > len(found):
            found = zeros(count, "i")
            kernels.find_ephemeron_names(data, starts, view(found))
        found = found[:count]
        if count == 0:
            return zeros(0, "i"), zeros(0, "q")
        pair_of_string = filled(len(self._strings), -1)
        tables = zeros(count, "q")
        pairs = int(
            kernels.pair_ephemerons(
                data,
                starts,
                view(found),
                view(hash_slots(count)),
                view(zeros(count, "i")),
                view(tables),
                view(pair_of_string),
            )
        )
        if pairs < 0:
            return self._pairs_by_text(found)
        return pair_of_string, tables[:pairs]

    def _pairs_by_text(self, found: memoryview) -> tuple[memoryview, memoryview]:
        """Pair names that hold escapes or more than ASCII: equal texts count, not bytes."""
        pairs: dict[str, int] = {}
        tables: list[int] = []
        pair_of_string = filled(len(self._strings), -1)
        for index, text in zip(found.tolist(), self._strings.texts(found), strict=True):
            match = _PAIR.fullmatch(text)
            if match is None:
                continue
            pair = pairs.setdefault(match[1], len(pairs))
            if pair == len(tables):
                # An id that no node can have matches none.
                tables.append(int(match[2]) if len(match[2]) <= 18 else -1)
            pair_of_string[index] = pair
        return pair_of_string, memoryview(array("q", tables))

    # ------------------------------------------------------------------ shallow sizes

    def shallow_sizes(self) -> memoryview:
        """Move the sizes of V8's own parts to the objects that own them.

        Not where the root has no user roots: such a snapshot was taken with
        ``exposeInternals``, to show memory as it is.
        """
        nodes = self._columns.nodes
        size = self._room.kept(nodes, "q")
        size[:] = self._columns.self_size
        if not self._user_roots:
            return size
        movable = self._marked(
            {
                "hidden": (1, None),
                "array": (1, None),
                "native": (1, "system / ExternalStringData"),
            }
        )
        taker = self._marked(
            {kind: (1, None) for kind in self._meta.node_types if kind != "synthetic"}
        )
        taker[0] = 0
        kernels.shift_to_owners(
            *self._graph,
            self._weak,
            view(movable),
            view(taker),
            view(self._room.passing(nodes, "i")),
            view(self._room.passing(2 * nodes + 1, "i")),
            view(size),
        )
        return size

    # ------------------------------------------------------------------ distances

    def distances(self) -> memoryview:
        """Measure each node's distance from the user's roots, then from V8's."""
        meta, nodes = self._meta, self._columns.nodes
        special = self._marked(
            {
                "hidden": (1, "system / NativeContext"),
                "array": (2, "(map descriptors)"),
            }
        )
        sloppy = self._strings.index("sloppy_function_map")
        pair_of_string, tables = self._pairs
        pair_seen = bytearray(len(tables))
        distance = self._room.kept(nodes, "i")
        kernels.fill(view(distance), NO_DISTANCE)
        user_roots = self._user_roots
        queue = self._room.passing(nodes + len(user_roots) + 1, "i")

        def search(starts: array[int]) -> None:
            queue[: len(starts)] = starts
            kernels.measure_distances(
                view(self._strings.data),
                view(self._strings.starts),
                *self._graph,
                self._names,
                view(special),
                view(bytearray(kind in NUMBERED for kind in meta.edge_types)),
                self._weak,
                meta.edge_type("internal"),
                -1 if sloppy is None else sloppy,
                view(pair_of_string),
                view(pair_seen),
                view(distance),
                view(queue),
                len(starts),
            )

        for node in user_roots:
            distance[node] = 1
        search(user_roots)
        distance[0] = SYSTEM_DISTANCE if user_roots else 0
        search(array("i", [0]))
        return distance

    # ------------------------------------------------------------------ dominators

    def _page_owned(self) -> bytearray:
        """Mark what the page owns: all below its global objects and its DOM trees."""
        columns, meta = self._columns, self._meta
        shortcut, element = meta.edge_type("shortcut"), meta.edge_type("element")
        starts = set()
        for edge in self._root_edges:
            kind, node = columns.edge_type[edge], columns.edge_to[edge]
            if kind == shortcut or (kind == element and self._is_dom_trees(node)):
                starts.add(node)
        marks = bytearray(columns.nodes)
        queue = self._room.passing(columns.nodes, "i")
        for place, node in enumerate(sorted(starts)):
            marks[node] = 1
            queue[place] = node
        kernels.mark_reachable(*self._graph, self._weak, view(marks), view(queue), len(starts))
        return marks

    def numbering(self) -> Numbering:
        """Number the nodes depth first along the edges that retain.

        Nodes that no essential edge points to hang below the root. Nodes that even then
        nothing reaches, rings held by nothing, get no number.
        """
        columns, meta = self._columns, self._meta
        nodes, room = columns.nodes, self._room
        pair_of_string, pair_table = self._pairs
        state = self._page_owned()
        essential = room.passing(columns.edges, "B")
        number_of = room.passing(nodes, "i")
        kernels.fill(view(number_of), -1)
        node_at, parent = room.passing(nodes, "i"), room.passing(nodes, "i")
        reached = int(
            kernels.number_depth_first(
                *self._graph,
                self._names,
                view(columns.node_id),
                view(state),
                self._weak,
                meta.edge_type("shortcut"),
                meta.edge_type("internal"),
                view(pair_of_string),
                view(pair_table),
                view(essential),
                view(number_of),
                view(node_at),
                view(parent),
                view(room.passing(nodes, "i")),
            )
        )
        return Numbering(reached, number_of, node_at, parent, essential, state)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The nodes in depth-first order along the edges that retain.

    Attributes:
        reached: How many nodes have a number.
        number_of: ``i`` per node: its number, -1 where it has none.
        node_at: ``i`` per number: its node.
        parent: ``i`` per number: its parent in the depth-first tree, -1 for the root.
        essential: ``B`` per edge: 1 where it retains.
        state: ``B`` per node: 8 is set where an edge leads to it that does not retain.
    """

    reached: int
    number_of: memoryview
    node_at: memoryview
    parent: memoryview
    essential: memoryview
    state: bytearray


def dominators_and_retained_sizes(
    numbering: Numbering,
    retainers: tuple[memoryview, memoryview, memoryview],
    shallow_size: memoryview,
    room: Room,
) -> tuple[memoryview, memoryview]:
    """Find each node's immediate dominator, then add up sizes from the leaves.

    Nodes without a number stand below the root, one by one.

    Args:
        numbering: What :meth:`Rules.numbering` gave.
        retainers: First retainer per node, retaining nodes, retaining edges.
        shallow_size: Per node, bytes.
        room: Where to lay arrays.

    Returns:
        Per node its dominator, format ``i``, and its retained size, ``q``.
    """
    nodes = len(shallow_size)
    idom = room.passing(nodes, "i")
    kernels.find_dominators(
        numbering.reached,
        view(numbering.number_of),
        view(numbering.node_at),
        view(numbering.parent),
        view(numbering.essential),
        view(numbering.state),
        view(retainers[0]),
        view(retainers[1]),
        view(retainers[2]),
        view(room.passing(2 * nodes, "i")),
        view(room.passing(nodes, "i")),
        view(idom),
    )
    dominator, retained = room.kept(nodes, "i"), room.kept(nodes, "q")
    retained[:] = shallow_size
    kernels.fill_retained(
        numbering.reached,
        view(idom),
        view(numbering.node_at),
        view(numbering.number_of),
        view(dominator),
        view(retained),
    )
    return dominator, retained
