"""What ``import`` and ``export`` declare."""

from __future__ import annotations

from tree_sitter import Node

from leakline.attribution.syntax.collector import Collector, pattern_names
from leakline.attribution.syntax.scopes import Export


def on_import(at: Collector, node: Node) -> bool:
    """``import``; what imports only types declares nothing."""
    at.found.root.kind = "module"
    stack = [node]
    while stack:
        part = stack.pop()
        if any(child.type == "type" for child in part.children):
            continue
        for child in part.named_children:
            if child.type == "identifier":
                if part.type == "import_specifier":
                    alias = part.child_by_field_name("alias")
                    if alias is not None and child != alias:
                        continue
                at.declare(child, "import", at.scope)
            elif child.type in (
                "import_clause",
                "named_imports",
                "import_specifier",
                "namespace_import",
                "import_require_clause",
            ):
                stack.append(child)
    return False


def on_import_alias(at: Collector, node: Node) -> bool:
    """TypeScript's ``import a = b.c``."""
    name = node.named_child(0) if node.named_child_count else None
    if name is not None and name.type == "identifier":
        at.declare(name, "import", at.scope)
    return True


def on_export(at: Collector, node: Node) -> bool:
    """``export``; what exports from another module uses no name here."""
    at.found.root.kind = "module"
    if node.child_by_field_name("source") is not None:
        return False
    declaration = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    is_default = False
    for child in node.children:
        kind = child.type
        if kind == "type":
            return False
        if kind == "default":
            is_default = True
        elif kind == "export_clause":
            for specifier in child.named_children:
                _export_specifier(at, specifier)
    if is_default:
        at.found.default_export = declaration if declaration is not None else value
    elif declaration is not None:
        _export_declaration(at, declaration)
    return True


def _export_specifier(at: Collector, specifier: Node) -> None:
    name = specifier.child_by_field_name("name")
    alias = specifier.child_by_field_name("alias")
    if name is None or specifier.type != "export_specifier":
        return
    shown = name if alias is None else alias
    if alias is not None:
        at.accounted_for.add(alias.start_byte >> 1)
    at.found.exports.append(
        Export(
            (shown.start_byte >> 1, shown.end_byte >> 1),
            (name.start_byte >> 1, name.end_byte >> 1),
        )
    )


def _export_declaration(at: Collector, declaration: Node) -> None:
    names: list[Node] = []
    name = declaration.child_by_field_name("name")
    if name is not None:
        names.append(name)
    for declarator in declaration.named_children:
        pattern = declarator.child_by_field_name("name")
        if declarator.type == "variable_declarator" and pattern is not None:
            names.extend(pattern_names(pattern))
    for identifier in names:
        pair = (identifier.start_byte >> 1, identifier.end_byte >> 1)
        at.found.exports.append(Export(pair, pair))
