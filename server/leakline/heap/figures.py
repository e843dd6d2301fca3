"""What follows from the nodes and edges of a heap: sizes, distances, dominators, classes.

Without numpy: a program that asks for no more than this need not load it. Figures lie in memory
of numbers, ``memoryview`` with a format of :mod:`struct`; :class:`leakline.heap.Graph` gives them
as arrays.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from leakline.heap import kernels, retention
from leakline.heap.classes import Classes, classify
from leakline.heap.columns import Columns
from leakline.heap.detachedness import propagated_detachedness
from leakline.heap.engine import view
from leakline.heap.meta import Meta
from leakline.heap.parallel import Task, threads
from leakline.heap.places import Places
from leakline.heap.room import Room
from leakline.heap.strings import StringTable
from leakline.heap.sums import ClassTotal, OwnSums, sum_own, sum_retained, total_classes


class Figures:
    """The figures of one heap snapshot.

    Each is worked out when first asked for, and kept. They agree with Chrome DevTools.

    Attributes:
        name: What errors call the file.
        meta: Its format.
        strings: Its strings.
        columns: Its nodes and edges.
        places: Where its functions and constructors were written.
    """

    def __init__(
        self,
        *,
        name: str,
        meta: Meta,
        strings: StringTable,
        columns: Columns,
        places: Places,
        room: Room,
    ) -> None:
        """Take what :func:`leakline.heap.checking.figures_of` has checked."""
        self.name = name
        self.meta = meta
        self.strings = strings
        self.columns = columns
        self.places = places
        self._room = room

    def work_out(self) -> None:
        """Work out all figures at once, on several cores; asking for one does it too, alone."""
        if threads() == 1:
            _ = self.dominated, self._own_sums
            self._room.give_back()
            return
        # What both sides need is there before them, so that neither does it twice.
        self._rules.prepare()
        held = Task(lambda: (self.retainers, self.shallow_size))
        rest = Task(lambda: (held.result(), self._own_sums))
        try:
            _ = self._numbering
            held.result()
            _ = self.dominated
        finally:
            rest.result()
        self._room.give_back()

    @cached_property
    def retainers(self) -> tuple[memoryview, memoryview, memoryview]:
        """``i`` per node and one more: its first row; per row the retaining node, the edge."""
        columns = self.columns
        first = self._room.kept(columns.nodes + 1, "i")
        kernels.fill(view(first), 0)
        nodes, edges = self._room.kept(columns.edges, "i"), self._room.kept(columns.edges, "i")
        kernels.fill_retainers(
            view(columns.first_edge), view(columns.edge_to), view(first), view(nodes), view(edges)
        )
        return first, nodes, edges

    @cached_property
    def _rules(self) -> retention.Rules:
        return retention.Rules(self.columns, self.meta, self.strings, self._room)

    @cached_property
    def shallow_size(self) -> memoryview:
        """``q`` per node: bytes, those of V8's own parts counted to the object owning them."""
        return self._rules.shallow_sizes()

    @cached_property
    def distance(self) -> memoryview:
        """``i`` per node: edges from the user's roots; see :attr:`leakline.heap.Graph.distance`."""
        return self._rules.distances()

    @cached_property
    def _numbering(self) -> retention.Numbering:
        return self._rules.numbering()

    @cached_property
    def _retained(self) -> tuple[memoryview, memoryview]:
        found = retention.dominators_and_retained_sizes(
            self._numbering, self.retainers, self.shallow_size, self._room
        )
        del self._numbering  # large, and of no further use
        return found

    @property
    def dominator(self) -> memoryview:
        """``i`` per node: ordinal of its immediate dominator; the root's is the root."""
        return self._retained[0]

    @property
    def retained_size(self) -> memoryview:
        """``q`` per node: bytes that would go with it."""
        return self._retained[1]

    @cached_property
    def dominated(self) -> tuple[memoryview, memoryview]:
        """``i`` per node and one more: its first row; per row a node that it dominates."""
        nodes = self.columns.nodes
        first, dominated = self._room.kept(nodes + 1, "i"), self._room.kept(nodes - 1, "i")
        kernels.fill(view(first), 0)
        kernels.fill_dominated(view(self.dominator), view(first), view(dominated))
        return first, dominated

    @cached_property
    def detachedness(self) -> memoryview:
        """``B`` per node: 0 unknown, 1 attached to a page's DOM, 2 detached from it."""
        return propagated_detachedness(self.columns, self.meta, self.strings)

    @cached_property
    def classes(self) -> Classes:
        """Every node's class, as in DevTools' Summary."""
        return classify(self.columns, self.meta, self.strings, self.places, self.detachedness)

    def classes_like(self, other: Classes) -> Classes:
        """Every node's class, plain objects told apart as in another snapshot."""
        return classify(
            self.columns,
            self.meta,
            self.strings,
            self.places,
            self.detachedness,
            other.interfaces,
        )

    def own_sums_of(self, group_of: Any, groups: int) -> OwnSums:  # noqa: ANN401 - a buffer
        """Add up the nodes of each group.

        Args:
            group_of: A buffer of format ``i``: per node, from 0 to below ``groups``.
            groups: How many groups there are.
        """
        return sum_own(group_of, groups, self.shallow_size, self.distance)

    def retained_sums_of(self, group_of: Any, groups: int) -> memoryview:  # noqa: ANN401 - a buffer
        """Add up what each group retains: ``q`` per group.

        Args:
            group_of: A buffer of format ``i``: per node, from 0 to below ``groups``.
            groups: How many groups there are.
        """
        return sum_retained(group_of, groups, self.shallow_size, self.retained_size, self.dominated)

    @cached_property
    def _own_sums(self) -> OwnSums:
        return self.own_sums_of(self.classes.class_of, len(self.classes.keys))

    @cached_property
    def class_totals(self) -> tuple[ClassTotal, ...]:
        """The classes that have a size, largest retained size first."""
        classes = self.classes
        retained = self.retained_sums_of(classes.class_of, len(classes.keys))
        return total_classes(classes, self._own_sums, retained)
