"""Constructors: what DevTools' Summary groups objects by, and their sums.

An object's class is the name of its constructor and the place where that was written, since
two constructors may share a name. Plain objects are told apart by their property names: the
most common sets of names become classes of their own, written ``{name, name}``.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.interfaces import Interface, InterfaceSearch, common_interfaces
from leakline.heap.marks import places_with
from leakline.heap.meta import Meta
from leakline.heap.places import Location, Places
from leakline.heap.shapes import filled, group_by_names, hash_slots
from leakline.heap.strings import StringTable
from leakline.memory import zeros


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What makes two nodes belong to one class.

    Attributes:
        name: The constructor's name, ``{a, b}`` for plain objects with properties ``a`` and
            ``b``, or V8's kind in parentheses.
        location: Where the constructor was written; None where unknown.
    """

    name: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Classes:
    """Every node's class.

    Attributes:
        keys: The classes.
        class_of: ``i`` per node: index into ``keys``.
        interfaces: What plain objects were told apart by.
    """

    keys: tuple[ClassKey, ...]
    class_of: memoryview
    interfaces: tuple[Interface, ...]


def classify(
    columns: Columns,
    meta: Meta,
    strings: StringTable,
    places: Places,
    detachedness: memoryview,
    interfaces: tuple[Interface, ...] | None = None,
) -> Classes:
    """Give every node its class, as Chrome DevTools does.

    Args:
        columns: The file's columns.
        meta: Its format.
        strings: Its strings.
        places: The places of its constructors.
        detachedness: What :func:`propagated_detachedness` gave.
        interfaces: Those of another snapshot, to group both alike; None for this one's own.
    """
    return _Classifier(columns, meta, strings).classes(places, detachedness, interfaces)


class _Classifier:
    """Numbers class names, then classes."""

    def __init__(self, columns: Columns, meta: Meta, strings: StringTable) -> None:
        self._columns = columns
        self._meta = meta
        self._strings = strings
        self._names: dict[str, int] = {}
        self._object = meta.node_type("object")
        self._plain_name = strings.index("Object")
        self._class_of = zeros(columns.nodes, "i")

    def classes(
        self,
        places: Places,
        detachedness: memoryview,
        interfaces: tuple[Interface, ...] | None,
    ) -> Classes:
        plain = self._by_type_and_name(detachedness)
        interfaces = self._by_properties(plain, interfaces)
        keys = [ClassKey(name) for name in self._names]
        self._by_place(keys, places)
        return Classes(tuple(keys), self._class_of, interfaces)

    def _number(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _by_type_and_name(self, detachedness: memoryview) -> memoryview:
        """Class nodes by type, objects and the embedder's by name; give the plain objects."""
        columns, meta, strings = self._columns, self._meta, self._strings
        fixed = {
            "hidden": "(system)",
            "code": "(compiled code)",
            "closure": "Function",
            "regexp": "RegExp",
        }
        by_type = [self._number(fixed.get(kind, f"({kind})")) for kind in meta.node_types]
        ways = {"object": 1, "native": 2}
        named = bytearray(ways.get(kind, 0) for kind in meta.node_types)
        plain_name = -1 if self._plain_name is None else self._plain_name
        asked = (
            view(columns.node_type),
            view(columns.node_name),
            view(detachedness),
            view(named),
        )
        used = bytearray(len(strings))
        plain_count = int(kernels.mark_class_names(*asked, view(used), self._object, plain_name))
        # Files without the field have the word in the name already.
        prefix = "Detached " if "detachedness" in meta.node_fields else ""
        by_name = self._number_names(used, 1, "")
        by_detached = self._number_names(used, 2, prefix)
        plain = zeros(plain_count, "i")
        kernels.assign_classes(
            *asked,
            view(array("i", by_type)),
            view(by_name),
            view(by_detached),
            self._object,
            plain_name,
            view(self._class_of),
            view(plain),
        )
        return plain

    def _number_names(self, used: bytearray, bit: int, prefix: str) -> memoryview:
        number = zeros(len(used), "i")
        names = places_with(used, bit)
        for name, text in zip(names, self._strings.texts(names), strict=True):
            number[name] = self._number(_element(prefix + text))
        return number

    def _by_place(self, keys: list[ClassKey], places: Places) -> None:
        """Tell classes of one name apart by the places of their constructors."""
        rows = len(places.node)
        example, base = zeros(rows, "i"), zeros(rows, "i")
        made = int(
            kernels.group_places(
                view(places.node),
                view(places.script_id),
                view(places.line),
                view(places.column),
                view(self._columns.node_type),
                self._object,
                len(keys),
                view(hash_slots(rows)),
                view(example),
                view(base),
                view(self._class_of),
            )
        )
        for row, old in zip(example[:made], base[:made], strict=True):
            place = Location(places.script_id[row], places.line[row], places.column[row])
            keys.append(ClassKey(keys[old].name, place))

    def _by_properties(
        self, plain: memoryview, interfaces: tuple[Interface, ...] | None
    ) -> tuple[Interface, ...]:
        """Tell plain objects apart: DevTools' ``inferInterfaceDefinitions``.

        Returns:
            The interfaces used: those given, else those found.
        """
        if not plain:
            return interfaces or ()
        shape_of, counts, names = self._shapes(plain)
        if interfaces is None:
            interfaces = common_interfaces(names, counts, len(plain))
        if not interfaces:
            return ()
        search = InterfaceSearch(interfaces)
        number = filled(len(names), self._number("Object"))
        for shape, properties in enumerate(names):
            found = search.best(properties)
            if found is not None:
                number[shape] = self._number(found)
        kernels.assign_groups(view(plain), view(shape_of), view(number), view(self._class_of))
        return interfaces

    def _shapes(self, nodes: memoryview) -> tuple[memoryview, list[int], list[list[str]]]:
        """Group plain objects by their property names: group, count, names in order."""
        columns = self._columns
        kind = self._meta.edge_type("property")
        shape_of, example = group_by_names(columns, kind, nodes)
        counts = zeros(len(example), "q")
        kernels.count_groups(view(shape_of), view(counts))
        shapes = []
        for place in example:
            node = nodes[place]
            edges = range(columns.first_edge[node], columns.first_edge[node + 1])
            shapes.append(
                [
                    columns.edge_name_or_index[edge]
                    for edge in edges
                    if columns.edge_type[edge] == kind
                ]
            )
        texts: dict[int, str] = {}
        for shape in shapes:
            for name in shape:
                if name not in texts:
                    texts[name] = self._strings[name]
        names = [[texts[name] for name in shape] for shape in shapes]
        return shape_of, counts.tolist(), names


def _element(name: str) -> str:
    """Cut an element's attributes: ``<div id="a">`` is of class ``<div>``."""
    if name.startswith("<"):
        space = name.find(" ")
    elif name.startswith("Detached <"):
        space = name.find(" ", 10)
    else:
        return name
    return name if space < 0 else name[:space] + ">"
