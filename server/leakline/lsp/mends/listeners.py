"""A listener that is added again and again is taken off again.

Two cases can be told from the text alone. A listener that does nothing but settle a promise has
done its work after the first event: it listens once. A listener that only writes variables of
the function that added it has no effect once that function is done: it is removed there.
"""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax import Binding, Scope
from leakline.attribution.syntax.naming import unwrap
from leakline.attribution.syntax.places import argument_values
from leakline.attribution.syntax.scopes import Use
from leakline.lsp.mends.effects import cleaned_up
from leakline.lsp.mends.model import FUNCTIONS, Code, Mend, TextChange, descendants
from leakline.lsp.mends.registrations import (
    Added,
    Registration,
    added_in_function,
    free_name,
    registration_at,
    removal,
)
from leakline.positions import Position

# Comes once at most. Until it does, and mostly it never does, listening once changes nothing.
_ENDS_ALL = "abort"


def listener_mends(code: Code, position: Position) -> list[Mend]:
    """What can be done about a listener that is added at a position, or in that line."""
    registration = registration_at(code, position)
    if registration is None:
        return []
    mends = (
        _once(code, registration),
        _removed(code, registration),
        cleaned_up(code, registration),
    )
    return [mend for mend in mends if mend is not None][:1]


def _once(code: Code, registration: Registration) -> Mend | None:
    if registration.event == _ENDS_ALL or not _only_settles(code, registration.listener):
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


def _removed(code: Code, registration: Registration) -> Mend | None:
    added = added_in_function(code, registration)
    if (
        added is None
        or added.function.type not in FUNCTIONS
        or "generator" in added.function.type
        or any(child.type == "*" for child in added.function.children)
        or not _is_settled_outside(code, registration.target, added.scope)
        or not _writes_only_locals(code, added.written, added.scope)
    ):
        return None
    rest = []
    after = added.statement.next_named_sibling
    while after is not None:
        rest.append(after)
        after = after.next_named_sibling
    steps = [step for step in rest if not step.is_extra]
    if not steps or any(step.type == "function_declaration" for step in steps):
        return None
    return _wrap(code, registration, added, rest)


def _wrap(code: Code, registration: Registration, added: Added, rest: list[Node]) -> Mend:
    statement = added.statement
    end, unit, indent = code.line_end, code.unit, code.indent_of(statement)
    listener, event = registration.listener, registration.event
    changes: list[TextChange] = []
    name = code.text(listener)
    if not added.named:
        name = free_name(code, event)
        given = f"const {name} = {code.text(listener)};{end}{indent}"
        changes.append(code.insert(statement.start_byte >> 1, given))
        changes.append(code.replace(listener, name))
    changes.append(code.insert(statement.end_byte >> 1, f"{end}{indent}try {{"))
    changes.extend(_indented(code, rest, unit))
    ending = (
        f"{end}{indent}}} finally {{{end}{indent}{unit}{removal(code, registration, name)};"
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
