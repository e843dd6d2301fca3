"""The Summary: constructors, and the objects of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from leakline.errors import UsageError
from leakline.heap import ClassTotal, user_distance
from leakline.report.heap_rows import HeapRows
from leakline.worker.heaps import rows
from leakline.worker.heaps.arguments import Arguments
from leakline.worker.heaps.loaded import LoadedSnapshot, Order

_FAR = 1 << 40
"""Sorts what no user's root leads to behind all else."""

_CLASS_SORTS: dict[str, Callable[[ClassTotal], Any]] = {
    "retainedSize": attrgetter("retained_size"),
    "shallowSize": attrgetter("shallow_size"),
    "count": attrgetter("count"),
    "distance": lambda total: _far(total.distance),
    "className": lambda total: total.key.name.casefold(),
}
OBJECT_SORTS = ("retainedSize", "shallowSize", "distance", "id")


def summary(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """Constructors; ``number`` is what to ask for its objects by."""
    totals = loaded.graph.class_totals
    chosen = matching([total.key.name for total in totals], arguments.text("filter"))
    sort = arguments.choice("sort", tuple(_CLASS_SORTS))
    value = _CLASS_SORTS[sort]
    chosen.sort(key=lambda number: value(totals[number]), reverse=not arguments.ascending)
    return {
        "total": len(chosen),
        "rows": [
            {**shown.total_data(totals[number]), "number": number}
            for number in arguments.page.of(chosen)
        ],
    }


def objects(loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """The objects of a constructor, each with the number of its edges."""
    graph = loaded.graph
    number = arguments.number("number")
    if number >= len(graph.class_totals):
        raise UsageError(f"there is no constructor number {number}")
    total = graph.class_totals[number]
    sort, ascending = arguments.choice("sort", OBJECT_SORTS), arguments.ascending

    def make() -> Order:
        of_class = graph.class_of == loaded.class_numbers[total.key]
        nodes = np.flatnonzero(of_class & (graph.shallow_size != 0))
        return nodes[order_by(_column(loaded, sort, nodes), ascending=ascending)]

    found = loaded.order(("objects", number, sort, ascending), make)
    return {"total": int(found.size), "rows": object_rows(loaded, arguments, shown, found)}


def object_rows(
    loaded: LoadedSnapshot, arguments: Arguments, shown: HeapRows, nodes: Order
) -> list[dict[str, Any]]:
    """One page of objects."""
    graph = loaded.graph
    return [
        {**rows.node(graph, node, shown), "children": len(graph.edges_of(node))}
        for node in arguments.page.of(nodes)
    ]


def matching(names: Sequence[str], wanted: str) -> list[int]:
    """The numbers of the names that hold a text, upper case or lower."""
    wanted = wanted.casefold()
    return [number for number, name in enumerate(names) if wanted in name.casefold()]


def order_by(values: Order, *, ascending: bool) -> Order:
    """The order of rows by a column; equal ones as they come."""
    return np.argsort(values if ascending else -values, kind="stable")


def _column(loaded: LoadedSnapshot, sort: str, nodes: Order) -> Order:
    graph = loaded.graph
    if sort == "retainedSize":
        return graph.retained_size[nodes]
    if sort == "shallowSize":
        return graph.shallow_size[nodes]
    if sort == "id":
        return graph.node_id[nodes]
    distance = graph.distance[nodes].astype(np.int64)
    distance[distance < 0] = _FAR
    return distance


def _far(distance: int) -> int:
    known = user_distance(distance)
    return _FAR if known is None else known
