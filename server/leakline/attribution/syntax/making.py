"""Where closures are handed over, and where classes are instantiated."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.positions import Span

_WRAPPERS = frozenset({"parenthesized_expression", "await_expression", "as_expression"})


def registration(found: ScopeTree, scope: Scope) -> Span:
    """The call that a function expression is handed to, such as ``setInterval(() => …)``.

    Args:
        found: The script.
        scope: The function's scope.

    Returns:
        The function itself where it is no argument of a call.
    """
    node: Node | None = scope.node.parent
    while node is not None and node.type in _WRAPPERS:
        node = node.parent
    if node is not None and node.type == "arguments" and node.parent is not None:
        return found.span_of(node.parent)
    return found.span_of(scope.node)


def instantiations(found: ScopeTree, scope: Scope) -> tuple[Span, ...]:
    """The ``new`` expressions that make instances of a class or constructor function.

    Args:
        found: The script.
        scope: The scope of the class or the constructor function.

    Returns:
        Those that name it by its variable, in source order; those in subclasses'
        ``super()`` are left out.
    """
    binding = scope.lookup(scope.name) or (scope.parent or scope).lookup(scope.name)
    if binding is None:
        return ()
    spans: list[Span] = []
    for use in found.uses(binding):
        node = found.node_at(use.start)
        parent = node.parent if node is not None else None
        if parent is not None and parent.type == "new_expression":
            spans.append(found.span_of(parent))
    return tuple(spans)


def calls(found: ScopeTree, binding: Binding) -> tuple[Span, ...]:
    """The calls of a function by its variable, in source order."""
    spans: list[Span] = []
    for use in found.uses(binding):
        node = found.node_at(use.start)
        parent = node.parent if node is not None else None
        if parent is None or parent.type != "call_expression":
            continue
        function = parent.child_by_field_name("function")
        if function is not None and function.start_byte >> 1 == use.start:
            spans.append(found.span_of(parent))
    return tuple(spans)


def method_calls(found: ScopeTree, binding: Binding) -> tuple[Span, ...]:
    """The calls of methods of the object in a variable, in source order."""
    spans: list[Span] = []
    for use in found.uses(binding):
        node = found.node_at(use.start)
        member = node.parent if node is not None else None
        call = member.parent if member is not None else None
        if member is None or call is None or member.type != "member_expression":
            continue
        if call.type == "call_expression" and member.start_byte >> 1 == use.start:
            spans.append(found.span_of(call))
    return tuple(spans)


def expression_from(found: ScopeTree, offset: int) -> Span | None:
    """The largest expression that starts at an offset; None where none does.

    A statement is not an expression, and the body of a function is left out of it.
    """
    node = found.node_at(offset)
    best: Node | None = None
    while node is not None and node.start_byte >> 1 == offset:
        if node.type.endswith(("_statement", "_declaration", "program", "statement_block")):
            break
        best = node
        node = node.parent
    return None if best is None else found.span_of(best)
