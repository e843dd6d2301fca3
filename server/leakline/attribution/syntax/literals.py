"""Where a property path below a variable is declared, in object literals."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.naming import member_key, property_key, unwrap
from leakline.attribution.syntax.places import choices, initial_values, members_named
from leakline.attribution.syntax.scopes import Binding, ScopeTree
from leakline.positions import Span

_MAX_ALIASES = 8


def property_of_value(found: ScopeTree, binding: Binding, path: tuple[str, ...]) -> Span | None:
    """The key that declares a path: in the literal, else in the first assignment to it."""
    for value in initial_values(found, binding):
        key = _key_in(found, value, path, _MAX_ALIASES)
        if key is not None:
            return found.span_of(key)
    return _assigned(found, binding, path)


def property_value(found: ScopeTree, value: Node, name: str) -> tuple[Node, Node] | None:
    """A property's key and value in an object literal, of several the last."""
    result = None
    for entry in value.named_children:
        kind = entry.type
        if kind == "pair":
            key, inner = entry.child_by_field_name("key"), entry.child_by_field_name("value")
            if key is not None and inner is not None and property_key(found.text, key) == name:
                result = (key, inner)
        elif kind == "shorthand_property_identifier":
            if property_key(found.text, entry) == name:
                result = (entry, entry)
        elif kind == "method_definition":
            key = entry.child_by_field_name("name")
            if key is not None and property_key(found.text, key) == name:
                result = (key, entry)
    return result


def _key_in(found: ScopeTree, value: Node, path: tuple[str, ...], aliases: int) -> Node | None:
    key: Node | None = None
    for name in path:
        value = unwrap(value)
        if value.type in ("identifier", "shorthand_property_identifier") and aliases:
            binding = found.binding_of(value)
            for candidate in () if binding is None else initial_values(found, binding):
                if candidate.type == "object":
                    value = candidate
                    break
            aliases -= 1
        entry = None
        for candidate in choices(value):
            if candidate.type == "object":
                entry = property_value(found, candidate, name)
                if entry is not None:
                    break
        if entry is None:
            return None
        key, value = entry
    return key


def _assigned(found: ScopeTree, binding: Binding, path: tuple[str, ...]) -> Span | None:
    if not path:
        return None
    for member in members_named(found, path[-1]):
        node, names = member.node, []
        while node.type in ("member_expression", "subscript_expression"):
            names.append(member_key(found.text, node))
            inner = node.child_by_field_name("object")
            if inner is None:
                break
            node = unwrap(inner)
        if tuple(reversed(names)) != path or found.binding_of(node) is not binding:
            continue
        parent = found.around(member.node)[1]
        if (
            parent is not None
            and parent.type in ("assignment_expression", "augmented_assignment_expression")
            and parent.child_by_field_name("left") == member.node
        ):
            return found.span_of(
                member.node.child_by_field_name("property")
                or member.node.child_by_field_name("index")
                or member.node
            )
    return None
