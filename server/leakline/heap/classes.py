"""Constructors: what DevTools' Summary groups objects by, and their sums.

An object's class is the name of its constructor and the place where that was written, since
two constructors may share a name. Plain objects are told apart by their property names: the
most common sets of names become classes of their own, written ``{name, name}``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.meta import Meta
from leakline.heap.shapes import group_by_names, hash_slots
from leakline.heap.strings import StringTable
from leakline.heap.tables import Location, Locations

ATTACHED = 1
DETACHED = 2

LONGEST_INTERFACE = 120
"""Length in UTF-16 units beyond which an interface takes no more property names."""


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
class ClassTotal:
    """The nodes of one class that have a size, added up.

    Attributes:
        key: The class.
        count: How many there are.
        shallow_size: Bytes of their own.
        retained_size: Bytes that would go with all of them.
        distance: The smallest distance of any.
    """

    key: ClassKey
    count: int
    shallow_size: int
    retained_size: int
    distance: int


@dataclass(frozen=True, slots=True)
class Interface:
    """A set of property names that is common enough among plain objects to be a class.

    Attributes:
        name: ``{a, b}``.
        properties: The names.
        size: How many names.
    """

    name: str
    properties: frozenset[str]
    size: int


@dataclass(frozen=True, slots=True)
class Classes:
    """Every node's class.

    Attributes:
        keys: The classes.
        class_of: int32 per node: index into ``keys``.
        interfaces: What plain objects were told apart by.
    """

    keys: tuple[ClassKey, ...]
    class_of: NDArray[np.int32]
    interfaces: tuple[Interface, ...]


def propagated_detachedness(
    columns: Columns, meta: Meta, strings: StringTable
) -> NDArray[np.uint8]:
    """Say of each node whether it is attached to a page's DOM.

    Chrome DevTools' ``propagateDOMState``: the embedder's nodes below an attached one are
    attached, those below a detached one are detached unless attached otherwise.

    Returns:
        uint8 per node: 0 unknown, 1 attached, 2 detached.
    """
    native = columns.node_type == meta.node_type("native")
    if "detachedness" not in meta.node_fields:
        state: NDArray[np.uint8] = np.zeros(columns.node_type.size, np.uint8)
        for name in np.flatnonzero(np.bincount(columns.node_name[native])):
            if strings[int(name)].startswith("Detached "):
                state[native & (columns.node_name == name)] = DETACHED
        return state
    state = np.bitwise_and(columns.detachedness, np.uint8(3))
    if not state.any():
        return state
    visited = (state != 0).astype(np.uint8)
    crossed = np.array(
        [kind not in ("hidden", "invisible", "weak") for kind in meta.edge_types], np.uint8
    )
    for wanted in (ATTACHED, DETACHED):
        kernels.propagate_state(
            view(columns.first_edge),
            view(columns.edge_to),
            view(columns.edge_type),
            view(crossed),
            view(native.view(np.uint8)),
            view(state),
            view(visited),
            wanted,
            view(np.empty(state.size, np.int32)),
        )
    return state


def classify(
    columns: Columns,
    meta: Meta,
    strings: StringTable,
    locations: Locations,
    detachedness: NDArray[np.uint8],
    interfaces: tuple[Interface, ...] | None = None,
) -> Classes:
    """Give every node its class, as Chrome DevTools does.

    Args:
        columns: The file's columns.
        meta: Its format.
        strings: Its strings.
        locations: The places of its constructors.
        detachedness: What :func:`propagated_detachedness` gave.
        interfaces: Those of another snapshot, to group both alike; None for this one's own.
    """
    return _Classifier(columns, meta, strings).classes(locations, detachedness, interfaces)


class _Classifier:
    """Numbers class names, then classes."""

    def __init__(self, columns: Columns, meta: Meta, strings: StringTable) -> None:
        self._columns = columns
        self._meta = meta
        self._strings = strings
        self._names: dict[str, int] = {}
        self._object = meta.node_type("object")
        self._plain_name = strings.index("Object")
        self._class_of = np.empty(columns.node_type.size, np.int32)

    def classes(
        self,
        locations: Locations,
        detachedness: NDArray[np.uint8],
        interfaces: tuple[Interface, ...] | None,
    ) -> Classes:
        plain = self._by_type_and_name(detachedness)
        interfaces = self._by_properties(plain, interfaces)
        keys = [ClassKey(name) for name in self._names]
        self._by_place(keys, locations)
        return Classes(tuple(keys), self._class_of, interfaces)

    def _number(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _by_type_and_name(self, detachedness: NDArray[np.uint8]) -> NDArray[np.int32]:
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
        named = np.array([ways.get(kind, 0) for kind in meta.node_types], np.uint8)
        plain_name = -1 if self._plain_name is None else self._plain_name
        asked = (
            view(columns.node_type),
            view(columns.node_name),
            view(detachedness),
            view(named),
        )
        used = np.zeros(len(strings), np.uint8)
        plain_count = kernels.mark_class_names(*asked, view(used), self._object, plain_name)
        # Files without the field have the word in the name already.
        prefix = "Detached " if "detachedness" in meta.node_fields else ""
        by_name = self._number_names(used, 1, "")
        by_detached = self._number_names(used, 2, prefix)
        plain = np.empty(plain_count, np.int32)
        kernels.assign_classes(
            *asked,
            view(np.array(by_type, np.int32)),
            view(by_name),
            view(by_detached),
            self._object,
            plain_name,
            view(self._class_of),
            view(plain),
        )
        return plain

    def _number_names(self, used: NDArray[np.uint8], bit: int, prefix: str) -> NDArray[np.int32]:
        number = np.zeros(used.size, np.int32)
        names = np.flatnonzero(used & bit)
        texts = self._strings.texts(names)
        number[names] = [self._number(_element(prefix + text)) for text in texts]
        return number

    def _by_place(self, keys: list[ClassKey], locations: Locations) -> None:
        """Tell classes of one name apart by the places of their constructors."""
        rows = len(locations)
        example, base = np.empty(rows, np.int32), np.empty(rows, np.int32)
        made = kernels.group_places(
            view(locations.node),
            view(locations.script_id),
            view(locations.line),
            view(locations.column),
            view(self._columns.node_type),
            self._object,
            len(keys),
            view(hash_slots(rows)),
            view(example),
            view(base),
            view(self._class_of),
        )
        for row, old in zip(example[:made].tolist(), base[:made].tolist(), strict=True):
            place = Location(
                int(locations.script_id[row]),
                int(locations.line[row]),
                int(locations.column[row]),
            )
            keys.append(ClassKey(keys[old].name, place))

    def _by_properties(
        self, plain: NDArray[np.int32], interfaces: tuple[Interface, ...] | None
    ) -> tuple[Interface, ...]:
        """Tell plain objects apart: DevTools' ``inferInterfaceDefinitions``.

        Returns:
            The interfaces used: those given, else those found.
        """
        if plain.size == 0:
            return interfaces or ()
        shape_of, counts, names = self._shapes(plain)
        if interfaces is None:
            interfaces = _interfaces(names, counts.tolist(), plain.size)
        if not interfaces:
            return ()
        search = _InterfaceSearch(interfaces)
        plain_class = self._number("Object")
        number = np.full(len(names), plain_class, np.int32)
        for shape, properties in enumerate(names):
            found = search.best(properties)
            if found is not None:
                number[shape] = self._number(found)
        self._class_of[plain] = number[shape_of]
        return interfaces

    def _shapes(
        self, nodes: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], list[list[str]]]:
        """Group plain objects by their property names: group, count, names in order."""
        columns = self._columns
        kind = self._meta.edge_type("property")
        shape_of, example = group_by_names(columns, kind, nodes)
        shapes = []
        for node in nodes[example].tolist():
            edges = slice(int(columns.first_edge[node]), int(columns.first_edge[node + 1]))
            of_kind = columns.edge_type[edges] == kind
            shapes.append(columns.edge_name_or_index[edges][of_kind])
        used = np.flatnonzero(np.bincount(np.concatenate(shapes)))
        texts = dict(zip(used.tolist(), self._strings.texts(used), strict=True))
        names = [[texts[name] for name in shape.tolist()] for shape in shapes]
        return shape_of, np.bincount(shape_of, minlength=example.size), names


def _interfaces(
    names: list[list[str]], counts: list[int], plain_objects: int
) -> tuple[Interface, ...]:
    """Choose the property lists that are common enough to be classes, commonest first."""
    candidates: dict[str, tuple[list[str], int]] = {}
    for own, count in zip(names, counts, strict=True):
        text, length, taken = "{", 1, []
        for name in own:
            if name == "__proto__":
                continue
            formatted = _formatted(name)
            width = _utf16_length(formatted)
            if length > 1 and length + width > LONGEST_INTERFACE:
                break
            if length != 1:
                text, length = text + ", ", length + 2
            text, length = text + formatted, length + width
            taken.append(name)
        if taken:
            known = candidates.get(text + "}", (taken, 0))
            candidates[text + "}"] = (known[0], known[1] + count)
    least = max(2, plain_objects / 1000)
    common = sorted(candidates.items(), key=lambda item: -item[1][1])
    return tuple(
        Interface(name, frozenset(own), len(own)) for name, (own, count) in common if count >= least
    )


class _InterfaceSearch:
    """Finds the interface with the most properties that an object has all of."""

    def __init__(self, interfaces: tuple[Interface, ...]) -> None:
        self._by_property: dict[str, list[Interface]] = {}
        taken: set[frozenset[str]] = set()
        # Stable: of two with as many properties the commoner one stays first.
        for one in sorted(interfaces, key=lambda one: -one.size):
            if one.properties not in taken:
                taken.add(one.properties)
                self._by_property.setdefault(min(one.properties), []).append(one)
        self._rank = {id(one): rank for rank, one in enumerate(interfaces)}

    def best(self, properties: list[str]) -> str | None:
        own = set(properties)
        best: Interface | None = None
        for name in own:
            for one in self._by_property.get(name, ()):
                if best is not None and one.size < best.size:
                    break
                if one.properties <= own and (
                    best is None
                    or one.size > best.size
                    or self._rank[id(one)] < self._rank[id(best)]
                ):
                    best = one
        return None if best is None else best.name


@dataclass(frozen=True, slots=True)
class GroupSums:
    """The nodes of each group that have a size, added up; all int64 but ``distance``, int32.

    Attributes:
        count: Per group: how many there are.
        shallow: Per group: bytes of their own.
        retained: Per group: bytes that would go with all of them.
        distance: Per group: the smallest distance of any.
    """

    count: NDArray[np.int64]
    shallow: NDArray[np.int64]
    retained: NDArray[np.int64]
    distance: NDArray[np.int32]


def sum_groups(
    group_of: NDArray[np.int32],
    groups: int,
    shallow: NDArray[np.int64],
    retained: NDArray[np.int64],
    distance: NDArray[np.int32],
    dominated: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> GroupSums:
    """Add up the nodes of each group; what one of a group keeps another does not keep again.

    Args:
        group_of: int32 per node, from 0 to below ``groups``.
        groups: How many groups there are.
        shallow: Per node.
        retained: Per node.
        distance: Per node.
        dominated: First dominated per node, dominated nodes.
    """
    sums = GroupSums(
        count=np.zeros(groups, np.int64),
        shallow=np.zeros(groups, np.int64),
        retained=np.zeros(groups, np.int64),
        distance=np.full(groups, np.iinfo(np.int32).max, np.int32),
    )
    kernels.sum_classes(
        view(group_of),
        view(shallow),
        view(retained),
        view(distance),
        view(dominated[0]),
        view(dominated[1]),
        view(np.empty(2 * group_of.size + 1, np.int32)),
        view(np.zeros(groups, np.uint8)),
        view(sums.count),
        view(sums.shallow),
        view(sums.retained),
        view(sums.distance),
    )
    return sums


def total_classes(
    classes: Classes,
    shallow: NDArray[np.int64],
    retained: NDArray[np.int64],
    distance: NDArray[np.int32],
    dominated: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> tuple[ClassTotal, ...]:
    """Add up the nodes of each class, largest retained size first."""
    sums = sum_groups(classes.class_of, len(classes.keys), shallow, retained, distance, dominated)
    present = np.flatnonzero(sums.count)
    order = present[np.argsort(-sums.retained[present], kind="stable")]
    return tuple(
        ClassTotal(
            classes.keys[one],
            int(sums.count[one]),
            int(sums.shallow[one]),
            int(sums.retained[one]),
            int(sums.distance[one]),
        )
        for one in order.tolist()
    )


def _element(name: str) -> str:
    """Cut an element's attributes: ``<div id="a">`` is of class ``<div>``."""
    if name.startswith("<"):
        space = name.find(" ")
    elif name.startswith("Detached <"):
        space = name.find(" ", 10)
    else:
        return name
    return name if space < 0 else name[:space] + ">"


def _formatted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) if re.search(r"""[,'"{}]""", name) else name


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)
