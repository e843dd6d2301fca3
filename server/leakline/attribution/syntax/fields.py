"""Fields of classes and of constructor functions: their places and declarations."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.grammar import FUNCTION_KINDS
from leakline.attribution.syntax.naming import member_key, property_key, unwrap
from leakline.attribution.syntax.places import (
    Place,
    define_calls,
    function_scope,
    initial_values,
    members_named,
)
from leakline.attribution.syntax.scopes import Binding, Member, Scope, ScopeTree
from leakline.attribution.syntax.weak_fields import entry_places, weak_map_of
from leakline.positions import Span

_FIELD_KINDS = ("field_definition", "public_field_definition")


@dataclass(frozen=True, slots=True)
class ThisOwner:
    """Whom ``this`` means at a place.

    Attributes:
        scope: The class, or the function that serves as constructor or method.
        static: Whether ``this`` is the class itself.
    """

    scope: Scope
    static: bool


def _is_static(member: Node) -> bool:
    return any(child.type == "static" for child in member.children)


def this_owner(found: ScopeTree, node: Node) -> ThisOwner | None:
    """Whom ``this`` means at a node, None at top level and in methods of object literals."""
    scope: Scope | None = found.scope_of(node)
    while scope is not None:
        parent = scope.parent
        if scope.kind == "class":
            return ThisOwner(scope, static=_in_static_field(found, node))
        if scope.kind in ("method", "static block"):
            if parent is not None and parent.kind == "class":
                return ThisOwner(parent, static=scope.is_static)
            return None
        if scope.kind == "function":
            return ThisOwner(_prototype_owner(found, scope) or scope, static=False)
        scope = parent
    return None


def _in_static_field(found: ScopeTree, node: Node) -> bool:
    around = found.around(node)
    steps = 0
    while (outer := around[steps]) is not None:
        if outer.type in _FIELD_KINDS:
            return _is_static(outer)
        if outer.type == "class_body":
            break
        steps += 1
    return False


def _prototype_owner(found: ScopeTree, function: Scope) -> Scope | None:
    """The constructor function ``F`` of ``F.prototype.method = function () {…}``."""
    around = found.around(function.node)
    parent = around[1]
    if parent is None or parent.type != "assignment_expression":
        return None
    method = parent.child_by_field_name("left")
    prototype = None if method is None else method.child_by_field_name("object")
    if prototype is None or prototype.type != "member_expression":
        return None
    if member_key(found.text, prototype) != "prototype":
        return None
    holder = prototype.child_by_field_name("object")
    binding = None if holder is None else found.binding_of(holder)
    return None if binding is None else function_of(found, binding)


def function_of(found: ScopeTree, binding: Binding) -> Scope | None:
    """The function or class that a name was declared with, the first if there are several."""
    for value in initial_values(found, binding):
        if value.type in FUNCTION_KINDS or value.type.startswith(("class", "abstract_class")):
            return function_scope(found, value)
    return None


class ClassFields:
    """The fields of one class, or of one constructor function.

    Args:
        found: The script's scopes.
        owner: The scope of the class or constructor function.
    """

    def __init__(self, found: ScopeTree, owner: Scope) -> None:
        self._found = found
        self._owner = owner

    def places(self, field: str, *, static: bool, private: bool = False) -> list[Place]:
        """Every expression that means the field; those of unknown objects are uncertain."""
        name = self._written(field, private=private)
        weak_map = weak_map_of(self._found, self._owner, name) if private else None
        if weak_map is not None:
            return entry_places(self._found, weak_map)
        places = []
        for member in members_named(self._found, name):
            certain = self._means(member, static=static, private=name.startswith("#"))
            if certain is not None:
                places.append(Place(member.node, certain))
        return places

    def declaration(self, field: str, *, static: bool, private: bool = False) -> Span | None:
        """The name in the class's body, else in the first assignment or definition."""
        name = self._written(field, private=private)
        weak_map = weak_map_of(self._found, self._owner, name) if private else None
        if weak_map is not None:
            return weak_map.declarations[0]
        text = self._found.text
        body = self._owner.node.child_by_field_name("body")
        if self._owner.kind == "class" and body is not None:
            for member in body.named_children:
                if member.type not in _FIELD_KINDS or _is_static(member) != static:
                    continue
                key = member.child_by_field_name("property") or member.child_by_field_name("name")
                if key is not None and property_key(text, key) == name:
                    return self._found.span_of(key)
            parameter = None if static else self._parameter_property(name)
            if parameter is not None:
                return self._found.span_of(parameter)
        for call in define_calls(self._found, name):
            if self._is_owner(call.object, static=static):
                return self._found.span_of(call.key)
        for place in self.places(field, static=static, private=private):
            parent = self._found.around(place.node)[1]
            if (
                place.certain
                and parent is not None
                and parent.type.endswith("assignment_expression")
            ):
                left = parent.child_by_field_name("left")
                if left == place.node:
                    return self._found.span_of(place.node)
        return None

    @staticmethod
    def _written(field: str, *, private: bool) -> str:
        return f"#{field}" if private and not field.startswith("#") else field

    def _parameter_property(self, name: str) -> Node | None:
        constructor = self._owner.constructor
        parameters = (
            None if constructor is None else constructor.node.child_by_field_name("parameters")
        )
        for parameter in () if parameters is None else parameters.named_children:
            pattern = parameter.child_by_field_name("pattern")
            marked = any(
                child.type in ("accessibility_modifier", "readonly", "override_modifier")
                for child in parameter.children
            )
            if marked and pattern is not None and property_key(self._found.text, pattern) == name:
                return pattern
        return None

    def _means(self, member: Member, *, static: bool, private: bool) -> bool | None:
        """Whether a member expression is the field: surely, maybe, or None for no."""
        if private:
            inside = self._owner.start <= member.node.start_byte >> 1 < self._owner.end
            return True if inside else None
        taken_from = member.object
        if taken_from.type == "this":
            return self._is_this(taken_from, static=static)
        if self._is_owner(taken_from, static=static):
            return True
        if taken_from.type == "identifier":
            binding = self._found.binding_of(taken_from)
            if binding is not None:
                return self._is_variable(binding, static=static)
        if taken_from.type == "super":
            return None
        return None if static else False

    def _is_this(self, node: Node, *, static: bool) -> bool | None:
        owner = this_owner(self._found, node)
        if owner is None or owner.static != static:
            return None
        return True if self._related(owner.scope) else None

    def _is_variable(self, binding: Binding, *, static: bool) -> bool | None:
        if binding.kind in ("class", "function", "import", "enum", "namespace"):
            return None
        unknown = None if static else False
        for value in initial_values(self._found, binding):
            if value.type == "this":
                return self._is_this(value, static=static)
            if value.type == "new_expression":
                if static:
                    return None
                made = value.child_by_field_name("constructor")
                if made is None or made.type != "identifier":
                    continue
                made_binding = self._found.binding_of(made)
                scopes = [] if made_binding is None else self._classes_of(made_binding)
                return True if any(map(self._related, scopes)) else None
            if value.type in ("object", "array", "string", "template_string", "number"):
                return None
        return unknown

    def _is_owner(self, node: Node, *, static: bool) -> bool:
        """Whether a node surely is the class (static) or an instance of it."""
        if node.type == "this":
            return self._is_this(node, static=static) is True
        if not static:
            return False
        if node.type == "member_expression":
            inner = node.child_by_field_name("object")
            return (
                member_key(self._found.text, node) == "constructor"
                and inner is not None
                and self._is_this(unwrap(inner), static=False) is True
            )
        if node.type != "identifier":
            return False
        binding = self._found.binding_of(node)
        if binding is None:
            return False
        return any(scope is self._owner for scope in self._classes_of(binding))

    def _classes_of(self, binding: Binding) -> list[Scope]:
        """The classes a name stands for, also by ``var A = class {}`` and ``var A = _A``."""
        scopes = []
        for value in initial_values(self._found, binding):
            if value.type == "identifier":
                inner = self._found.binding_of(value)
                scope = (
                    None if inner is None or inner is binding else function_of(self._found, inner)
                )
            elif value.type in FUNCTION_KINDS or "class" in value.type:
                scope = function_scope(self._found, value)
            else:
                scope = None
            if scope is not None:
                scopes.append(scope)
        if binding.kind == "class" and not scopes:
            scopes.extend(child for child in (binding.scope,) if child.kind == "class")
        return scopes

    def _related(self, scope: Scope) -> bool:
        """Whether an instance of one of the two may be an instance of the other."""
        return (
            scope is self._owner
            or self._owner in _ancestors(self._found, scope)
            or scope in _ancestors(self._found, self._owner)
        )


def _ancestors(found: ScopeTree, scope: Scope) -> list[Scope]:
    """The classes of the script that a class extends, nearest first."""
    chain: list[Scope] = []
    while scope.kind == "class":
        heritage = next(
            (child for child in scope.node.named_children if child.type == "class_heritage"), None
        )
        if heritage is None or not heritage.named_children:
            break
        base = heritage.named_children[0]
        if base.type == "extends_clause":
            base = base.child_by_field_name("value") or base
        binding = found.binding_of(base)
        above = None if binding is None else function_of(found, binding)
        if above is None or above in chain or above is scope:
            break
        chain.append(above)
        scope = above
    return chain
