"""Uses of a value that add to it: methods and assignments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from leakline.attribution.syntax.grammar import Ancestry
from leakline.attribution.syntax.growth import (
    CHAINING_METHODS,
    GROWING_CALLS,
    GROWING_METHODS,
    READING_METHODS,
    VISITING_METHODS,
    GrowthKind,
    GrowthWrite,
)
from leakline.attribution.syntax.naming import WRAPPERS, member_key, source, unwrap
from leakline.attribution.syntax.places import argument_values, parameter_pattern
from leakline.attribution.syntax.rebuild import Slot, climb_rebuild
from leakline.attribution.syntax.scopes import ScopeTree
from leakline.attribution.syntax.trail import FollowPattern, Step, Trail, Visit

MEMBERS = ("member_expression", "subscript_expression")
#: What may stand between a new object or array and the ``return`` that gives it away.
_RESULT_PARTS = frozenset({"pair", "object", "parenthesized_expression", "ternary_expression"})


def _gains(whole: Node, spread: Node) -> bool:
    """Whether a literal holds more than what is spread into it, by another key each time."""
    others = [child for child in whole.named_children if child != spread and not child.is_extra]
    if whole.type == "array":
        return bool(others)
    keys = (child.child_by_field_name("key") for child in others)
    return whole.type == "object" and any(
        key is not None and key.type == "computed_property_name" for key in keys
    )


class Additions:
    """Collects what adds to a slot.

    Args:
        found: The script's scopes.
    """

    def __init__(self, found: ScopeTree) -> None:
        self._found = found
        self._text = found.text
        self._growth: dict[tuple[int, int], GrowthWrite] = {}
        self._slots: dict[object, Slot] = {}

    def growth(self) -> tuple[GrowthWrite, ...]:
        """What was found to add: the certain first, nested last, else in source order."""
        return tuple(
            sorted(
                self._growth.values(),
                key=lambda write: (not write.certain, write.kind == "nested", write.span),
            )
        )

    # -- uses

    def assigned(self, assignment: Node, target: Node, trail: Trail) -> None:
        """The place stands on the left of an assignment: ``x += y``, ``x = []``."""
        right = assignment.child_by_field_name("right")
        if right is None or trail.path or not (trail.owns or trail.nested):
            return
        operator = assignment.child_by_field_name("operator")
        sign = "=" if operator is None else operator.type
        if sign == "+=" and right.type != "number":
            self._add(assignment, target, "append", trail)

    def rebuilt(self, around: Ancestry, step: int, trail: Trail) -> None:
        """``x = […x, y]`` and its kin, where the place itself is the slot."""
        target = around[step]
        if not trail.owns or trail.nested or trail.path or target is None:
            return
        key = (trail.roots, trail.full_path)
        slot = self._slots.setdefault(key, Slot(trail.roots, trail.full_path, set()))
        for result in climb_rebuild(self._found, around, step, slot):
            via = trail.via if result.hop is None else (*trail.via, result.hop)
            self._add(
                result.assignment,
                target,
                result.kind,
                replace(trail, via=via),
                certain=result.certain,
            )

    def rebuilt_by_call(self, around: Ancestry, step: int, trail: Trail) -> None:
        """``return { ...state, [key]: x }`` where a call handed the value over.

        A reducer's result takes the place of what it was given.
        """
        target, spread, whole = around[step], around[step + 1], around[step + 2]
        if target is None or spread is None or whole is None or trail.owns or trail.nested:
            return
        if spread.type != "spread_element" or not trail.via or not _gains(whole, spread):
            return
        outer = step + 3
        while (node := around[outer]) is not None and node.type in _RESULT_PARTS:
            outer += 1
        if node is not None and node.type in ("return_statement", "arrow_function"):
            self._add(whole, target, "rebuild", trail, certain=False)

    def member(self, around: Ancestry, step: int, trail: Trail) -> Iterator[Step]:
        """``value.key …``: a method that adds, a property assigned, a value inside."""
        target, member, use = around[step], around[step + 1], around[step + 2]
        if target is None or member is None or use is None:
            return
        key = member_key(self._text, member)
        if use.type == "call_expression" and use.child_by_field_name("function") == member:
            yield from self._method(around, step, key, trail)
            return
        inner, held = step + 1, member
        while use.type in WRAPPERS:
            inner += 1
            held, next_use = use, around[inner + 1]
            if next_use is None:
                return
            use = next_use
        kind = use.type
        if kind.endswith("assignment_expression") and use.child_by_field_name("left") == held:
            self._property_written(use, target, key, trail)
        elif kind == "unary_expression":
            return
        elif kind in MEMBERS and key in GROWING_METHODS:
            call = around[inner + 2]
            if call is not None and self._is_apply(use, call):
                self._add(call, target, GROWING_METHODS[key][0], trail)
                return
            if call is not None and member_key(self._text, use) == "bind":
                self._bound(around, inner + 2, target, GROWING_METHODS[key][0], trail)
                return
        if key != "length":
            yield Visit(around, step + 1, trail.inside())

    def _bound(
        self, around: Ancestry, step: int, target: Node, kind: GrowthKind, trail: Trail
    ) -> None:
        """``const push = list.push.bind(list)``: the calls of ``push``."""
        bound, declaration = around[step], around[step + 1]
        if bound is None or declaration is None or declaration.type != "variable_declarator":
            return
        name = declaration.child_by_field_name("name")
        binding = None if name is None else self._found.binding_of(name)
        for use in () if binding is None else self._found.uses(binding):
            callee = self._found.node_at(use.start)
            call = None if callee is None else callee.parent
            if call is None or call.type != "call_expression":
                continue
            if call.child_by_field_name("function") == callee:
                via = replace(trail, via=(*trail.via, self._found.span_of(declaration)))
                self._add(call, target, kind, via)

    def _is_apply(self, callee: Node, call: Node) -> bool:
        return (
            call.type == "call_expression"
            and call.child_by_field_name("function") == callee
            and member_key(self._text, callee) in ("apply", "call")
        )

    def _method(self, around: Ancestry, step: int, key: str | None, trail: Trail) -> Iterator[Step]:
        target, call = around[step], around[step + 2]
        assert target is not None
        assert call is not None
        values = argument_values(call)
        if key == "splice":
            if len(values) > 2:
                self._add(call, target, "splice", trail)
        elif key in GROWING_METHODS and values:
            kind, certain = GROWING_METHODS[key]
            self._add(call, target, kind, trail, certain=certain)
            if key in CHAINING_METHODS:
                yield Visit(around, step + 2, trail.alias())
        if key in READING_METHODS:
            yield Visit(around, step + 2, trail.inside())
        if key in VISITING_METHODS and values:
            pattern = parameter_pattern(self._found, values[0], VISITING_METHODS[key])
            if pattern is not None:
                yield FollowPattern(pattern, trail.inside(), self._found.span_of(call))

    def argument(self, around: Ancestry, step: int, index: int, trail: Trail) -> Iterator[Step]:
        """The value is an argument of a call that adds to it: ``Object.assign(x, …)``."""
        target, call = around[step], around[step + 2]
        callee = None if call is None else call.child_by_field_name("function")
        if target is None or call is None or callee is None or trail.path or index:
            return
        callee = unwrap(callee)
        name = source(self._text, callee)
        kind = GROWING_CALLS.get(name)
        if kind is not None:
            self._add(call, target, kind, trail)
            if name == "Object.assign":
                yield Visit(around, step + 2, trail)
            return
        applied = self._applied_method(callee)
        if applied is not None:
            self._add(call, target, GROWING_METHODS[applied][0], trail)

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
        is_prototype = holder.type in MEMBERS and member_key(self._text, holder) == "prototype"
        return key if is_prototype or holder.type in ("array", "object") else None

    def _property_written(
        self, assignment: Node, target: Node, key: str | None, trail: Trail
    ) -> None:
        right = assignment.child_by_field_name("right")
        operator = assignment.child_by_field_name("operator")
        sign = "=" if operator is None else operator.type
        if right is None:
            return
        value = unwrap(right)
        if key == "length" or value.type in ("undefined", "null"):
            return
        if sign in ("=", "??=", "||=", "&&="):
            kind: GrowthKind = "assign element" if key is None else "assign property"
            self._add(assignment, target, kind, trail, certain=key is None)

    # -- records

    def _add(
        self,
        expression: Node,
        target: Node,
        kind: GrowthKind,
        trail: Trail,
        *,
        certain: bool = True,
    ) -> None:
        write = GrowthWrite(
            self._found.span_of(expression),
            "nested" if trail.nested else kind,
            self._found.span_of(target),
            self._found.scope_of(target).function,
            trail.via,
            certain and trail.certain,
        )
        key = (expression.start_byte, expression.end_byte)
        known = self._growth.get(key)
        if known is None or _strength(write) > _strength(known):
            self._growth[key] = write


def _strength(write: GrowthWrite) -> tuple[bool, bool, int]:
    return (write.certain, write.kind != "nested", -len(write.via))
