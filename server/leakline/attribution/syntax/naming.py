"""Names and keys as the source gives them: of functions, classes, properties."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.text import SourceText

#: Around an expression without changing its value. The value is the first named child,
#: of a type assertion ``<T>x`` the last.
WRAPPERS = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
        "await_expression",
    }
)


def same_place(one: Node | None, other: Node) -> bool:
    """Whether two handles mean the same node."""
    return one is not None and one == other


def wrapped_value(node: Node) -> Node | None:
    """The expression inside a wrapper, comments passed over."""
    inner = [child for child in node.named_children if not child.is_extra]
    if not inner:
        return None
    return inner[-1] if node.type == "type_assertion" else inner[0]


def unwrap(node: Node) -> Node:
    """The expression without the wrappers around it."""
    while node.type in WRAPPERS:
        inner = wrapped_value(node)
        if inner is None:
            break
        node = inner
    return node


def source(text: SourceText, node: Node) -> str:
    """The node's source, escapes in identifiers resolved."""
    return text.name(node.start_byte >> 1, node.end_byte >> 1)


def literal_text(text: SourceText, node: Node) -> str | None:
    """What a string literal says; None for other nodes and for literals with escapes."""
    if node.type == "template_string":
        parts = node.named_children
        if any(part.type != "string_fragment" for part in parts):
            return None
    elif node.type == "string":
        if any(part.type == "escape_sequence" for part in node.named_children):
            return None
    else:
        return None
    return text.slice((node.start_byte >> 1) + 1, (node.end_byte >> 1) - 1)


def property_key(text: SourceText, node: Node | None) -> str | None:
    """The name in a property's key; ``#`` is part of a private name. None if computed."""
    if node is None:
        return None
    kind = node.type
    if kind in (
        "property_identifier",
        "private_property_identifier",
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",
    ):
        return source(text, node)
    if kind == "number":
        return source(text, node)
    if kind == "computed_property_name":
        inner = wrapped_value(node)
        return None if inner is None else literal_text(text, inner)
    return literal_text(text, node)


def member_key(text: SourceText, node: Node) -> str | None:
    """The property that ``a.b``, ``a["b"]`` or ``a[0]`` names, None if it is computed."""
    if node.type == "member_expression":
        return property_key(text, node.child_by_field_name("property"))
    index = node.child_by_field_name("index")
    if index is None:
        return None
    if index.type == "number":
        return source(text, index)
    return literal_text(text, index)


def inferred_name(text: SourceText, node: Node) -> str:
    """The name a function or class goes by, empty if it has none.

    ECMA-262 NamedEvaluation, and beyond it the property of an assignment ``a.b = …``.
    """
    name = node.child_by_field_name("name")
    if name is not None:
        return property_key(text, name) or ""
    child, parent = node, node.parent
    while parent is not None and parent.type in WRAPPERS:
        child, parent = parent, parent.parent
    if parent is None:
        return ""
    kind = parent.type
    holder: Node | None = None
    if kind == "variable_declarator":
        holder = parent.child_by_field_name("name")
    elif kind in ("assignment_expression", "augmented_assignment_expression"):
        if same_place(parent.child_by_field_name("right"), child):
            holder = parent.child_by_field_name("left")
    elif kind in ("pair", "field_definition", "public_field_definition"):
        holder = parent.child_by_field_name("key" if kind == "pair" else "property")
        if holder is None:
            holder = parent.child_by_field_name("name")
    elif kind in ("assignment_pattern", "object_assignment_pattern"):
        holder = parent.child_by_field_name("left")
    elif kind in ("required_parameter", "optional_parameter"):
        holder = parent.child_by_field_name("pattern")
    elif kind == "export_statement":
        return "default"
    if holder is None:
        return ""
    if holder.type in ("member_expression", "subscript_expression"):
        return member_key(text, holder) or ""
    if holder.type in ("object_pattern", "array_pattern"):
        return ""
    return property_key(text, holder) or ""
