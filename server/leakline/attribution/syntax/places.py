"""Where a property of this name stands in the script, by its text.

Fields and properties of the global object have no scope. Their names are found in the text,
and the syntax node at each hit tells whether it is a property.
"""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.grammar import FUNCTION_KINDS
from leakline.attribution.syntax.naming import unwrap
from leakline.attribution.syntax.scopes import Binding, Member, Scope, ScopeTree

_MAX_CHOICES = 16
_MAX_VALUES = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A node that stands for a slot's value.

    Attributes:
        node: The identifier or member expression.
        certain: Whether it surely means this slot.
    """

    node: Node
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DefineCall:
    """A call ``define(object, "name", …)``, as of ``Object.defineProperty`` and esbuild.

    Attributes:
        key: The string literal.
        object: The first argument.
    """

    key: Node
    object: Node


def members_named(found: ScopeTree, name: str) -> list[Member]:
    """Every member expression with this property name, in source order."""
    known = found.members.get(name)
    if known is None:
        known = found.members[name] = _find_members(found, name)
    return known


def _find_members(found: ScopeTree, name: str) -> list[Member]:
    members = []
    for offset in found.text.find(name):
        key = found.node_at(offset)
        if key is None or key.start_byte != 2 * offset or _source_of(found, key) != name:
            continue
        around = found.around(key)
        holder = around[1]
        if key.type == "string_fragment":
            holder = around[2]
        elif not key.type.endswith("property_identifier"):
            continue
        if holder is None or holder.type not in ("member_expression", "subscript_expression"):
            continue
        taken_from = holder.child_by_field_name("object")
        if taken_from is not None and taken_from.end_byte <= key.start_byte:
            members.append(Member(holder, unwrap(taken_from)))
    return members


def define_calls(found: ScopeTree, name: str) -> list[DefineCall]:
    """Every call with this name as a string for its second argument, in source order."""
    calls = []
    for offset in found.text.find(name):
        key = found.node_at(offset)
        if key is None or key.type != "string_fragment" or _source_of(found, key) != name:
            continue
        around = found.around(key)
        literal, arguments = around[1], around[2]
        if literal is None or arguments is None or arguments.type != "arguments":
            continue
        values = arguments.named_children
        if len(values) > 1 and values[1] == literal:
            calls.append(DefineCall(literal, unwrap(values[0])))
    return calls


def _source_of(found: ScopeTree, node: Node) -> str:
    return found.text.slice(node.start_byte >> 1, node.end_byte >> 1)


def function_scope(found: ScopeTree, node: Node) -> Scope | None:
    """The scope that a function's or class's node makes."""
    scope: Scope | None = found.scope_of(node)
    while scope is not None and scope.node != node:
        scope = scope.parent
    return scope


def initial_values(found: ScopeTree, binding: Binding) -> list[Node]:
    """What a variable is declared with or assigned as a whole, without wrappers."""
    values: list[Node] = []
    for use in found.uses(binding):
        if len(values) >= _MAX_VALUES:
            break
        if use.access not in ("declaration", "write", "readwrite"):
            continue
        node = found.node_at(use.start)
        if node is None:
            continue
        parent = found.around(node)[1]
        if parent is None:
            continue
        value = None
        if parent.type == "variable_declarator" and parent.child_by_field_name("name") == node:
            value = parent.child_by_field_name("value")
        elif parent.type in ("assignment_expression", "augmented_assignment_expression"):
            if parent.child_by_field_name("left") == node:
                value = parent.child_by_field_name("right")
        elif parent.type in FUNCTION_KINDS or parent.type.endswith("class_declaration"):
            value = parent
        if value is not None:
            values.extend(choices(value))
    return values


def choices(value: Node) -> list[Node]:
    """The expressions whose value an expression may have: branches, defaults, last of a list."""
    found: list[Node] = []
    stack = [value]
    while stack and len(found) < _MAX_CHOICES:
        node = unwrap(stack.pop())
        kind = node.type
        parts: list[Node | None] = []
        if kind == "ternary_expression":
            parts = [
                node.child_by_field_name("alternative"),
                node.child_by_field_name("consequence"),
            ]
        elif kind == "binary_expression":
            operator = node.child_by_field_name("operator")
            if operator is not None and operator.type in ("||", "??", "&&"):
                parts = [node.child_by_field_name("right"), node.child_by_field_name("left")]
        elif kind == "assignment_expression" or (
            kind == "augmented_assignment_expression"
            and (operator := node.child_by_field_name("operator")) is not None
            and operator.type in ("||=", "??=", "&&=")
        ):
            parts = [node.child_by_field_name("right")]
            found.append(node)
        elif kind == "sequence_expression":
            parts = [node.named_children[-1]]
        if parts:
            stack.extend(part for part in parts if part is not None)
        else:
            found.append(node)
    return found


def argument_values(call: Node) -> list[Node]:
    """The arguments of a call or ``new``, comments left out."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return []
    return [child for child in arguments.named_children if not child.is_extra]


def parameter_pattern(found: ScopeTree, function: Node, index: int) -> Node | None:
    """What an argument of this index is bound to; for a class by its constructor.

    None for nodes that are no functions, for rest parameters and beyond the last parameter.
    """
    scope = function_scope(found, unwrap(function))
    if scope is not None and scope.kind == "class":
        scope = scope.constructor
    if scope is None or scope.node.type not in FUNCTION_KINDS:
        return None
    parameters = scope.node.child_by_field_name("parameters")
    if parameters is None:
        single = scope.node.child_by_field_name("parameter")
        patterns = [] if single is None else [single]
    else:
        patterns = [child for child in parameters.named_children if not child.is_extra]
        first = patterns[0].child_by_field_name("pattern") if patterns else None
        if first is not None and first.type == "this":
            # TypeScript's `this` parameter takes no argument.
            del patterns[0]
    if index >= len(patterns) or patterns[index].type == "rest_pattern":
        return None
    return patterns[index]
