"""What a name under the cursor means: the variable or the class it belongs to, and the path there.

``this.windows`` and ``limiter.windows`` name a field of a class, ``state.analytics`` a property
of what a variable holds. Which class or variable that is, scopes tell; a text search would take
any ``windows`` for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.fields import this_owner
from leakline.attribution.syntax.naming import member_key, property_key, unwrap
from leakline.attribution.syntax.places import function_scope, initial_values
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.attribution.syntax.script import ScriptSyntax
from leakline.positions import Position, Span

_KEYS = frozenset(
    {
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "string_fragment",
    }
)
_MEMBERS = ("member_expression", "subscript_expression")
_FIELDS = ("field_definition", "public_field_definition")
_LONGEST_PATH = 12


@dataclass(frozen=True, slots=True)
class PointedName:
    """A name in a script.

    Attributes:
        span: Where it stands.
        path: Property names from what is named below to the name itself; empty for a variable.
        binding: The variable that the path begins at; None where it begins elsewhere.
        free: The name that no declaration in the script makes and that the path begins at.
        owner: The class whose instances, or which itself, the path begins at, where known.
        instance_of: The variable of the class, where the path begins at an instance of it:
            ``new C()``, or TypeScript's annotation ``: C``.
    """

    span: Span
    path: tuple[str, ...]
    binding: Binding | None = None
    free: str = ""
    owner: Scope | None = None
    instance_of: Binding | None = None


def name_at(syntax: ScriptSyntax, position: Position) -> PointedName | None:
    """The name at a position, its right edge included; None where none stands."""
    found = syntax._found  # noqa: SLF001 - another file of the same package
    offset = syntax.text.offset(position)
    if offset is None:
        return None
    for at in (offset, offset - 1):
        node = found.node_at(at) if at >= 0 else None
        if node is not None:
            named = _name(found, node)
            if named is not None:
                return named
    return None


def class_of_field(syntax: ScriptSyntax, position: Position) -> Scope | None:
    """The class whose field is declared or assigned at a position; None where none is."""
    found = syntax._found  # noqa: SLF001 - another file of the same package
    named = name_at(syntax, position)
    if named is not None and named.owner is not None:
        return named.owner
    offset = syntax.text.offset(position)
    node = None if offset is None else found.node_at(offset)
    owner = None if node is None else this_owner(found, node)
    return None if owner is None else owner.scope


def _name(found: ScopeTree, node: Node) -> PointedName | None:
    if node.type not in _KEYS:
        return _variable(found, node)
    around = found.around(node)
    key, holder = node, around[1]
    if node.type == "string_fragment":
        key, holder = around[1] or node, around[2]
    if holder is None:
        return None
    if holder.type in _MEMBERS:
        return _member(found, node, holder)
    if holder.type in _FIELDS and holder.child_by_field_name("value") != key:
        name = property_key(found.text, key)
        scope = found.scope_of(node)
        while scope.kind != "class" and scope.parent is not None:
            scope = scope.parent
        if name is not None and scope.kind == "class":
            return PointedName(found.span_of(node), (name,), owner=scope)
    return _variable(found, node)


def _variable(found: ScopeTree, node: Node) -> PointedName | None:
    binding = found.binding_of(node)
    if binding is not None:
        return PointedName(found.span_of(node), (), binding=binding)
    if node.type in ("identifier", "shorthand_property_identifier"):
        return PointedName(found.span_of(node), (), free=_text(found, node))
    return None


def _member(found: ScopeTree, node: Node, holder: Node) -> PointedName | None:
    path: list[str] = []
    at = holder
    while at.type in _MEMBERS and len(path) < _LONGEST_PATH:
        key, inner = member_key(found.text, at), at.child_by_field_name("object")
        if key is None or inner is None:
            return None
        path.insert(0, key)
        at = unwrap(inner)
    span, names = found.span_of(node), tuple(path)
    if at.type == "this":
        owner = this_owner(found, at)
        return None if owner is None else PointedName(span, names, owner=owner.scope)
    if at.type == "new_expression":
        return PointedName(span, names, instance_of=_class_of(found, at))
    if at.type != "identifier":
        return None
    binding = found.binding_of(at)
    if binding is None:
        return PointedName(span, names, free=_text(found, at))
    made_by = _instance_of(found, binding)
    scope = class_scope(found, made_by or binding)
    return PointedName(span, names, binding=binding, owner=scope, instance_of=made_by)


def class_scope(found: ScopeTree, binding: Binding) -> Scope | None:
    """The class that a variable is, where it is declared as one."""
    for value in initial_values(found, binding):
        scope = function_scope(found, value)
        if scope is not None and scope.kind == "class":
            return scope
    return None


def _instance_of(found: ScopeTree, binding: Binding) -> Binding | None:
    """The variable of the class whose instance a variable holds."""
    for value in initial_values(found, binding):
        if value.type == "new_expression":
            made_by = _class_of(found, value)
            if made_by is not None:
                return made_by
    for start, _ in binding.offsets:
        node = found.node_at(start)
        declared = None if node is None else found.around(node)[1]
        annotation = None if declared is None else declared.child_by_field_name("type")
        named = None if annotation is None else annotation.named_children
        if named and named[0].type == "type_identifier":
            return binding.scope.lookup(_text(found, named[0]))
    return None


def _class_of(found: ScopeTree, new: Node) -> Binding | None:
    constructor = new.child_by_field_name("constructor")
    if constructor is None or constructor.type != "identifier":
        return None
    return found.binding_of(constructor)


def _text(found: ScopeTree, node: Node) -> str:
    return found.text.name(node.start_byte >> 1, node.end_byte >> 1)
