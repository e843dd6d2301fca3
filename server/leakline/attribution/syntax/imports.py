"""What a script takes from other scripts, by ``import`` and by ``require``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax.naming import property_key
from leakline.attribution.syntax.scopes import Binding, ScopeTree

NAMESPACE = "*"


@dataclass(frozen=True, slots=True)
class Import:
    """A name that stands for something of another script.

    Attributes:
        binding: The local variable.
        name: The exported name; ``*`` for all exports of the other script as one object.
        source: The other script as the program names it, such as ``./cache.js``.
    """

    binding: Binding
    name: str
    source: str


def imports(found: ScopeTree) -> tuple[Import, ...]:
    """All imports of a script, in source order of their kind."""
    return (*_by_statement(found), *_by_require(found))


@dataclass(frozen=True, slots=True)
class Reexport:
    """Something of another script that a script exports on: ``export { a as b } from "./c.js"``.

    Attributes:
        name: The name that the other script exports; ``*`` for all of them.
        exported: The name here; ``*`` for the same names.
        source: The other script as the program names it.
    """

    name: str
    exported: str
    source: str


def reexports(found: ScopeTree) -> tuple[Reexport, ...]:
    """What a script exports on, in source order."""
    result: list[Reexport] = []
    for statement in found.tree.root_node.named_children:
        source = _string(found, statement.child_by_field_name("source"))
        if statement.type != "export_statement" or not source:
            continue
        clause = next((c for c in statement.named_children if c.type == "export_clause"), None)
        if clause is None:
            spaces = [c for c in statement.named_children if c.type == "namespace_export"]
            if not spaces:
                result.append(Reexport(NAMESPACE, NAMESPACE, source))
            continue
        for part in clause.named_children:
            name = part.child_by_field_name("name")
            shown = part.child_by_field_name("alias") or name
            if name is not None and shown is not None:
                result.append(Reexport(_name(found, name), _name(found, shown), source))
    return tuple(result)


def _name(found: ScopeTree, node: Node) -> str:
    return found.text.name(node.start_byte >> 1, node.end_byte >> 1).strip("'\"")


def _by_statement(found: ScopeTree) -> Iterator[Import]:
    for statement in found.tree.root_node.named_children:
        if statement.type != "import_statement":
            continue
        source = _string(found, statement.child_by_field_name("source"))
        clause = next((c for c in statement.named_children if c.type == "import_clause"), None)
        for part in clause.named_children if clause is not None and source else ():
            if part.type == "identifier":
                yield from _import(found, part, "default", source)
            elif part.type == "namespace_import":
                yield from _import(found, part.named_children[-1], NAMESPACE, source)
            elif part.type == "named_imports":
                for specifier in part.named_children:
                    name = specifier.child_by_field_name("name")
                    local = specifier.child_by_field_name("alias") or name
                    if name is not None and local is not None:
                        text = found.text.name(name.start_byte >> 1, name.end_byte >> 1)
                        yield from _import(found, local, text.strip("'\""), source)


def _by_require(found: ScopeTree) -> Iterator[Import]:
    for offset in found.text.find("require"):
        node = found.node_at(offset)
        call = node.parent if node is not None and node.type == "identifier" else None
        if node is None or call is None or call.type != "call_expression":
            continue
        if found.binding_of(node) is not None:
            continue
        arguments = call.child_by_field_name("arguments")
        first = arguments.named_children[0] if arguments and arguments.named_children else None
        source = _string(found, first)
        declarator = call.parent
        name = NAMESPACE
        if declarator is not None and declarator.type == "member_expression":
            key = declarator.child_by_field_name("property")
            name = property_key(found.text, key) or NAMESPACE if key is not None else NAMESPACE
            declarator = declarator.parent
        if not source or declarator is None or declarator.type != "variable_declarator":
            continue
        target = declarator.child_by_field_name("name")
        if target is None:
            continue
        if target.type == "identifier":
            yield from _import(found, target, name, source)
        elif target.type == "object_pattern":
            yield from _from_pattern(found, target, source)


def _from_pattern(found: ScopeTree, pattern: Node, source: str) -> Iterator[Import]:
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            name = found.text.name(part.start_byte >> 1, part.end_byte >> 1)
            yield from _import(found, part, name, source)
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None and value.type == "identifier":
                yield from _import(found, value, property_key(found.text, key) or "", source)


def _import(found: ScopeTree, local: Node, name: str, source: str) -> Iterator[Import]:
    binding = found.binding_of(local)
    if binding is not None and name:
        yield Import(binding, name, source)


def _string(found: ScopeTree, node: Node | None) -> str:
    if node is None or node.type != "string":
        return ""
    return found.text.name(node.start_byte >> 1, node.end_byte >> 1).strip("'\"")
