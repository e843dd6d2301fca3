"""What one function itself does, the functions inside it left out."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from leakline.attribution.syntax.grammar import CLASS_KINDS, FUNCTION_KINDS
from leakline.attribution.syntax.naming import member_key, source, unwrap
from leakline.attribution.syntax.scopes import Scope, ScopeTree
from leakline.positions import Span

_CALLS = {"call_expression": "function", "new_expression": "constructor"}
_MEMBERS = frozenset({"member_expression", "subscript_expression"})


def calls_named(found: ScopeTree, function: Scope, name: str) -> tuple[Span, ...]:
    """The calls and ``new`` expressions in a function by the last name in them.

    Args:
        found: The script's scopes.
        function: The scope of the function, or the root.
        name: Such as ``push``, for ``list.push(x)``.
    """
    spans: list[Span] = []
    for node in _own_nodes(function):
        field = _CALLS.get(node.type)
        called = None if field is None else node.child_by_field_name(field)
        if called is None:
            continue
        called = unwrap(called)
        if called.type in _MEMBERS:
            its = member_key(found.text, called)
        else:
            its = source(found.text, called) if called.type == "identifier" else None
        if its == name:
            spans.append(found.span_of(node))
    return tuple(spans)


def additions(found: ScopeTree, function: Scope) -> tuple[Span, ...]:
    """Where a function adds by an assignment: ``table[key] = value`` and ``text += more``."""
    spans: list[Span] = []
    for node in _own_nodes(function):
        left = node.child_by_field_name("left")
        if left is None:
            continue
        if node.type == "assignment_expression":
            if left.type == "subscript_expression" and member_key(found.text, left) is None:
                spans.append(found.span_of(node))
        elif node.type == "augmented_assignment_expression":
            operator = node.child_by_field_name("operator")
            if operator is not None and operator.type == "+=":
                spans.append(found.span_of(node))
    return tuple(spans)


def _own_nodes(function: Scope) -> Iterator[Node]:
    """The nodes of a function in source order."""
    pending = list(reversed(function.node.children))
    while pending:
        node = pending.pop()
        if node.type in FUNCTION_KINDS:
            continue
        yield node
        # A class's fields are set by its constructor, its methods are functions.
        if node.type in CLASS_KINDS and function.kind != "class":
            continue
        pending.extend(reversed(node.children))
