"""Properties of the global object: ``globalThis.metrics``, and bare undeclared names."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.places import (
    Place,
    define_calls,
    initial_values,
    members_named,
)
from leakline.attribution.syntax.scopes import ScopeTree
from leakline.positions import Span

_GLOBAL_OBJECTS = frozenset({"globalThis", "global", "self", "window", "frames", "root"})


class GlobalUses:
    """One property of the global object.

    Args:
        found: The script's scopes.
        name: The property's name.
    """

    def __init__(self, found: ScopeTree, name: str) -> None:
        self._found = found
        self._name = name

    def places(self) -> list[Place]:
        """Every expression that means the property, in source order.

        Variables of a classic script's top level are properties of the global object too,
        but a CommonJS module looks the same: they count, as uncertain, where nothing else does.
        """
        found = self._found
        nodes = [
            member.node
            for member in members_named(found, self._name)
            if self._is_global_object(member.object)
        ]
        for use in found.unresolved(self._name):
            node = found.node_at(use.start)
            if node is not None:
                nodes.append(node)
        nodes.sort(key=lambda node: node.start_byte)
        if nodes:
            return [Place(node) for node in nodes]
        binding = found.root.bindings.get(self._name) if found.root.kind == "script" else None
        places = []
        if binding is not None and binding.kind in ("var", "function"):
            for use in found.uses(binding):
                node = found.node_at(use.start)
                if node is not None:
                    places.append(Place(node, certain=False))
        return places

    def declarations(self) -> tuple[Span, ...]:
        """The names in assignments to the property, then in TypeScript's ``declare``."""
        found = self._found
        spans = []
        for place in self.places():
            parent = found.around(place.node)[1]
            if parent is None:
                continue
            kind = parent.type
            if kind == "variable_declarator" or (
                kind in ("assignment_expression", "augmented_assignment_expression")
                and parent.child_by_field_name("left") == place.node
                and self._makes(parent)
            ):
                spans.append(found.span_of(place.node))
        spans += [
            found.span_of(call.key)
            for call in define_calls(found, self._name)
            if self._is_global_object(call.object)
        ]
        spans += [found.text.span(*pair) for pair in found.ambient.get(self._name, ())]
        return tuple(spans)

    @staticmethod
    def _makes(assignment: Node) -> bool:
        operator = assignment.child_by_field_name("operator")
        return operator is None or operator.type in ("=", "??=", "||=")

    def _is_global_object(self, node: Node) -> bool:
        found = self._found
        if node.type == "this":
            return found.root.kind == "script" and found.scope_of(node).function is found.root
        if node.type != "identifier":
            return False
        name = found.text.name(node.start_byte >> 1, node.end_byte >> 1)
        binding = found.binding_of(node)
        if binding is None:
            return name in _GLOBAL_OBJECTS
        return any(
            value.type == "identifier"
            and found.binding_of(value) is None
            and found.text.name(value.start_byte >> 1, value.end_byte >> 1) in _GLOBAL_OBJECTS
            for value in initial_values(found, binding)
        )
