"""A listener that a React effect adds is taken off by the effect's clean-up.

React calls what an effect returns when the component goes. The mend changes nothing else where
the effect runs once (its list of dependencies is empty), returns nothing yet, and the listener
only sets state of the component: setting it does nothing once the component has gone.
"""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax import Binding
from leakline.attribution.syntax.imports import NAMESPACE
from leakline.attribution.syntax.naming import unwrap
from leakline.attribution.syntax.places import argument_values, initial_values
from leakline.lsp.mends.model import FUNCTIONS, Code, Mend, TextChange, descendants
from leakline.lsp.mends.registrations import (
    Added,
    Registration,
    added_in_function,
    free_name,
    removal,
)

_EFFECTS = frozenset({"useEffect", "useLayoutEffect"})
_STATE = frozenset({"useState", "useReducer"})
_MODULES = frozenset({"react", "preact/hooks", "preact/compat"})


def cleaned_up(code: Code, registration: Registration) -> Mend | None:
    """Return a clean-up from the effect around a listener; None where that is not safe."""
    added = added_in_function(code, registration)
    if (
        added is None
        or added.function.type not in ("arrow_function", "function_expression")
        or any(child.type == "async" for child in added.function.children)
        or not _runs_once(code, added.function)
        or _returns(added.function)
        or not _only_sets_state(code, added.written)
        or not _is_the_same_later(code, registration.target)
    ):
        return None
    return _with_clean_up(code, registration, added)


def _with_clean_up(code: Code, registration: Registration, added: Added) -> Mend:
    statement = added.statement
    end, indent = code.line_end, code.indent_of(statement)
    listener = registration.listener
    changes: list[TextChange] = []
    name = code.text(listener)
    if not added.named:
        name = free_name(code, registration.event)
        given = f"const {name} = {code.text(listener)};{end}{indent}"
        changes.append(code.insert(statement.start_byte >> 1, given))
        changes.append(code.replace(listener, name))
    off = f"return () => {removal(code, registration, name)};"
    last = added.block.named_children[-1]
    changes.append(code.insert(last.end_byte >> 1, f"{end}{indent}{off}"))
    return Mend(
        title=f"Remove the `{registration.event}` listener when the component goes",
        why="the effect runs once, and its listener only sets the component's state",
        changes=tuple(changes),
    )


def _runs_once(code: Code, effect: Node) -> bool:
    """Whether a function is an effect without dependencies."""
    arguments = code.tree.around(effect)[1]
    call = None if arguments is None else arguments.parent
    if call is None or call.type != "call_expression":
        return False
    given = argument_values(call)
    return (
        len(given) == 2
        and given[0] == effect
        and given[1].type == "array"
        and not given[1].named_children
        and _is_hook(code, call.child_by_field_name("function"), _EFFECTS)
    )


def _is_hook(code: Code, function: Node | None, names: frozenset[str]) -> bool:
    """Whether a function is one of React's, by what is imported and not by its name."""
    taken = function
    if function is not None and function.type == "member_expression":
        key = function.child_by_field_name("property")
        taken = function.child_by_field_name("object")
        if key is None or code.text(key) not in names:
            return False
    binding = None if taken is None else code.tree.binding_of(taken)
    for imported in code.syntax.imports:
        if imported.binding is binding and imported.source in _MODULES:
            whole = imported.name in ("default", NAMESPACE)
            return whole if taken is not function else imported.name in names
    return False


def _returns(effect: Node) -> bool:
    """Whether an effect returns something, or somewhere, by itself."""
    stack = list(effect.named_children)
    while stack:
        node = stack.pop()
        if node.type in ("return_statement", "yield_expression"):
            return True
        if node.type not in FUNCTIONS:
            stack.extend(node.named_children)
    return False


def _only_sets_state(code: Code, listener: Node) -> bool:
    """Whether all that a listener calls are setters of state, and it changes nothing else."""
    if any(
        descendants(listener, kind)
        for kind in (
            "new_expression",
            "await_expression",
            "yield_expression",
            "assignment_expression",
            "augmented_assignment_expression",
            "update_expression",
            "throw_statement",
        )
    ) or any(
        code.text(each).startswith("delete") for each in descendants(listener, "unary_expression")
    ):
        return False
    calls = descendants(listener, "call_expression")
    return bool(calls) and all(_is_setter(code, call) for call in calls)


def _is_setter(code: Code, call: Node) -> bool:
    function = call.child_by_field_name("function")
    if function is None or function.type != "identifier":
        return False
    binding = code.tree.binding_of(function)
    if binding is None or binding.kind != "const":
        return False
    # `const [value, setValue] = useState(first)`
    node = code.tree.node_at(binding.offsets[0][0])
    pattern = None if node is None else node.parent
    declarator = None if pattern is None else pattern.parent
    if pattern is None or declarator is None or declarator.type != "variable_declarator":
        return False
    made = declarator.child_by_field_name("value")
    made = None if made is None else unwrap(made)
    return (
        pattern.type == "array_pattern"
        and len(pattern.named_children) == 2
        and pattern.named_children[1] == node
        and made is not None
        and made.type == "call_expression"
        and _is_hook(code, made.child_by_field_name("function"), _STATE)
    )


def _is_the_same_later(code: Code, target: Node) -> bool:
    """Whether a target is the same object when the clean-up runs."""
    if target.type != "identifier":
        return False
    binding = code.tree.binding_of(target)
    if binding is None:
        return code.text(target) in ("window", "document", "globalThis")
    return _is_constant(code, binding)


def _is_constant(code: Code, binding: Binding) -> bool:
    if binding.kind == "import":
        return True
    return binding.kind == "const" and len(initial_values(code.tree, binding)) == 1
