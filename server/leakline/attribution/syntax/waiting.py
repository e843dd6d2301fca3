"""Where a program waits on a promise: ``await``, ``.then``, ``Promise.race`` and their kin.

Each wait on a promise that never settles leaves a reaction behind.
"""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.places import members_named
from leakline.attribution.syntax.scopes import Binding, ScopeTree
from leakline.positions import Span

_THENABLE = frozenset({"then", "catch", "finally"})
_COMBINATORS = frozenset({"race", "all", "any", "allSettled", "resolve"})


def waits(found: ScopeTree, binding: Binding | None, names: tuple[str, ...]) -> tuple[Span, ...]:
    """See :meth:`ScriptSyntax.waits`."""
    places: list[Node] = []
    if names:
        places += [member.node for member in members_named(found, names[-1])]
    elif binding is not None:
        nodes = (found.node_at(use.start) for use in found.uses(binding))
        places += [node for node in nodes if node is not None]
    spans = [_wait(found, place) for place in places]
    return tuple(span for span in spans if span is not None)


def _wait(found: ScopeTree, place: Node) -> Span | None:
    parent = place.parent
    while parent is not None and parent.type in {"parenthesized_expression", "array"}:
        parent = parent.parent
    if parent is None:
        return None
    if parent.type == "await_expression":
        return found.span_of(parent)
    if parent.type == "member_expression":
        key = parent.child_by_field_name("property")
        call = parent.parent
        if key is None or call is None or call.type != "call_expression":
            return None
        name = found.text.name(key.start_byte >> 1, key.end_byte >> 1)
        return found.span_of(call) if name in _THENABLE else None
    if parent.type == "arguments" and parent.parent is not None:
        function = parent.parent.child_by_field_name("function")
        key = function.child_by_field_name("property") if function is not None else None
        if key is not None:
            name = found.text.name(key.start_byte >> 1, key.end_byte >> 1)
            return found.span_of(parent.parent) if name in _COMBINATORS else None
    return None
