"""Other names of a value: variables, parameters, fields and results it goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from leakline.attribution.syntax.fields import ClassFields, function_of, this_owner
from leakline.attribution.syntax.grammar import CLASS_KINDS, FUNCTION_KINDS, Ancestry
from leakline.attribution.syntax.literals import property_value
from leakline.attribution.syntax.naming import property_key, source, unwrap
from leakline.attribution.syntax.places import (
    Place,
    function_scope,
    initial_values,
    members_named,
    parameter_pattern,
)
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.attribution.syntax.trail import (
    FollowBinding,
    FollowPattern,
    FollowPlaces,
    Step,
    Trail,
    Visit,
)


class Aliases:
    """Tells what other names a value gets.

    Args:
        found: The script's scopes.
    """

    def __init__(self, found: ScopeTree) -> None:
        self._found = found
        self._text = found.text

    # -- forwards: the value is given away

    def given(self, around: Ancestry, step: int, trail: Trail) -> Iterator[Step]:
        """The names that the use of a value, one step outwards, gives it."""
        node, parent = around[step], around[step + 1]
        if node is None or parent is None:
            return
        kind = parent.type
        if kind == "variable_declarator":
            name = parent.child_by_field_name("name")
            if name is not None and name != node:
                yield FollowPattern(name, trail, self._found.span_of(parent))
        elif kind.endswith("assignment_expression"):
            left = parent.child_by_field_name("left")
            if left is not None and left != node:
                yield FollowPattern(left, trail, self._found.span_of(parent))
        elif kind == "for_in_statement":
            operator = parent.child_by_field_name("operator")
            left = parent.child_by_field_name("left")
            is_of = operator is not None and operator.type == "of"
            if left is not None and is_of and parent.child_by_field_name("right") == node:
                yield FollowPattern(left, trail.inside(), None)
        elif kind == "return_statement" or (
            kind == "arrow_function" and parent.child_by_field_name("body") == node
        ):
            yield from self._returned(node, trail)

    def argument(self, call: Node, index: int, trail: Trail) -> Iterator[Step]:
        """The value becomes a parameter of a function or constructor of this script."""
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        if callee is None:
            return
        callee = unwrap(callee)
        functions = [callee]
        if callee.type == "identifier":
            binding = self._found.binding_of(callee)
            functions = [] if binding is None else initial_values(self._found, binding)
        for function in functions:
            pattern = parameter_pattern(self._found, function, index)
            if pattern is not None:
                onwards = replace(trail, certain=False)
                yield FollowPattern(pattern, onwards, self._found.span_of(call))

    def pattern(self, step: FollowPattern) -> Iterator[Step]:
        """The value is given to what stands on the left of ``=``."""
        target = unwrap(step.target)
        kind = target.type
        trail = step.trail
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            binding = self._found.binding_of(target)
            if binding is not None:
                yield FollowBinding(binding, trail.alias(step.hop))
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            left = target.child_by_field_name("left")
            if left is not None:
                yield replace(step, target=left)
        elif kind in ("required_parameter", "optional_parameter"):
            inner = target.child_by_field_name("pattern")
            if inner is not None:
                yield replace(step, target=inner)
        elif kind == "object_pattern":
            for entry in target.named_children:
                yield from self._pattern_entry(entry, step)
        elif kind == "array_pattern":
            for entry in target.named_children:
                yield FollowPattern(entry, trail.inside(), step.hop)
        elif kind == "member_expression":
            yield from self._field(target, trail.alias(step.hop, certain=False))

    def _pattern_entry(self, entry: Node, step: FollowPattern) -> Iterator[Step]:
        kind = entry.type
        path = step.trail.path
        if kind == "rest_pattern":
            if path and entry.named_child_count:
                yield replace(step, target=entry.named_children[0])
            return
        value: Node | None = entry
        if kind == "pair_pattern":
            key = property_key(self._text, entry.child_by_field_name("key"))
            value = entry.child_by_field_name("value")
        elif kind == "object_assignment_pattern":
            key = property_key(self._text, entry.child_by_field_name("left"))
        else:
            key = property_key(self._text, entry)
        if value is None:
            return
        if not path:
            yield FollowPattern(value, step.trail.inside(), step.hop)
        elif key == path[0]:
            yield FollowPattern(value, step.trail.below(path[1:]), step.hop)

    def _field(self, target: Node, trail: Trail) -> Iterator[Step]:
        """``this.cache = value``: the field has it from now on."""
        holder = target.child_by_field_name("object")
        key = target.child_by_field_name("property")
        if holder is None or key is None or unwrap(holder).type != "this":
            return
        owner = this_owner(self._found, target)
        if owner is not None:
            name = source(self._text, key)
            fields = ClassFields(self._found, owner.scope)
            places = fields.places(name, static=owner.static, private=name.startswith("#"))
            yield FollowPlaces(tuple(place for place in places if place.certain), trail)

    def _returned(self, node: Node, trail: Trail) -> Iterator[Step]:
        """The value is a function's result: each call of the function has it."""
        function = self._found.scope_of(node).function
        if function.node.type not in FUNCTION_KINDS:
            return
        if function.kind == "method":
            # Found by name only, so not worth it for values that are uncertain themselves.
            if not trail.nested:
                yield from self._returned_by_method(function, trail.alias())
            return
        binding = self._binding_of_function(function)
        for use in () if binding is None else self._found.uses(binding):
            callee = self._found.node_at(use.start)
            if callee is None or use.access == "declaration":
                continue
            around = self._found.around(callee)
            call = around[1]
            if call is not None and _calls(call, callee):
                yield Visit(around, 1, trail.alias(self._found.span_of(call)))

    def _binding_of_function(self, function: Scope) -> Binding | None:
        name = function.node.child_by_field_name("name")
        if name is not None and function.node.type.endswith("declaration"):
            return self._found.binding_of(name)
        parent = self._found.around(function.node)[1]
        if parent is None or parent.type != "variable_declarator":
            return None
        holder = parent.child_by_field_name("name")
        return None if holder is None else self._found.binding_of(holder)

    def _returned_by_method(self, method: Scope, trail: Trail) -> Iterator[Step]:
        """``get items() { return this.#items }`` and ``getItems() {…}``: by their name."""
        name = method.name
        if not name or name == "constructor":
            return
        is_getter = any(child.type == "get" for child in method.node.children)
        for member in members_named(self._found, name):
            around = self._found.around(member.node)
            call = around[1]
            onwards = trail.alias(self._found.span_of(member.node), certain=False)
            if is_getter:
                yield Visit(around, 0, onwards)
            elif call is not None and _calls(call, member.node):
                yield Visit(around, 1, onwards)

    # -- backwards: where the value came from

    def sources(self, binding: Binding, trail: Trail) -> Iterator[Step]:
        """Other names through which a variable's initial value may still be written."""
        for value in initial_values(self._found, binding):
            yield from self._source(value, trail)

    def _source(self, value: Node, trail: Trail) -> Iterator[Step]:
        path = trail.path
        onwards = trail.alias(self._found.span_of(value), certain=False)
        while path and value.type == "object":
            yield from self._this_in_literal(value, trail.below(path))
            entry = property_value(self._found, value, path[0])
            if entry is None:
                return
            value, path = unwrap(entry[1]), path[1:]
            onwards = trail.alias(self._found.span_of(value), certain=False)
        onwards = onwards.below(path)
        kind = value.type
        if kind in ("identifier", "shorthand_property_identifier"):
            binding = self._found.binding_of(value)
            if binding is not None and binding.kind not in ("class", "function", "import"):
                yield FollowBinding(binding, onwards)
        elif path and kind == "new_expression":
            made = value.child_by_field_name("constructor")
            binding = None if made is None else self._found.binding_of(made)
            scope = None if binding is None else function_of(self._found, binding)
            if scope is not None:
                yield self._fields(scope, onwards, static=False)
        elif path and kind in CLASS_KINDS:
            scope = function_scope(self._found, value)
            if scope is not None:
                yield self._fields(scope, trail.below(path), static=True)

    def _fields(self, owner: Scope, trail: Trail, *, static: bool) -> Step:
        name, rest = trail.path[0], trail.path[1:]
        places = ClassFields(self._found, owner).places(
            name, static=static, private=name.startswith("#")
        )
        return FollowPlaces(tuple(places), trail.below(rest))

    def _this_in_literal(self, literal: Node, trail: Trail) -> Iterator[Step]:
        """``this.items`` in the methods of ``{ items: [], add(x) {…} }``."""
        places = []
        for member in members_named(self._found, trail.path[0]):
            if member.object.type != "this":
                continue
            if not literal.start_byte <= member.node.start_byte < literal.end_byte:
                continue
            scope: Scope | None = self._found.scope_of(member.node)
            while scope is not None and scope.kind not in ("method", "function", "class"):
                scope = scope.parent
            if scope is None or scope.kind == "class":
                continue
            around = self._found.around(scope.node)
            if literal in (around[1], around[2]):
                places.append(Place(member.node))
        yield FollowPlaces(tuple(places), trail.below(trail.path[1:]))


def _calls(call: Node, callee: Node) -> bool:
    return call.type == "call_expression" and call.child_by_field_name("function") == callee
