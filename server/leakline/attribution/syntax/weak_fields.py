"""Private fields of older targets: a WeakMap in a variable, with an entry for each instance.

Compilers have no ``#items`` below ES2022 and hand the object and the WeakMap to a helper:
``__classPrivateFieldGet(this, _Store_items, "f")`` (TypeScript), ``__privateGet(this, _items)``
(esbuild), ``_class_private_field_get(this, _items)`` (SWC), ``_classPrivateFieldGet(_items, this)``
(Babel). Programs that were written like that call the WeakMap itself: ``items.get(this)``. What
all of them have in common is that the result of such a call is the field's value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.naming import member_key, property_key, source
from leakline.attribution.syntax.places import (
    Place,
    argument_values,
    initial_values,
    members_named,
)
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.positions import Span

_ENTRY_METHODS = ("get", "set")
_FEWEST_ARGUMENTS = 2


@dataclass(frozen=True, slots=True)
class WeakField:
    """A field that is an entry of a WeakMap.

    Attributes:
        binding: The WeakMap's variable.
        compiled: Whether helpers read it: a compiler's private field. Else the program itself
            keeps things in a WeakMap.
        named_at: Where a source map may tell the field's own name, the likeliest first.
    """

    binding: Binding
    compiled: bool
    named_at: tuple[Span, ...]


def weak_map_of(found: ScopeTree, owner: Scope, field: str) -> Binding | None:
    """The variable around a class that holds a WeakMap for one of its private fields.

    Args:
        found: The script's scopes.
        owner: The class, or the function that serves as one.
        field: ``#`` and the variable's name.
    """
    binding = owner.lookup(field.removeprefix("#"))
    if binding is None or members_named(found, field):
        return None
    made = (value.child_by_field_name("constructor") for value in _instances(found, binding))
    is_map = any(each is not None and source(found.text, each) == "WeakMap" for each in made)
    return binding if is_map else None


def boxed_field(found: ScopeTree, binding: Binding) -> WeakField | None:
    """The static private field that a variable stands for.

    TypeScript keeps one in an object, ``_Store_hits = { value: new Map() }``, and hands that to
    the helper: ``__classPrivateFieldGet(_a, _a, "f", _Store_hits)``.
    """
    boxes = (value for value in initial_values(found, binding) if value.type == "object")
    if not any(_has_only_value(found, box) for box in boxes):
        return None
    calls = list(_calls(found, binding))
    if not any(_is_argument(use) for use, _ in calls):
        return None
    spans = [found.span_of(node) for _, call in calls for node in (*argument_values(call), call)]
    return WeakField(binding, compiled=True, named_at=tuple(spans))


def _has_only_value(found: ScopeTree, box: Node) -> bool:
    pairs = box.named_children
    return len(pairs) == 1 and property_key(found.text, pairs[0].child_by_field_name("key")) == (
        "value"
    )


def entry_places(found: ScopeTree, binding: Binding) -> list[Place]:
    """The calls that give, or replace, what a WeakMap holds for an object."""
    return [Place(call) for _, call in _calls(found, binding)]


def weak_field(found: ScopeTree, owner: Scope, field: str) -> WeakField | None:
    """What a private field is in code for older targets; None where it is a field."""
    binding = weak_map_of(found, owner, field)
    if binding is None:
        return None
    calls = list(_calls(found, binding))
    spans = [found.span_of(node) for pair in calls for node in pair]
    # Nobody hands an object and a WeakMap around by hand.
    compiled = any(_is_argument(use) for use, _ in calls)
    return WeakField(binding, compiled, tuple(spans))


def _instances(found: ScopeTree, binding: Binding) -> Iterator[Node]:
    return (value for value in initial_values(found, binding) if value.type == "new_expression")


def _calls(found: ScopeTree, binding: Binding) -> Iterator[tuple[Node, Node]]:
    """The uses of the variable in calls about an entry, and the calls."""
    for use in found.uses(binding):
        node = found.node_at(use.start)
        if use.access != "read" or node is None:
            continue
        around = found.around(node)
        inner, outer = around[1], around[2]
        if inner is None or outer is None or outer.type != "call_expression":
            continue
        if _is_argument(node):
            if len(argument_values(outer)) >= _FEWEST_ARGUMENTS:
                yield node, outer
        elif (
            inner.type == "member_expression"
            and outer.child_by_field_name("function") == inner
            and member_key(found.text, inner) in _ENTRY_METHODS
        ):
            yield node, outer


def _is_argument(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "arguments"
