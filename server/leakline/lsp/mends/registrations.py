"""Listeners that are added: ``target.method(event, listener, options)``."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax import Scope
from leakline.attribution.syntax.naming import literal_text
from leakline.attribution.syntax.places import argument_values, initial_values
from leakline.lsp.mends.model import Code
from leakline.positions import Position

_REMOVERS = {
    "addEventListener": "removeEventListener",
    "on": "off",
    "addListener": "removeListener",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """``target.method(event, listener, options)``."""

    call: Node
    target: Node
    key: Node
    method: str
    event: str
    listener: Node
    options: Node | None


def removal(code: Code, registration: Registration, name: str) -> str:
    """The call that takes a listener with a name off again.

    Node compares ``capture`` with what an object says, and takes no bare ``true`` there.
    """
    arguments = [code.text(argument_values(registration.call)[0]), name]
    if registration.options is not None:
        text = code.text(registration.options)
        arguments.append("{ capture: true }" if text == "true" else text)
    target = code.text(registration.target)
    return f"{target}.{_REMOVERS[registration.method]}({', '.join(arguments)})"


def registration_at(code: Code, position: Position) -> Registration | None:
    """The listener that is added at a position."""
    offset = code.tree.text.offset(position)
    if offset is None:
        return None
    node = code.tree.node_at(offset)
    while node is not None and node.type != "program":
        if node.type == "call_expression":
            found = _registration(code, node)
            if found is not None:
                return found
        node = node.parent
    return None


def _registration(code: Code, call: Node) -> Registration | None:
    member = call.child_by_field_name("function")
    if member is None or member.type != "member_expression":
        return None
    target, key = member.child_by_field_name("object"), member.child_by_field_name("property")
    arguments = argument_values(call)
    if target is None or key is None or len(arguments) not in (2, 3):
        return None
    method = code.text(key)
    event = literal_text(code.tree.text, arguments[0])
    if method not in _REMOVERS or event is None:
        return None
    if method != "addEventListener" and len(arguments) == 3:
        return None
    options = arguments[2] if len(arguments) == 3 else None
    return Registration(call, target, key, method, event, arguments[1], options)


@dataclass(frozen=True, slots=True)
class Added:
    """A listener that a statement of a function's body adds.

    Attributes:
        statement: The statement.
        block: The body.
        function: The function.
        scope: Its scope.
        written: The listener, a function that is written here.
        named: Whether it is written as a local constant, not in the call.
    """

    statement: Node
    block: Node
    function: Node
    scope: Scope
    written: Node
    named: bool


def added_in_function(code: Code, registration: Registration) -> Added | None:
    """Where a listener is added that can be taken off again; None where that is not seen."""
    statement = registration.call.parent
    block = None if statement is None else statement.parent
    function = None if block is None else block.parent
    if (
        statement is None
        or block is None
        or function is None
        or statement.type != "expression_statement"
        or block.type != "statement_block"
        or not _is_plain(registration.options)
    ):
        return None
    scope = code.function_around(statement)
    listener = registration.listener
    named = listener.type == "identifier"
    written = _local_function(code, listener, scope) if named else listener
    if written is None or written.type not in ("arrow_function", "function_expression"):
        return None
    return Added(statement, block, function, scope, written, named)


def _local_function(code: Code, listener: Node, scope: Scope) -> Node | None:
    """The function in a local constant."""
    binding = code.tree.binding_of(listener)
    if binding is None or binding.kind != "const" or binding.scope.function is not scope:
        return None
    values = initial_values(code.tree, binding)
    return values[0] if len(values) == 1 else None


def _is_plain(options: Node | None) -> bool:
    """Whether a listener is removed with the options that it was added with."""
    return options is None or options.type in ("true", "false")


def free_name(code: Code, event: str) -> str:
    """A name for a listener that nothing in the script has."""
    letters = "".join(part[:1].upper() + part[1:] for part in _words(event))
    names = (f"on{letters}", *(f"on{letters}{n}" for n in range(2, 1000)))
    return next(name for name in names if code.is_free(name))


def _words(event: str) -> list[str]:
    return "".join(c if c.isascii() and c.isalnum() else " " for c in event).split() or ["Event"]
