"""A listener that is added again and again is taken off again.

Two cases can be told from the text alone. A listener that does nothing but settle a promise has
done its work after the first event: it listens once. A listener that only writes variables of
the function that added it has no effect once that function is done: it is removed there.
"""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax import Binding, Scope
from leakline.attribution.syntax.naming import literal_text, unwrap
from leakline.attribution.syntax.places import argument_values, initial_values
from leakline.attribution.syntax.scopes import Use
from leakline.lsp.mends.model import FUNCTIONS, Code, Mend, TextChange, descendants
from leakline.positions import Position

_REMOVERS = {
    "addEventListener": "removeEventListener",
    "on": "off",
    "addListener": "removeListener",
}
_BODIES = ("statement_block",)


@dataclass(frozen=True, slots=True)
class _Registration:
    """``target.method(event, listener, options)``."""

    call: Node
    target: Node
    key: Node
    method: str
    event: str
    listener: Node
    options: Node | None


def listener_mends(code: Code, position: Position) -> list[Mend]:
    """What can be done about a listener that is added at a position, or in that line."""
    registration = _registration_at(code, position)
    if registration is None:
        return []
    mends = (_once(code, registration), _removed(code, registration))
    return [mend for mend in mends if mend is not None][:1]


def _registration_at(code: Code, position: Position) -> _Registration | None:
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


def _registration(code: Code, call: Node) -> _Registration | None:
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
    return _Registration(call, target, key, method, event, arguments[1], options)


def _once(code: Code, registration: _Registration) -> Mend | None:
    if not _only_settles(code, registration.listener):
        return None
    changes: tuple[TextChange, ...]
    options = registration.options
    if registration.method != "addEventListener":
        changes = (code.replace(registration.key, "once"),)
    elif options is None:
        changes = (code.insert(registration.listener.end_byte >> 1, ", { once: true }"),)
    elif options.type in ("true", "false"):
        changes = (code.replace(options, f"{{ capture: {code.text(options)}, once: true }}"),)
    elif options.type == "object" and "once" not in code.text(options):
        if options.named_children:
            changes = (code.insert((options.start_byte >> 1) + 1, " once: true,"),)
        else:
            changes = (code.replace(options, "{ once: true }"),)
    else:
        return None
    return Mend(
        title=f"Listen to `{registration.event}` once",
        why="the listener only settles a promise, which it can do but once",
        changes=changes,
    )


def _only_settles(code: Code, listener: Node) -> bool:
    """Whether a listener does nothing but call the functions that settle a new promise."""
    if listener.type == "identifier":
        binding = code.tree.binding_of(listener)
        return binding is not None and _settles(code, binding)
    if listener.type not in ("arrow_function", "function_expression"):
        return False
    body = listener.child_by_field_name("body")
    if body is None:
        return False
    steps = [body]
    if body.type == "statement_block":
        steps = [step for step in body.named_children if not step.is_extra]
    for step in steps:
        call = step.named_children[0] if step.type == "expression_statement" else step
        call = unwrap(call)
        function = call.child_by_field_name("function") if call.type == "call_expression" else None
        if function is None or function.type != "identifier":
            return False
        binding = code.tree.binding_of(function)
        if binding is None or not _settles(code, binding):
            return False
        for argument in argument_values(call):
            if descendants(argument, "call_expression") or _writes(argument):
                return False
    return bool(steps)


def _settles(code: Code, binding: Binding) -> bool:
    """Whether a variable is ``resolve`` or ``reject`` of a new promise."""
    function = binding.scope.node
    if binding.kind != "param" or function.type not in FUNCTIONS:
        return False
    arguments = code.tree.around(function)[1]
    new = None if arguments is None else arguments.parent
    if new is None or new.type != "new_expression":
        return False
    constructor = new.child_by_field_name("constructor")
    return (
        constructor is not None
        and code.text(constructor) == "Promise"
        and code.is_free("Promise")
        and all(use.access in ("declaration", "read") for use in code.tree.uses(binding))
    )


def _removed(code: Code, registration: _Registration) -> Mend | None:
    statement = registration.call.parent
    block = None if statement is None else statement.parent
    function = None if block is None else block.parent
    if (
        statement is None
        or block is None
        or function is None
        or statement.type != "expression_statement"
        or block.type not in _BODIES
        or function.type not in FUNCTIONS
        or "generator" in function.type
        or any(child.type == "*" for child in function.children)
    ):
        return None
    scope = code.function_around(statement)
    listener = registration.listener
    named = listener.type == "identifier"
    written = _function_of(code, listener, scope) if named else listener
    if (
        written is None
        or written.type not in ("arrow_function", "function_expression")
        or not _is_settled_outside(code, registration.target, scope)
        or not _writes_only_locals(code, written, scope)
        or not _is_plain(registration.options)
    ):
        return None
    rest = []
    after = statement.next_named_sibling
    while after is not None:
        rest.append(after)
        after = after.next_named_sibling
    steps = [step for step in rest if not step.is_extra]
    if not steps or any(step.type == "function_declaration" for step in steps):
        return None
    return _wrap(code, registration, statement, rest, named=named)


def _wrap(
    code: Code, registration: _Registration, statement: Node, rest: list[Node], *, named: bool
) -> Mend:
    end, unit, indent = code.line_end, code.unit, code.indent_of(statement)
    listener, event = registration.listener, registration.event
    changes: list[TextChange] = []
    name = code.text(listener)
    if not named:
        letters = "".join(part[:1].upper() + part[1:] for part in _words(event))
        name = next(
            name
            for name in (f"on{letters}", *(f"on{letters}{n}" for n in range(2, 1000)))
            if code.is_free(name)
        )
        given = f"const {name} = {code.text(listener)};{end}{indent}"
        changes.append(code.insert(statement.start_byte >> 1, given))
        changes.append(code.replace(listener, name))
    changes.append(code.insert(statement.end_byte >> 1, f"{end}{indent}try {{"))
    changes.extend(_indented(code, rest, unit))
    first = code.text(argument_values(registration.call)[0])
    options = registration.options
    more = f", {code.text(options)}" if options is not None else ""
    remover = f"{code.text(registration.target)}.{_REMOVERS[registration.method]}"
    ending = (
        f"{end}{indent}}} finally {{{end}{indent}{unit}{remover}({first}, {name}{more});"
        f"{end}{indent}}}"
    )
    changes.append(code.insert(rest[-1].end_byte >> 1, ending))
    return Mend(
        title=f"Remove the `{event}` listener when the function ends",
        why="the listener only writes variables of this function, which nobody reads afterwards",
        changes=tuple(changes),
    )


def _indented(code: Code, nodes: list[Node], unit: str) -> list[TextChange]:
    """Indent the lines of some statements, but not those inside a template."""
    inside = {
        line
        for node in nodes
        for template in descendants(node, "template_string")
        for line in range(template.start_point[0] + 1, template.end_point[0] + 1)
    }
    changes = []
    source = code.tree.text.slice(0, nodes[-1].end_byte >> 1)
    offset = 0
    for number, line in enumerate(source.split("\n")):
        first, last = nodes[0].start_point[0], nodes[-1].end_point[0]
        if first <= number <= last and line.strip() and number not in inside:
            changes.append(code.insert(offset, unit))
        offset += len(line.encode("utf-16-le", "surrogatepass")) // 2 + 1
    return changes


def _function_of(code: Code, listener: Node, scope: Scope) -> Node | None:
    """The function in a local constant."""
    binding = code.tree.binding_of(listener)
    if binding is None or binding.kind != "const" or binding.scope.function is not scope:
        return None
    values = initial_values(code.tree, binding)
    return values[0] if len(values) == 1 else None


def _is_settled_outside(code: Code, target: Node, scope: Scope) -> bool:
    """Whether a target is the same object when the function ends."""
    while target.type == "member_expression":
        inner = target.child_by_field_name("object")
        if inner is None:
            return False
        target = inner
    if target.type == "this":
        return True
    if target.type != "identifier":
        return False
    binding = code.tree.binding_of(target)
    if binding is None:
        return True
    return binding.scope.function is not scope or all(
        use.access in ("declaration", "read") for use in code.tree.uses(binding)
    )


def _is_plain(options: Node | None) -> bool:
    return options is None or options.type in ("true", "false")


def _writes_only_locals(code: Code, function: Node, scope: Scope) -> bool:
    """Whether a function's only effect is on variables of a function around it.

    They must be read by no other function inside, which might outlive it.
    """
    if any(
        descendants(function, kind)
        for kind in ("call_expression", "new_expression", "await_expression", "yield_expression")
    ):
        return False
    targets: list[Node | None] = []
    for kind, side in (
        ("assignment_expression", "left"),
        ("augmented_assignment_expression", "left"),
        ("update_expression", "argument"),
    ):
        written = descendants(function, kind)
        targets.extend(each.child_by_field_name(side) for each in written)
    if not targets or any(
        code.text(n).startswith("delete") for n in descendants(function, "unary_expression")
    ):
        return False
    for target in targets:
        if target is None or target.type != "identifier":
            return False
        binding = code.tree.binding_of(target)
        if binding is None or binding.scope.function is not scope:
            return False
        if not all(_is_seen(use, function, scope) for use in code.tree.uses(binding)):
            return False
    return True


def _is_seen(use: Use, listener: Node, scope: Scope) -> bool:
    inside = listener.start_byte <= use.start << 1 < listener.end_byte
    return inside or use.scope.function is scope


def _writes(node: Node) -> bool:
    return any(
        descendants(node, kind)
        for kind in (
            "assignment_expression",
            "augmented_assignment_expression",
            "update_expression",
            "await_expression",
        )
    )


def _words(event: str) -> list[str]:
    return "".join(c if c.isascii() and c.isalnum() else " " for c in event).split() or ["Event"]
