"""The slots of the user's program that can be a leak root, in one snapshot.

A slot is a named edge: a variable of a Context, an exported binding of a module, a property
of the global object, a property or an element below one of these. It is known by its path:
the object id of the holder where the path begins, and the names from there. Object ids are
stable within an isolate, so the same path is the same slot in every snapshot of a series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from leakline.attribution.containers import CONTAINERS, Containers, edge_type
from leakline.attribution.contexts import Contexts
from leakline.attribution.distinct import distinct_rows
from leakline.attribution.exports import exports_of
from leakline.attribution.slot_path import Element, Origin, SlotPath
from leakline.attribution.weak_maps import WeakMaps
from leakline.heap import Graph

NEVER_SLOTS = frozenset({"__proto__", "prototype", "constructor", "map", "this"})

# Elements of one container that are looked into for the slots below them.
MAX_ELEMENTS = 16

PREVIEW_LENGTH = 80

# Instances of one class that are looked into each for itself.
MAX_INSTANCES = 64

# What V8 calls the objects of functions that are suspended.
SUSPENDED = frozenset({"Generator", "AsyncGenerator", "AsyncFunction"})

# A page's has the page's URL behind it.
NATIVE_CONTEXT = "system / NativeContext"

GLOBAL_OBJECT = "global object"


class Slots:
    """Finds slots in one snapshot.

    Args:
        graph: The snapshot.
        contexts: The Contexts of the user's scripts in it.

    Attributes:
        containers: What its containers hold.
    """

    def __init__(self, graph: Graph, contexts: Contexts) -> None:
        self.graph = graph
        self.contexts = contexts
        self.containers = Containers(graph)
        self._weak_maps = WeakMaps(graph, contexts)
        self._foreign_ids: dict[int, int] = {}
        self._kinds: dict[object, list[int]] | None = None

    def use_ids_of(self, other: Slots) -> None:
        """Lets paths of this snapshot begin with the object ids of another one.

        V8 numbers objects anew when an inspector reconnects or a program is started again. The
        holders of such snapshots are paired by what they are: a Context by its function's place
        and its variables, a module by its exports, where that tells them apart in both.
        """
        theirs = other._holders_by_kind()
        mine = self._holders_by_kind()
        self._foreign_ids = {
            nodes[0]: int(other.graph.node_id[theirs[kind][0]])
            for kind, nodes in mine.items()
            if len(nodes) == 1 and len(theirs.get(kind, ())) == 1
        }

    def has_ids_of(self, other: Slots) -> bool:
        """Whether the two snapshots number their objects alike: they are of one session."""
        theirs = other._holders_by_kind()
        pairs = [
            (int(self.graph.node_id[mine[0]]), int(other.graph.node_id[theirs[kind][0]]))
            for kind, mine in self._holders_by_kind().items()
            if kind != GLOBAL_OBJECT and len(mine) == 1 and len(theirs.get(kind, ())) == 1
        ]
        # The global object is made at the start, and is the same number in every program. A
        # Context may be another request's in each snapshot: most must agree, not all.
        return 2 * sum(mine == their for mine, their in pairs) >= len(pairs)

    def _holders_by_kind(self) -> dict[object, list[int]]:
        if self._kinds is not None:
            return self._kinds
        found: dict[object, list[int]] = {}
        for context, variables in self.contexts.with_named_slots().items():
            start = min(witness.start for witness in self.contexts.witnesses[context])
            found.setdefault((start, frozenset(variables)), []).append(context)
        for module, exports in self._exports.items():
            found.setdefault(frozenset(exports), []).append(module)
        found[GLOBAL_OBJECT] = self._globals()[:1]
        self._kinds = found
        return found

    def _id_of(self, holder: int) -> int:
        return self._foreign_ids.get(holder, int(self.graph.node_id[holder]))

    def _holder(self, holder_id: int) -> int | None:
        for node, known in self._foreign_ids.items():
            if known == holder_id:
                return node
        return None if self._foreign_ids else self.graph.node_by_id(holder_id)

    def top_level(self) -> dict[SlotPath, int]:
        """Every slot that a path can begin with: path -> value's node ordinal."""
        found: dict[SlotPath, int] = {}
        for context in self.contexts.witnesses:
            holder = self._id_of(context)
            for name, value in self.contexts.slots(context).items():
                found[SlotPath(Origin.CONTEXT, holder, (name,))] = value
        for module, exports in self._exports.items():
            holder = self._id_of(module)
            for name, value in exports.items():
                found[SlotPath(Origin.EXPORT, holder, (name,))] = value
        globals_ = self._globals()
        proxies = self.graph.find_edges_named("global_proxy_object", "internal")
        # `window`, `self` and their kin are the global object once more.
        itself = {*globals_, *self.graph.edge_to[proxies].tolist()}
        for node in globals_:
            holder = self._id_of(node)
            for name, value in self._properties(node):
                if value not in itself:
                    found[SlotPath(Origin.GLOBAL, holder, (name,))] = value
        for node in self._few_instances():
            holder = self._id_of(node)
            for name, value in self._properties(node):
                found[SlotPath(Origin.INSTANCE, holder, (name,))] = value
        return found

    def _few_instances(self) -> Iterator[int]:
        """The instances of the program's classes that have but a few.

        Many instances of a class are data, and hang below a slot or pile up themselves.
        """
        graph = self.graph
        places = graph.locations
        users = np.array(sorted(self.contexts.user_scripts), dtype=np.int64)
        rows = np.flatnonzero(np.isin(places.script_id, users))
        # Objects that C++ holds too, such as a Durable Object, are of type native in workerd.
        closure = graph.node_type_names.index("closure")
        rows = rows[graph.node_type[places.node[rows]] != closure]
        _, number = distinct_rows([places.script_id[rows], places.line[rows], places.column[rows]])
        few = np.bincount(number)[number] <= MAX_INSTANCES
        for node in places.node[rows[few]].tolist():
            if graph.node_name_of(node) not in SUSPENDED:
                yield node

    def below(self, path: SlotPath, value: int) -> dict[SlotPath, int]:
        """The slots directly below a slot: its value's properties and its largest elements."""
        found: dict[SlotPath, int] = {}
        for name, child in self._properties(value):
            found[path.below(name)] = child
        elements = self.containers.elements(value)
        if len(elements):
            objects = elements[np.isin(self.graph.node_type[elements], self._object_types())]
            sizes = self.graph.retained_size[objects]
            for node in objects[np.argsort(sizes)[::-1][:MAX_ELEMENTS]]:
                found[path.below(Element(int(self.graph.node_id[node])))] = int(node)
        return found

    def named_below(self, path: SlotPath, value: int) -> dict[SlotPath, int]:
        """The properties directly below a slot, without the steps into a structure like it."""
        return {
            path.below(name): child
            for name, child in self._properties(value)
            if not self.is_recursive([value], name, child)
        }

    def preview(self, node: int) -> str:
        """The beginning of a string value; empty where the value is no string."""
        graph = self.graph
        if graph.node_type_name(node) == "concatenated string":
            first = self.graph.internal(node, "first")
            node = node if first is None else first
        is_flat = graph.node_type_name(node) == "string"
        return graph.node_name_of(node)[:PREVIEW_LENGTH] if is_flat else ""

    def holder(self, path: SlotPath) -> int | None:
        """The ordinal of what a path begins with; None when it is not in this snapshot."""
        return self._holder(path.holder_id)

    def resolve(self, path: SlotPath) -> int | None:
        """The value's node ordinal of a slot in this snapshot; None when it is not there."""
        node = self._holder(path.holder_id)
        if node is None:
            return None
        if path.origin is Origin.INSTANCE and not path.steps:
            return node
        first = str(path.steps[0])
        if path.origin is Origin.CONTEXT:
            node = self.contexts.slots(node).get(first)
        elif path.origin is Origin.EXPORT:
            node = self._exports.get(node, {}).get(first)
        else:
            node = dict(self._properties(node)).get(first)
        for step in path.steps[1:]:
            if node is None:
                return None
            if isinstance(step, Element):
                child = self.graph.node_by_id(step.object_id)
                node = (
                    child if child is not None and child in self.containers.elements(node) else None
                )
            else:
                node = dict(self._properties(node)).get(step)
        return node

    def is_recursive(self, above: Sequence[int], step: str | Element, child: int) -> bool:
        """Whether a step leads to more of the same: a list's next node, a tree's branch.

        Such a structure is one thing, named by the slot of its head, however deep it grows.

        Args:
            above: The values on the way down to the step, outermost first; at least one.
            step: The step.
            child: Where it leads.
        """
        graph = self.graph
        name = graph.node_name_of(child)
        if graph.node_type_name(child) != "object" or name in CONTAINERS:
            return False
        if name == "Object":
            # Literals have no class: those that hold each other by the same name are alike.
            same_name = not isinstance(step, Element) and step in dict(self._properties(child))
            return same_name and graph.node_name_of(above[-1]) == name
        return any(graph.node_name_of(value) == name for value in above)

    def links(self, node: int) -> list[str]:
        """The properties by which a list's or tree's node leads to more of its kind."""
        names: list[str] = []
        for name, child in self._properties(node):
            if self.is_recursive([node], name, child) and name not in names:
                names.append(name)
        return names

    def members(self, node: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """What a container or an object used as a table holds.

        Returns:
            int64[k], node ordinals of objects and strings among the elements and properties.
        """
        properties = [child for _, child in self._properties(node)]
        found = np.concatenate(
            [self.containers.elements(node), np.array(properties, dtype=np.int64)]
        )
        kinds = (*self._object_types(), *self._types("string", "concatenated string"))
        return found[np.isin(self.graph.node_type[found], kinds)]

    def _properties(self, node: int) -> Iterator[tuple[str, int]]:
        """A node's own properties, and the static fields that a class has from those above."""
        yield from self._own_properties(node)
        above = self._class_above(node)
        seen = {node}
        while above is not None and above not in seen:
            seen.add(above)
            for name, child in self._own_properties(above):
                # What a class inherits from another one is as often reached through itself.
                if self.graph.node_type_name(child) == "object":
                    yield name, child
            above = self._class_above(above)

    def _class_above(self, node: int) -> int | None:
        """The class that a class extends."""
        if self.graph.node_type_name(node) != "closure":
            return None
        above = self._property(node, "__proto__")
        if above is None or self.graph.node_type_name(above) != "closure":
            return None
        location = self.graph.locations.of(above)
        users = self.contexts.user_scripts
        return above if location is not None and location.script_id in users else None

    def _own_properties(self, node: int) -> Iterator[tuple[str, int]]:
        graph = self.graph
        property_type = edge_type(graph, "property")
        for edge in graph.edges_of(node):
            if graph.edge_type[edge] != property_type:
                continue
            name = str(graph.edge_name(edge))
            if name not in NEVER_SLOTS and not name.startswith("<symbol"):
                yield name, int(graph.edge_to[edge])
        yield from self._weak_maps.entries(node)

    def _globals(self) -> list[int]:
        """The global objects; up to V8 13 they are the ``extension`` of their NativeContext."""
        graph = self.graph
        found: list[int] = []
        for name in ("global_object", "extension"):
            for edge in graph.find_edges_named(name, "internal"):
                holder = graph.node_name_of(graph.edge_source(int(edge)))
                target = int(graph.edge_to[edge])
                is_object = graph.node_type_name(target) == "object"
                if is_object and holder.startswith(NATIVE_CONTEXT) and target not in found:
                    found.append(target)
        return found

    @cached_property
    def _exports(self) -> dict[int, dict[str, int]]:
        return exports_of(self.graph)

    def makers(self, node: int) -> Iterator[int]:
        """What made an object, for whoever looks for its class.

        Yields:
            The object itself (its location is that of its constructor), then the constructors
            along its prototype chain.
        """
        yield node
        seen = {node}
        prototype = self._property(node, "__proto__")
        while prototype is not None and prototype not in seen:
            seen.add(prototype)
            if self.graph.node_type_name(prototype) == "closure":
                yield prototype
            constructor = self._property(prototype, "constructor")
            if constructor is not None:
                yield constructor
            prototype = self._property(prototype, "__proto__")

    def _property(self, node: int, name: str) -> int | None:
        graph = self.graph
        for edge in graph.edges_of(node):
            if graph.edge_type_name(edge) == "property" and graph.edge_name(edge) == name:
                return int(graph.edge_to[edge])
        return None

    def module_function(self, module: int) -> int | None:
        """The closure that is the module's top-level code; None when it is gone."""
        for edge in self.graph.edges_of(module):
            target = int(self.graph.edge_to[edge])
            if self.graph.node_name_of(target) == "Generator":
                return self.graph.internal(target, "function")
        return None

    def _object_types(self) -> list[int]:
        return self._types("object", "closure")

    def _types(self, *wanted: str) -> list[int]:
        names = self.graph.node_type_names
        return [names.index(name) for name in wanted if name in names]
