"""The search for growth: from each place that means a slot outwards through the syntax.

A place is followed while the expression around it still has the slot's value (wrappers,
branches, assignments as values) or walks down the wanted property path. What uses the value
then decides: a method call or an assignment adds to it; a declaration, an argument or a
``return`` gives it another name, which is followed in turn, through a bounded number of hops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tree_sitter import Node

from leakline.attribution.syntax.fields import ClassFields, function_of, this_owner
from leakline.attribution.syntax.grammar import CLASS_KINDS, FUNCTION_KINDS, Ancestry
from leakline.attribution.syntax.growth import (
    GROWING_CALLS,
    GROWING_METHODS,
    READING_METHODS,
    SHRINKING_METHODS,
    VISITING_METHODS,
    GrowthKind,
    GrowthWrite,
    ShrinkWrite,
)
from leakline.attribution.syntax.literals import property_value
from leakline.attribution.syntax.naming import (
    WRAPPERS,
    member_key,
    property_key,
    source,
    unwrap,
    wrapped_value,
)
from leakline.attribution.syntax.places import (
    Place,
    function_scope,
    initial_values,
    members_named,
)
from leakline.attribution.syntax.rebuild import climb_rebuild
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.positions import Span

_MAX_HOPS = 4
_MEMBERS = ("member_expression", "subscript_expression")
_EMPTY_VALUES = frozenset({"null", "undefined", "number", "true", "false"})


@dataclass(frozen=True, slots=True)
class Trail:
    """How the search got to a place.

    Attributes:
        path: Property names that are still to be walked down from the place's value.
        via: Aliases and calls passed.
        certain: Whether the value surely is the slot's.
        owns: Whether the place is the slot itself, so that assigning to it changes the slot;
            an alias only has its value.
        nested: Whether the value lies inside the slot's value.
        roots: Byte ranges of all places of this kind, to know the slot on both sides of ``=``.
        full_path: The path as it was at those places.
    """

    path: tuple[str, ...]
    via: tuple[Span, ...] = ()
    certain: bool = True
    owns: bool = True
    nested: bool = False
    roots: frozenset[tuple[int, int]] = frozenset()
    full_path: tuple[str, ...] = ()

    def alias(self, hop: Span | None = None, *, certain: bool = True) -> Trail:
        """The trail beyond an alias."""
        return replace(
            self,
            via=self.via if hop is None else (*self.via, hop),
            certain=self.certain and certain,
            owns=False,
        )

    def inside(self) -> Trail:
        """The trail to values inside the value."""
        return replace(self, path=(), nested=True, certain=False, owns=False)


class Search:
    """Finds what makes one slot grow or shrink.

    Args:
        found: The script's scopes.
    """

    def __init__(self, found: ScopeTree) -> None:
        self._found = found
        self._text = found.text
        self._growth: dict[tuple[int, int], GrowthWrite] = {}
        self._shrink: dict[tuple[int, int], ShrinkWrite] = {}
        self._seen: set[object] = set()

    def growth(self) -> tuple[GrowthWrite, ...]:
        """What was found to add: the certain ones first, each group in source order."""
        return tuple(
            sorted(
                self._growth.values(),
                key=lambda write: (not write.certain, write.kind == "nested", write.span),
            )
        )

    def shrink(self) -> tuple[ShrinkWrite, ...]:
        """What was found to take away, in source order."""
        return tuple(sorted(self._shrink.values(), key=lambda write: write.span))

    # -- where to begin

    def follow_binding(self, binding: Binding, trail: Trail) -> None:
        """Follow every use of a variable."""
        key = (id(binding), trail.path, trail.nested)
        if key in self._seen or len(trail.via) > _MAX_HOPS:
            return
        self._seen.add(key)
        nodes: list[tuple[Node, bool]] = []
        for use in self._found.uses(binding):
            node = self._found.node_at(use.start)
            if node is not None:
                nodes.append((node, use.access == "declaration"))
        trail = replace(
            trail,
            roots=frozenset((node.start_byte, node.end_byte) for node, _ in nodes),
            full_path=trail.path,
        )
        for node, is_declaration in nodes:
            if not is_declaration:
                self._follow(Ancestry(self._found.tree.root_node, node), 0, trail)
        if trail.nested:
            return
        for value in initial_values(self._found, binding):
            self._follow_source(value, trail)

    def follow_places(self, places: Iterable[Place], trail: Trail) -> None:
        """Follow places found by name: fields, properties of the global object."""
        places = list(places)
        roots = frozenset((place.node.start_byte, place.node.end_byte) for place in places)
        for place in places:
            key = (place.node.start_byte, place.node.end_byte, trail.path, trail.nested)
            if key in self._seen:
                continue
            self._seen.add(key)
            self._follow(
                Ancestry(self._found.tree.root_node, place.node),
                0,
                replace(
                    trail,
                    roots=roots,
                    full_path=trail.path,
                    certain=trail.certain and place.certain,
                ),
            )

    def _follow_source(self, value: Node, trail: Trail) -> None:
        """What the slot got its value from may still be written through: ``x = new Map()``."""
        path = trail.path
        kind = value.type
        hop = trail.alias(self._found.span_of(value), certain=False)
        while path and kind == "object":
            self._follow_this_in_literal(value, replace(hop, path=path))
            entry = property_value(self._found, value, path[0])
            if entry is None:
                break
            value, path = unwrap(entry[1]), path[1:]
            kind = value.type
            hop = trail.alias(self._found.span_of(value), certain=False)
        if kind in ("identifier", "shorthand_property_identifier"):
            binding = self._found.binding_of(value)
            if binding is not None and binding.kind not in ("class", "function", "import"):
                self.follow_binding(binding, replace(hop, path=path))
        elif kind == "new_expression" and path:
            made = value.child_by_field_name("constructor")
            binding = None if made is None else self._found.binding_of(made)
            scope = None if binding is None else function_of(self._found, binding)
            if scope is not None:
                private = path[0].startswith("#")
                fields = ClassFields(self._found, scope)
                self.follow_places(
                    fields.places(path[0], static=False, private=private),
                    replace(hop, path=path[1:]),
                )
        elif kind in CLASS_KINDS and path:
            scope = function_scope(self._found, value)
            if scope is not None:
                fields = ClassFields(self._found, scope)
                self.follow_places(
                    fields.places(path[0], static=True, private=path[0].startswith("#")),
                    replace(trail, path=path[1:]),
                )

    def _follow_this_in_literal(self, literal: Node, trail: Trail) -> None:
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
            around = Ancestry(self._found.tree.root_node, scope.node)
            if around[1] == literal or around[2] == literal:
                places.append(Place(member.node))
        self.follow_places(places, replace(trail, path=trail.path[1:], certain=True))

    # -- outwards

    def _follow(self, around: Ancestry, step: int, trail: Trail) -> None:
        while True:
            node, parent = around[step], around[step + 1]
            if node is None or parent is None:
                return
            kind = parent.type
            if kind in _MEMBERS and parent.child_by_field_name("object") == node:
                key = member_key(self._text, parent)
                if not trail.path:
                    self._member(around, step, trail)
                    return
                if key is None:
                    trail = replace(trail, certain=False)
                elif key != trail.path[0]:
                    return
                trail = replace(trail, path=trail.path[1:])
                step += 1
                continue
            if step == 0 or not trail.path:
                self._rebuild(around, step, trail)
            if not self._has_value_of(parent, node):
                self._use(around, step, trail)
                return
            if kind.endswith("assignment_expression"):
                self._assignment(around, step, trail)
            step += 1

    @staticmethod
    def _has_value_of(parent: Node, node: Node) -> bool:
        """Whether the value of an expression may be that of this part of it."""
        kind = parent.type
        if kind in WRAPPERS:
            return wrapped_value(parent) == node
        if kind == "ternary_expression":
            return parent.child_by_field_name("condition") != node
        if kind == "sequence_expression":
            return parent.named_children[-1] == node
        if kind == "assignment_expression":
            return True
        if kind in ("binary_expression", "augmented_assignment_expression"):
            operator = parent.child_by_field_name("operator")
            name = "" if operator is None else operator.type
            if name in ("&&", "&&="):
                return parent.child_by_field_name("right") == node
            if name == "+=":
                return parent.child_by_field_name("left") == node
            return name in ("||", "??", "||=", "??=")
        return False

    def _assignment(self, around: Ancestry, step: int, trail: Trail) -> None:
        node, parent = around[step], around[step + 1]
        assert node is not None
        assert parent is not None
        left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
        if left is None or right is None:
            return
        operator = parent.child_by_field_name("operator")
        sign = "=" if operator is None else operator.type
        if left != node:
            self._alias(left, trail, self._found.span_of(parent))
            return
        if trail.path or not (trail.owns or trail.nested):
            return
        if sign == "+=":
            if right.type != "number":
                self._add(around, step, parent, "append", trail)
        elif sign == "=" and self._is_empty(right) and not trail.nested:
            self._take(around, step, parent, trail)

    def _is_empty(self, value: Node) -> bool:
        value = unwrap(value)
        if value.type in _EMPTY_VALUES:
            return True
        if value.type in ("array", "object", "string", "template_string"):
            return value.named_child_count == 0
        if value.type == "new_expression":
            arguments = value.child_by_field_name("arguments")
            return arguments is None or arguments.named_child_count == 0
        return False

    # -- uses that add or take

    def _member(self, around: Ancestry, step: int, trail: Trail) -> None:
        """``value.key …``: a method that adds, a property that is assigned, a value inside."""
        member, use = around[step + 1], around[step + 2]
        assert member is not None
        if use is None:
            return
        key = member_key(self._text, member)
        kind = use.type
        if kind == "call_expression" and use.child_by_field_name("function") == member:
            self._method(around, step, key, trail)
            return
        inner = step + 1
        while kind in WRAPPERS:
            inner += 1
            next_use = around[inner + 1]
            if next_use is None:
                return
            use, kind = next_use, next_use.type
        held = around[inner]
        assert held is not None
        if kind.endswith("assignment_expression") and use.child_by_field_name("left") == held:
            self._property_written(around, step, use, key, trail)
        elif kind == "unary_expression":
            if use.children[0].type == "delete":
                self._take(around, step, use, trail)
            return
        elif kind in _MEMBERS and key in GROWING_METHODS and self._is_applied(around, inner + 1):
            call = around[inner + 2]
            assert call is not None
            self._add(around, step, call, GROWING_METHODS[key][0], trail)
            return
        if key != "length":
            self._follow(around, step + 1, trail.inside())

    def _is_applied(self, around: Ancestry, step: int) -> bool:
        """Whether a member expression is the callee of ``….apply(…)`` or ``….call(…)``."""
        member, call = around[step], around[step + 1]
        return (
            member is not None
            and call is not None
            and call.type == "call_expression"
            and call.child_by_field_name("function") == member
            and member_key(self._text, member) in ("apply", "call")
        )

    def _method(self, around: Ancestry, step: int, key: str | None, trail: Trail) -> None:
        call = around[step + 2]
        assert call is not None
        arguments = call.child_by_field_name("arguments")
        count = 0 if arguments is None else arguments.named_child_count
        if key == "splice":
            if count > 2:
                self._add(around, step, call, "splice", trail)
            else:
                self._take(around, step, call, trail)
        elif key in GROWING_METHODS and count:
            kind, certain = GROWING_METHODS[key]
            self._add(around, step, call, kind, trail, certain=certain)
            if key.startswith("getOrInsert"):
                self._follow(around, step + 2, trail.inside())
        elif key in SHRINKING_METHODS:
            self._take(around, step, call, trail)
        if key in READING_METHODS or key in ("pop", "shift"):
            self._follow(around, step + 2, trail.inside())
        if key in VISITING_METHODS and arguments is not None and count:
            visitor = unwrap(arguments.named_children[0])
            self._parameter(visitor, VISITING_METHODS[key], trail.inside(), call)

    def _property_written(
        self,
        around: Ancestry,
        step: int,
        assignment: Node,
        key: str | None,
        trail: Trail,
    ) -> None:
        right = assignment.child_by_field_name("right")
        operator = assignment.child_by_field_name("operator")
        sign = "=" if operator is None else operator.type
        if right is None:
            return
        if key == "length":
            if sign == "=":
                self._take(around, step, assignment, trail)
            return
        value = unwrap(right)
        if value.type in ("undefined", "null"):
            self._take(around, step, assignment, trail)
            return
        if sign not in ("=", "??=", "||=", "&&="):
            if value.type != "number" and sign == "+=":
                self._add(around, step + 1, assignment, "nested", trail.inside())
            return
        computed = key is None
        kind: GrowthKind = "assign element" if computed else "assign property"
        self._add(around, step, assignment, kind, trail, certain=computed)

    def _add(
        self,
        around: Ancestry,
        step: int,
        expression: Node,
        kind: GrowthKind,
        trail: Trail,
        *,
        certain: bool = True,
    ) -> None:
        target = around[step]
        assert target is not None
        if trail.nested:
            kind = "nested"
        self._record(expression, target, kind, trail, certain=certain)

    def _record(
        self, expression: Node, target: Node, kind: GrowthKind, trail: Trail, *, certain: bool
    ) -> None:
        write = GrowthWrite(
            self._found.span_of(expression),
            kind,
            self._found.span_of(target),
            self._found.scope_of(target).function,
            trail.via,
            certain and trail.certain,
        )
        key = (expression.start_byte, expression.end_byte)
        known = self._growth.get(key)
        if known is None or (write.certain, -len(write.via)) > (known.certain, -len(known.via)):
            self._growth[key] = write

    def _take(self, around: Ancestry, step: int, expression: Node, trail: Trail) -> None:
        target = around[step]
        assert target is not None
        if trail.nested:
            return
        self._shrink[expression.start_byte, expression.end_byte] = ShrinkWrite(
            self._found.span_of(expression),
            self._found.span_of(target),
            self._found.scope_of(target).function,
        )

    def _rebuild(self, around: Ancestry, step: int, trail: Trail) -> None:
        """``x = […x, y]`` and its kin, where the place itself is the slot."""
        if not trail.owns or trail.nested or trail.path:
            return
        target = around[step]
        assert target is not None
        for result in climb_rebuild(self._found, around, step, trail.roots, trail.full_path):
            hops = trail.alias(result.hop).via if result.hop is not None else trail.via
            self._record(
                result.assignment,
                target,
                result.kind,
                replace(trail, via=hops),
                certain=result.certain,
            )

    # -- uses that give the value another name

    def _use(self, around: Ancestry, step: int, trail: Trail) -> None:
        node, parent = around[step], around[step + 1]
        assert node is not None
        assert parent is not None
        kind = parent.type
        if kind == "variable_declarator" and parent.child_by_field_name("value") == node:
            name = parent.child_by_field_name("name")
            if name is not None:
                self._alias(name, trail, self._found.span_of(parent))
        elif kind == "arguments":
            self._argument(around, step, trail)
        elif kind == "for_in_statement" and parent.child_by_field_name("right") == node:
            operator = parent.child_by_field_name("operator")
            left = parent.child_by_field_name("left")
            if left is not None and operator is not None and operator.type == "of":
                self._alias(left, trail.inside(), None)
        elif kind == "return_statement" or (
            kind == "arrow_function" and parent.child_by_field_name("body") == node
        ):
            self._returned(node, trail)

    def _alias(self, target: Node, trail: Trail, hop: Span | None) -> None:
        """The value is given to a variable, a pattern or a field."""
        target = unwrap(target)
        kind = target.type
        onwards = trail.alias(hop)
        if len(onwards.via) > _MAX_HOPS:
            return
        if kind in ("identifier", "shorthand_property_identifier_pattern"):
            binding = self._found.binding_of(target)
            if binding is not None:
                self.follow_binding(binding, onwards)
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            left = target.child_by_field_name("left")
            if left is not None:
                self._alias(left, trail, hop)
        elif kind in ("required_parameter", "optional_parameter"):
            pattern = target.child_by_field_name("pattern")
            if pattern is not None:
                self._alias(pattern, trail, hop)
        elif kind == "object_pattern":
            for entry in target.named_children:
                self._alias_entry(entry, trail, hop)
        elif kind == "array_pattern":
            for entry in target.named_children:
                self._alias(entry, trail.inside(), hop)
        elif kind == "member_expression":
            taken_from = target.child_by_field_name("object")
            key = target.child_by_field_name("property")
            if taken_from is None or key is None or unwrap(taken_from).type != "this":
                return
            owner = this_owner(self._found, target)
            if owner is not None:
                name = source(self._text, key)
                fields = ClassFields(self._found, owner.scope)
                places = fields.places(name, static=owner.static, private=name.startswith("#"))
                self.follow_places(
                    (place for place in places if place.certain),
                    replace(onwards, certain=False),
                )

    def _alias_entry(self, entry: Node, trail: Trail, hop: Span | None) -> None:
        kind = entry.type
        if kind == "rest_pattern":
            inner = entry.named_children[0] if entry.named_child_count else None
            if inner is not None and trail.path:
                self._alias(inner, trail, hop)
            return
        if kind == "pair_pattern":
            key = property_key(self._text, entry.child_by_field_name("key"))
            value = entry.child_by_field_name("value")
        else:
            inner = entry.child_by_field_name("left") if "assignment" in kind else entry
            key, value = property_key(self._text, inner), entry
        if value is None:
            return
        if not trail.path:
            self._alias(value, trail.inside(), hop)
        elif key == trail.path[0]:
            self._alias(value, replace(trail, path=trail.path[1:]), hop)

    def _argument(self, around: Ancestry, step: int, trail: Trail) -> None:
        node, arguments, call = around[step], around[step + 1], around[step + 2]
        if node is None or arguments is None or call is None:
            return
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        if callee is None:
            return
        callee = unwrap(callee)
        index = [child for child in arguments.named_children if not child.is_extra].index(node)
        name = source(self._text, callee)
        if not trail.path and index == 0:
            kind = GROWING_CALLS.get(name)
            if kind is not None:
                self._add(around, step, call, kind, trail)
                if name == "Object.assign":
                    self._follow(around, step + 2, trail)
                return
            applied = self._applied_method(callee)
            if applied is not None:
                self._add(around, step, call, GROWING_METHODS[applied][0], trail)
                return
        if callee.type == "identifier":
            binding = self._found.binding_of(callee)
            if binding is None:
                return
            for value in initial_values(self._found, binding):
                self._parameter(value, index, trail, call)
        else:
            self._parameter(callee, index, trail, call)

    def _applied_method(self, callee: Node) -> str | None:
        """``push`` of ``Array.prototype.push.apply`` and ``[].push.call``."""
        if callee.type != "member_expression" or member_key(self._text, callee) not in (
            "apply",
            "call",
        ):
            return None
        method = callee.child_by_field_name("object")
        if method is None or method.type != "member_expression":
            return None
        holder = method.child_by_field_name("object")
        key = member_key(self._text, method)
        if holder is None or key not in GROWING_METHODS:
            return None
        is_prototype = holder.type in _MEMBERS and member_key(self._text, holder) == "prototype"
        return key if is_prototype or holder.type in ("array", "object") else None

    def _parameter(self, function: Node, index: int, trail: Trail, call: Node) -> None:
        """The value becomes a parameter of a function of this script."""
        scope = function_scope(self._found, function)
        if scope is None:
            return
        if scope.kind == "class":
            scope = scope.constructor
            if scope is None:
                return
        if scope.node.type not in FUNCTION_KINDS:
            return
        parameters = scope.node.child_by_field_name("parameters")
        if parameters is None:
            single = scope.node.child_by_field_name("parameter")
            patterns = [] if single is None else [single]
        else:
            patterns = [child for child in parameters.named_children if not child.is_extra]
        if index < len(patterns) and patterns[index].type != "rest_pattern":
            onwards = replace(trail, certain=False)
            self._alias(patterns[index], onwards, self._found.span_of(call))

    def _returned(self, node: Node, trail: Trail) -> None:
        """The value is a function's result: each call of the function has it."""
        function = self._found.scope_of(node).function
        if function.node.type not in FUNCTION_KINDS:
            return
        key = (function.start, "returned", trail.path, trail.nested)
        if key in self._seen or len(trail.via) >= _MAX_HOPS:
            return
        self._seen.add(key)
        onwards = trail.alias()
        if function.kind == "method":
            self._returned_by_method(function, onwards)
            return
        binding = self._binding_of_function(function)
        if binding is None:
            return
        for use in self._found.uses(binding):
            callee = self._found.node_at(use.start)
            if callee is None or use.access == "declaration":
                continue
            around = Ancestry(self._found.tree.root_node, callee)
            call = around[1]
            if (
                call is not None
                and call.type == "call_expression"
                and call.child_by_field_name("function") == callee
            ):
                self._follow(
                    around, 1, replace(onwards, via=(*onwards.via, self._found.span_of(call)))
                )

    def _binding_of_function(self, function: Scope) -> Binding | None:
        name = function.node.child_by_field_name("name")
        if name is not None and function.node.type.endswith("declaration"):
            return self._found.binding_of(name)
        around = Ancestry(self._found.tree.root_node, function.node)
        parent = around[1]
        if parent is None or parent.type != "variable_declarator":
            return None
        holder = parent.child_by_field_name("name")
        return None if holder is None else self._found.binding_of(holder)

    def _returned_by_method(self, method: Scope, trail: Trail) -> None:
        """``get items() { return this.#items }`` and ``getItems() {…}``: by their name."""
        name = method.name
        if not name or name == "constructor":
            return
        is_getter = any(child.type == "get" for child in method.node.children)
        for member in members_named(self._found, name):
            around = Ancestry(self._found.tree.root_node, member.node)
            call = around[1]
            step = 0
            if not is_getter:
                if (
                    call is None
                    or call.type != "call_expression"
                    or call.child_by_field_name("function") != member.node
                ):
                    continue
                step = 1
            self._follow(
                around,
                step,
                replace(trail, certain=False, via=(*trail.via, self._found.span_of(member.node))),
            )
