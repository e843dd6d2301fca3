"""The Comparison: constructors that changed, and the objects that came and went."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from leakline.errors import UsageError
from leakline.heap.views import ClassChange
from leakline.report.heap_rows import HeapRows
from leakline.worker.heaps import tables
from leakline.worker.heaps.arguments import Arguments
from leakline.worker.heaps.loaded import Order
from leakline.worker.heaps.store import Compared

_SORTS: dict[str, Callable[[ClassChange], Any]] = {
    "sizeDelta": attrgetter("size_delta"),
    "delta": attrgetter("delta"),
    "new": attrgetter("new"),
    "deleted": attrgetter("deleted"),
    "newSize": attrgetter("new_size"),
    "deletedSize": attrgetter("deleted_size"),
    "className": lambda change: change.key.name.casefold(),
}


def compare(compared: Compared, arguments: Arguments, shown: HeapRows) -> dict[str, Any]:
    """Constructors that changed; ``number`` is what to ask for the objects by."""
    changes = compared.classes
    chosen = tables.matching([change.key.name for change in changes], arguments.text("filter"))
    value = _SORTS[arguments.choice("sort", tuple(_SORTS))]
    chosen.sort(key=lambda number: value(changes[number]), reverse=not arguments.ascending)
    return {
        "total": len(chosen),
        "rows": [
            {**shown.change_data(changes[number]), "number": number}
            for number in arguments.page.of(chosen)
        ],
    }


def compared_objects(
    compared: Compared, arguments: Arguments, shown: HeapRows, *, new: bool
) -> dict[str, Any]:
    """The objects of a constructor that came, or that went."""
    number = arguments.number("number")
    if number >= len(compared.classes):
        raise UsageError(f"there is no constructor number {number}")
    key = compared.classes[number].key
    loaded, other = compared.newer, compared.older
    if not new:
        loaded, other = other, loaded

    def make() -> Order:
        nodes = compared.objects.new_nodes(key) if new else compared.objects.deleted_nodes(key)
        return nodes[tables.order_by(loaded.graph.retained_size[nodes], ascending=False)]

    found = loaded.order(("compared", other.path, number, new), make)
    return {"total": int(found.size), "rows": tables.object_rows(loaded, arguments, shown, found)}
