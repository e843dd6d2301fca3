"""Where closures are handed over, and where classes are instantiated."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.growth import GROWING_METHODS
from leakline.attribution.syntax.naming import source
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.positions import Span

_WRAPPERS = frozenset({"parenthesized_expression", "await_expression", "as_expression"})

#: Calls that keep the function that they are given.
_KEEPING_CALLS = frozenset(
    {
        "setTimeout",
        "setInterval",
        "setImmediate",
        "queueMicrotask",
        "requestAnimationFrame",
        "requestIdleCallback",
        "then",
        "catch",
        "finally",
    }
)
_KEEPS = _KEEPING_CALLS | frozenset(GROWING_METHODS)


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
    handed = _handed_over(found, scope, node)
    return found.span_of(scope.node if handed is None else handed)


def _handed_over(found: ScopeTree, scope: Scope, around: Node | None) -> Node | None:
    """The call that a function is handed to by its name; None where there is none such."""
    name = scope.node.child_by_field_name("name")
    if around is not None and around.type == "variable_declarator":
        name = around.child_by_field_name("name")
    binding = None if name is None else found.binding_of(name)
    handed: list[Node] = []
    for use in () if binding is None else found.uses(binding):
        node = found.node_at(use.start)
        parent = node.parent if node is not None else None
        call = parent.parent if parent is not None and parent.type == "arguments" else None
        if call is not None and call.type == "call_expression":
            handed.append(call)
    keeping = [call for call in handed if _last_name(found, call) in _KEEPS]
    return keeping[0] if keeping else handed[0] if len(handed) == 1 else None


def _last_name(found: ScopeTree, call: Node) -> str:
    callee = call.child_by_field_name("function")
    if callee is not None and callee.type == "member_expression":
        callee = callee.child_by_field_name("property")
    return "" if callee is None else source(found.text, callee)


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


def calls_into(found: ScopeTree, binding: Binding) -> tuple[tuple[Span, ...], tuple[Binding, ...]]:
    """The calls of a function in a variable, or of the methods of the object in it.

    Returns:
        Those in functions (what stands at top level runs once), those first whose name says
        that they keep what they are given; and the variables that get what such a call at top
        level gives.
    """
    ranked: list[tuple[bool, Span]] = []
    made: list[Binding] = []
    for use in found.uses(binding):
        node = found.node_at(use.start)
        callee = node.parent if node is not None else None
        if callee is None or callee.type != "member_expression":
            callee = node
        call = callee.parent if callee is not None else None
        if call is None or call.type not in {"call_expression", "new_expression"}:
            continue
        if call.type == "call_expression" and call.child_by_field_name("function") != callee:
            continue
        if found.scope_of(call).function.parent is not None:
            ranked.append((_last_name(found, call) not in _KEEPS, found.span_of(call)))
            continue
        around = call.parent
        name = around.child_by_field_name("name") if around is not None else None
        variable = found.binding_of(name) if name is not None else None
        if variable is not None:
            made.append(variable)
    return tuple(span for _, span in sorted(ranked)), tuple(made)


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
