"""Chrome DevTools' rules: what retains, how far a node is, whose a size is.

The rules are those of ``HeapSnapshot.ts`` in npm's ``chrome-devtools-frontend`` 1.0.1705227;
``docs/devtools-agreement.md`` says where Leakline differs. This module prepares what the
kernels need; the loops are theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.meta import NUMBERED, Meta
from leakline.heap.room import Room
from leakline.heap.shapes import hash_slots
from leakline.heap.strings import StringTable

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

    def _named(self, text: str) -> NDArray[np.bool_]:
        """Say for each node whether it is called ``text``."""
        index = self._strings.index(text)
        if index is None:
            return np.zeros(self._columns.node_name.size, np.bool_)
        return np.equal(self._columns.node_name, index)

    def _typed(self, type_name: str) -> NDArray[np.bool_]:
        return np.equal(self._columns.node_type, self._meta.node_type(type_name))

    @cached_property
    def _root_edges(self) -> slice:
        return slice(0, int(self._columns.first_edge[1]))

    @cached_property
    def _user_roots(self) -> NDArray[np.int32]:
        """Targets of the root's edges that are the user's, in the file's order, repeated."""
        targets = self._columns.edge_to[self._root_edges]
        synthetic = self._columns.node_type[targets] == self._meta.node_type("synthetic")
        chosen: NDArray[np.int32] = targets[~synthetic | self._is_dom_trees(targets)]
        return chosen

    def _is_dom_trees(self, nodes: NDArray[np.int32]) -> NDArray[np.bool_]:
        index = self._strings.index(DOM_TREES)
        if index is None:
            return np.zeros(nodes.size, np.bool_)
        synthetic = np.equal(self._columns.node_type[nodes], self._meta.node_type("synthetic"))
        return synthetic & np.equal(self._columns.node_name[nodes], index)

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """For each string its pair, or -1; for each pair the object id of its table."""
        data, starts = view(self._strings.data), view(self._strings.starts)
        room = np.zeros(1024, np.int32)
        count = int(kernels.find_ephemeron_names(data, starts, view(room)))
        if count > room.size:
            room = np.zeros(count, np.int32)
            kernels.find_ephemeron_names(data, starts, view(room))
        found = room[:count]
        if count == 0:
            return view(np.zeros(0, np.int32)), np.zeros(0, np.int64)
        pair_of_string = np.full(len(self._strings), -1, np.int32)
        tables = np.empty(count, np.int64)
        pairs = int(
            kernels.pair_ephemerons(
                data,
                starts,
                view(found),
                view(hash_slots(count)),
                view(np.empty(count, np.int32)),
                view(tables),
                view(pair_of_string),
            )
        )
        if pairs < 0:
            return self._pairs_by_text(found)
        return view(pair_of_string), tables[:pairs]

    def _pairs_by_text(
        self, found: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Pair names that hold escapes or more than ASCII: equal texts count, not bytes."""
        pairs: dict[str, int] = {}
        tables: list[int] = []
        pair_of_string = np.full(len(self._strings), -1, np.int32)
        for index, text in zip(found.tolist(), self._strings.texts(found), strict=True):
            match = _PAIR.fullmatch(text)
            if match is None:
                continue
            pair = pairs.setdefault(match[1], len(pairs))
            if pair == len(tables):
                # An id that no node can have matches none.
                tables.append(int(match[2]) if len(match[2]) <= 18 else -1)
            pair_of_string[index] = pair
        return view(pair_of_string), np.array(tables, np.int64)

    # ------------------------------------------------------------------ shallow sizes

    def shallow_sizes(self) -> NDArray[np.int64]:
        """Move the sizes of V8's own parts to the objects that own them.

        Not where the root has no user roots: such a snapshot was taken with
        ``exposeInternals``, to show memory as it is.
        """
        size: NDArray[np.int64] = self._room.kept(self._columns.self_size.size, np.int64)
        size[:] = self._columns.self_size
        if self._user_roots.size == 0:
            return size
        movable = self._typed("hidden") | self._typed("array")
        movable |= self._typed("native") & self._named("system / ExternalStringData")
        taker = ~self._typed("synthetic")
        taker[0] = False
        nodes = size.size
        kernels.shift_to_owners(
            *self._graph,
            self._weak,
            view(movable.view(np.uint8)),
            view(taker.view(np.uint8)),
            view(self._room.passing(nodes, np.int32)),
            view(self._room.passing(2 * nodes + 1, np.int32)),
            view(size),
        )
        return size

    # ------------------------------------------------------------------ distances

    def distances(self) -> NDArray[np.int32]:
        """Measure each node's distance from the user's roots, then from V8's."""
        columns, meta = self._columns, self._meta
        nodes = columns.node_type.size
        special = np.zeros(nodes, np.uint8)
        special[self._typed("hidden") & self._named("system / NativeContext")] = 1
        special[self._typed("array") & self._named("(map descriptors)")] = 2
        sloppy = self._strings.index("sloppy_function_map")
        pair_of_string, tables = self._pairs
        pair_seen = np.zeros(tables.size, np.uint8)
        distance: NDArray[np.int32] = self._room.kept(nodes, np.int32)
        distance.fill(NO_DISTANCE)
        user_roots = self._user_roots
        queue = self._room.passing(nodes + user_roots.size + 1, np.int32)

        def search(starts: NDArray[np.int32]) -> None:
            queue[: starts.size] = starts
            kernels.measure_distances(
                view(self._strings.data),
                view(self._strings.starts),
                *self._graph,
                self._names,
                view(special),
                view(np.array([kind in NUMBERED for kind in meta.edge_types], np.uint8)),
                self._weak,
                meta.edge_type("internal"),
                -1 if sloppy is None else sloppy,
                pair_of_string,
                view(pair_seen),
                view(distance),
                view(queue),
                starts.size,
            )

        distance[user_roots] = 1
        search(user_roots)
        distance[0] = SYSTEM_DISTANCE if user_roots.size else 0
        search(np.zeros(1, np.int32))
        return distance

    # ------------------------------------------------------------------ dominators

    def _page_owned(self) -> NDArray[np.uint8]:
        """Mark what the page owns: all below its global objects and its DOM trees."""
        columns, meta = self._columns, self._meta
        targets = columns.edge_to[self._root_edges]
        kinds = columns.edge_type[self._root_edges]
        element = kinds == meta.edge_type("element")
        starts = targets[
            (kinds == meta.edge_type("shortcut")) | (element & self._is_dom_trees(targets))
        ]
        marks = np.zeros(columns.node_type.size, np.uint8)
        marks[starts] = 1
        # np.unique takes longer to load than to run.
        starts = np.flatnonzero(marks)
        queue = self._room.passing(marks.size, np.int32)
        queue[: starts.size] = starts
        kernels.mark_reachable(*self._graph, self._weak, view(marks), view(queue), starts.size)
        return marks

    def numbering(self) -> Numbering:
        """Number the nodes depth first along the edges that retain.

        Nodes that no essential edge points to hang below the root. Nodes that even then
        nothing reaches, rings held by nothing, get no number.
        """
        columns, meta = self._columns, self._meta
        nodes, edges = columns.node_type.size, columns.edge_type.size
        pair_of_string, pair_table = self._pairs
        state = self._page_owned()
        essential = self._room.passing(edges, np.uint8)
        number_of = self._room.passing(nodes, np.int32)
        number_of.fill(-1)
        node_at = self._room.passing(nodes, np.int32)
        parent = self._room.passing(nodes, np.int32)
        reached = int(
            kernels.number_depth_first(
                *self._graph,
                self._names,
                view(columns.node_id),
                view(state),
                self._weak,
                meta.edge_type("shortcut"),
                meta.edge_type("internal"),
                pair_of_string,
                view(pair_table),
                view(essential),
                view(number_of),
                view(node_at),
                view(parent),
                view(self._room.passing(nodes, np.int32)),
            )
        )
        return Numbering(reached, number_of, node_at, parent, essential, state)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The nodes in depth-first order along the edges that retain.

    Attributes:
        reached: How many nodes have a number.
        number_of: int32 per node: its number, -1 where it has none.
        node_at: int32 per number: its node.
        parent: int32 per number: its parent in the depth-first tree, -1 for the root.
        essential: uint8 per edge: 1 where it retains.
        state: uint8 per node: 8 is set where an edge leads to it that does not retain.
    """

    reached: int
    number_of: NDArray[np.int32]
    node_at: NDArray[np.int32]
    parent: NDArray[np.int32]
    essential: NDArray[np.uint8]
    state: NDArray[np.uint8]


def dominators_and_retained_sizes(
    numbering: Numbering,
    retainers: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    shallow_size: NDArray[np.int64],
    room: Room,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Find each node's immediate dominator, then add up sizes from the leaves.

    Nodes without a number stand below the root, one by one.

    Args:
        numbering: What :meth:`Rules.numbering` gave.
        retainers: First retainer per node, retaining nodes, retaining edges.
        shallow_size: Per node, bytes.
        room: Where to lay arrays.
    """
    nodes = shallow_size.size
    idom = room.passing(nodes, np.int32)
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
        view(room.passing(2 * nodes, np.int32)),
        view(room.passing(nodes, np.int32)),
        view(idom),
    )
    dominator, retained = room.kept(nodes, np.int32), room.kept(nodes, np.int64)
    dominator.fill(0)
    retained[:] = shallow_size
    kernels.fill_retained(
        numbering.reached,
        view(idom),
        view(numbering.node_at),
        view(dominator),
        view(retained),
    )
    retained[0] += int(shallow_size[numbering.number_of < 0].sum())
    return dominator, retained
