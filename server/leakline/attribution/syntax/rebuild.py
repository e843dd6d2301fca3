"""Growth by replacement: ``x = x + y``, ``x = […x, y]``, ``x = {next: x}``.

From a read of the slot outwards through expressions that contain all of its value and more,
until the result is assigned to the slot again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.grammar import Ancestry
from leakline.attribution.syntax.growth import COPYING_CALLS, JOINING_CALLS, GrowthKind
from leakline.attribution.syntax.naming import (
    WRAPPERS,
    member_key,
    property_key,
    source,
    unwrap,
)
from leakline.attribution.syntax.scopes import ScopeTree
from leakline.positions import Span

_MAX_KEYS = 16
_MEMBERS = ("member_expression", "subscript_expression")


@dataclass(frozen=True, slots=True)
class Rebuild:
    """An assignment that puts a larger value in the slot's place.

    Attributes:
        assignment: The assignment's node.
        kind: How the larger value is made.
        certain: Whether it surely holds the old one.
        hop: The declaration of a variable between the two, None without one.
    """

    assignment: Node
    kind: GrowthKind
    certain: bool
    hop: Span | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """The slot, to know it on the left of ``=``.

    Attributes:
        roots: Byte ranges of the places that mean its variable or field.
        path: Property names below those places.
        seen: Nodes that were climbed through, and in which state: many reads meet in one sum.
    """

    roots: frozenset[tuple[int, int]]
    path: tuple[str, ...]
    seen: set[object]


@dataclass(slots=True)
class _Climb:
    """A value on its way: how it grew, under which keys it was put, how sure that is."""

    kind: GrowthKind | None = None
    certain: bool = True
    keys: tuple[str, ...] = ()
    hop: Span | None = None


def climb_rebuild(
    found: ScopeTree,
    around: Ancestry,
    step: int,
    slot: Slot,
) -> Iterator[Rebuild]:
    """The assignments by which a read of the slot makes the slot larger.

    Args:
        found: The script's scopes.
        around: The read and what is around it.
        step: The step of ``around`` at which the slot's value stands.
        slot: The slot.
    """
    yield from _climb(found, around, step, slot, _Climb())


def _climb(
    found: ScopeTree,
    around: Ancestry,
    step: int,
    slot: Slot,
    state: _Climb,
) -> Iterator[Rebuild]:
    while True:
        node, parent = around[step], around[step + 1]
        if node is None or parent is None:
            return
        kind = parent.type
        key = (
            node.start_byte,
            node.end_byte,
            kind,
            state.kind,
            state.certain,
            state.keys,
            state.hop,
        )
        if key in slot.seen or len(state.keys) > _MAX_KEYS:
            return
        slot.seen.add(key)
        if kind.endswith("assignment_expression"):
            if parent.child_by_field_name("right") != node:
                return
            left = parent.child_by_field_name("left")
            if left is None:
                return
            result = _assigned(found, left, slot, state)
            if result is not None:
                yield Rebuild(parent, result, state.certain, state.hop)
                return
            yield from _through_variable(found, (parent, left), slot, state)
        elif kind == "variable_declarator":
            name = parent.child_by_field_name("name")
            if name is not None and parent.child_by_field_name("value") == node:
                yield from _through_variable(found, (parent, name), slot, state)
            return
        elif kind == "arguments" and _is_root(around[step + 2], slot):
            # A helper that puts a larger value into a private field of an older target.
            call, values = around[step + 2], parent.named_children
            if call is not None and state.kind is not None and values.index(node) > 0:
                yield Rebuild(call, state.kind, state.certain, state.hop)
            return
        elif not _carry(found, around, step, state):
            return
        if kind == "arguments":
            step += 1
        step += 1


def _is_root(node: Node | None, slot: Slot) -> bool:
    return node is not None and (node.start_byte, node.end_byte) in slot.roots and not slot.path


def _assigned(
    found: ScopeTree,
    left: Node,
    slot: Slot,
    state: _Climb,
) -> GrowthKind | None:
    """How the slot grows by an assignment to ``left``, None if it does not."""
    keys: list[str | None] = []
    node = unwrap(left)
    while (node.start_byte, node.end_byte) not in slot.roots:
        if node.type not in _MEMBERS:
            return None
        keys.append(member_key(found.text, node))
        inner = node.child_by_field_name("object")
        if inner is None:
            return None
        node = unwrap(inner)
    target = tuple(reversed(keys))
    if target == slot.path and state.keys:
        return "link"
    if target + state.keys == slot.path:
        return state.kind
    return None


def _through_variable(
    found: ScopeTree,
    declared: tuple[Node, Node],
    slot: Slot,
    state: _Climb,
) -> Iterator[Rebuild]:
    """``const next = […x, y]; x = next``: one variable between is followed."""
    declaration, name = declared
    if (state.kind is None and not state.keys) or state.hop is not None:
        return
    if name.type != "identifier":
        return
    binding = found.binding_of(name)
    if binding is None:
        return
    hop = found.span_of(declaration)
    for use in found.uses(binding):
        if use.access != "read":
            continue
        read = found.node_at(use.start)
        if read is not None:
            inner = _Climb(state.kind, state.certain, state.keys, hop)
            yield from _climb(found, found.around(read), 0, slot, inner)


def _carry(found: ScopeTree, around: Ancestry, step: int, state: _Climb) -> bool:
    """Take the value one step outwards; False where it gets lost or shortened."""
    node, parent = around[step], around[step + 1]
    assert node is not None
    assert parent is not None
    kind = parent.type
    if kind in WRAPPERS or kind in ("template_substitution", "spread_element"):
        if kind == "template_substitution":
            state.kind = state.kind or "append"
        return True
    if kind == "template_string":
        return True
    if kind == "ternary_expression":
        return parent.child_by_field_name("condition") != node
    if kind == "sequence_expression":
        return parent.named_children[-1] == node
    if kind == "binary_expression":
        return _carry_operator(parent, node, state)
    if kind == "array":
        return _carry_array(node, parent, state)
    if kind == "object":
        return _carry_object(found, node, parent, state)
    if kind == "pair":
        key = property_key(found.text, parent.child_by_field_name("key"))
        if parent.child_by_field_name("value") != node:
            return False
        # The object around it adds this key's own entry; a computed key matches no path.
        state.keys = ("[computed]" if key is None else key, *state.keys)
        return True
    if kind == "arguments":
        return _carry_call(found, around, step, state)
    if kind == "member_expression" and parent.child_by_field_name("object") == node:
        return _carry_method(found, around, step, state)
    if kind == "call_expression":
        # The callee was a method that keeps the value; see _carry_method.
        return parent.child_by_field_name("function") == node
    return False


def _carry_operator(parent: Node, node: Node, state: _Climb) -> bool:
    operator = parent.child_by_field_name("operator")
    name = "" if operator is None else operator.type
    if name == "+":
        left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
        other = right if left == node else left
        if other is None or other.type == "number":
            return False
        state.kind = state.kind or "append"
        return True
    if name == "&&":
        return parent.child_by_field_name("right") == node
    return name in ("||", "??")


def _carry_array(node: Node, parent: Node, state: _Climb) -> bool:
    others = [child for child in parent.named_children if child != node and not child.is_extra]
    if node.type == "spread_element":
        if others:
            state.kind = state.kind or "rebuild"
        return True
    state.kind = "link" if others else state.kind
    return bool(others)


def _carry_object(found: ScopeTree, node: Node, parent: Node, state: _Climb) -> bool:
    if node.type == "spread_element":
        others = [child for child in parent.named_children if child != node and not child.is_extra]
        computed = any(
            (key := other.child_by_field_name("key")) is not None
            and key.type == "computed_property_name"
            for other in others
        )
        spreads = any(other.type == "spread_element" for other in others)
        if others:
            state.kind = state.kind or "rebuild"
            # Constant keys overwrite themselves.
            state.certain = state.certain and (computed or spreads)
        return True
    if node.type == "shorthand_property_identifier":
        state.keys = (source(found.text, node), *state.keys)
    return True


def _carry_call(found: ScopeTree, around: Ancestry, step: int, state: _Climb) -> bool:
    node, arguments, call = around[step], around[step + 1], around[step + 2]
    if node is None or arguments is None or call is None:
        return False
    callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    if callee is None:
        return False
    values = [child for child in arguments.named_children if not child.is_extra]
    name = source(found.text, callee)
    if name in JOINING_CALLS:
        if len(values) > 1 and state.kind is None:
            state.kind = "rebuild"
        return True
    if name in COPYING_CALLS:
        return True
    key = member_key(found.text, callee) if callee.type in _MEMBERS else None
    if key in ("concat", "toSpliced"):
        state.kind = state.kind or "concat"
        return True
    state.certain = False
    if len(values) > 1:
        state.kind = state.kind or "rebuild"
    return state.kind is not None


def _carry_method(found: ScopeTree, around: Ancestry, step: int, state: _Climb) -> bool:
    member, call = around[step + 1], around[step + 2]
    if member is None or call is None or call.type != "call_expression":
        return False
    if call.child_by_field_name("function") != member:
        return False
    arguments = call.child_by_field_name("arguments")
    count = 0 if arguments is None else arguments.named_child_count
    key = member_key(found.text, member)
    if key == "concat" and count:
        state.kind = state.kind or "concat"
        return True
    if key in ("padEnd", "padStart", "repeat", "toSpliced", "with") and count:
        state.kind = state.kind or "rebuild"
        state.certain = False
        return True
    return key in ("toString", "join", "map", "sort", "reverse", "toSorted", "toReversed", "flat")
