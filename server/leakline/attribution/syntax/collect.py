"""Every scope, declaration and use of a name in a script: a handler for each kind of node."""

from __future__ import annotations

from functools import cache

from tree_sitter import Node

from leakline.attribution.syntax.collector import Collector, Handler, skip
from leakline.attribution.syntax.grammar import TYPE_ONLY_KINDS, LanguageName, language
from leakline.attribution.syntax.module_clauses import on_export, on_import, on_import_alias
from leakline.attribution.syntax.scopes import BindingKind, ScopeKind, ScopeTree, Use


def collect(found: ScopeTree, language_name: LanguageName) -> None:
    """Fill a scope tree from its syntax tree."""
    Collector(found).walk(_handlers(language_name))


def on_identifier(at: Collector, node: Node) -> bool:
    """A use of a name, unless its declaration accounted for it."""
    start = node.start_byte >> 1
    if start in at.accounted_for:
        at.accounted_for.discard(start)
        return False
    end = node.end_byte >> 1
    name = at.text.name(start, end)
    if name:
        access = at.access.pop(start, "read")
        use = Use(start, end, at.scope, access)
        known = at.uses.get(name)
        if known is None:
            at.uses[name] = [use]
        else:
            known.append(use)
    return False


def on_target(at: Collector, node: Node) -> bool:
    """Assignments, ``++`` and ``--``: what stands on the left is written."""
    kind = node.type
    if kind == "update_expression":
        target, access = node.child_by_field_name("argument"), "readwrite"
    else:
        target = node.child_by_field_name("left")
        access = "readwrite" if kind == "augmented_assignment_expression" else "write"
    if target is not None:
        at.mark(target, "readwrite" if access == "readwrite" else "write")
    return True


def on_jsx_tag(at: Collector, node: Node) -> bool:
    """``<div>`` names no variable, ``<Row>`` does."""
    name = node.child_by_field_name("name")
    if name is not None:
        start, end = name.start_byte >> 1, name.end_byte >> 1
        if name.type == "jsx_namespace_name" or (
            name.type == "identifier" and at.text.units[start:end][:1].islower()
        ):
            at.skip_identifiers(name)
    return True


def on_function(at: Collector, node: Node) -> bool:
    """A function of any form: its name, its scope, its parameters."""
    kind = node.type
    name = node.child_by_field_name("name")
    outer = at.scope
    if kind in ("function_declaration", "generator_function_declaration") and name is not None:
        at.declare(name, "function", outer)
        if not outer.hoists_var:
            function = outer.function
            at.late.append((outer, function, at.name_of(name)))
    scope_kind: ScopeKind = "function"
    if kind == "arrow_function":
        scope_kind = "arrow"
    elif kind == "method_definition":
        scope_kind = "method"
    scope = at.enter(scope_kind, node)
    parameters = node.child_by_field_name("parameters")
    if parameters is not None:
        for parameter in parameters.named_children:
            at.declare_pattern(parameter, "param", scope)
    elif kind == "arrow_function":
        at.declare_pattern(node.child_by_field_name("parameter"), "param", scope)
    if kind in ("function_expression", "generator_function") and name is not None:
        if at.name_of(name) in scope.bindings:
            # A parameter hides the function's own name, which nothing can mean then.
            at.accounted_for.add(name.start_byte >> 1)
        else:
            at.declare(name, "function", scope)
    return True


def on_class(at: Collector, node: Node) -> bool:
    """A class: its name, its scope."""
    name = node.child_by_field_name("name")
    outer = at.scope
    scope = at.enter("class", node)
    if name is not None:
        # The name stands both around and inside a class declaration. One binding serves
        # for the two, since they always hold the same class.
        home = scope if node.type == "class" else outer
        binding = at.declare(name, "class", home)
        if binding is not None:
            scope.bindings[binding.name] = binding
    return True


def on_block(at: Collector, node: Node) -> bool:
    """A block, unless it is a function's body: that has the function's scope."""
    scope = at.scope
    if not (scope.hoists_var and scope is not at.found.root and at.is_right_below_scope):
        at.enter("block", node)
    return True


def on_static_block(at: Collector, node: Node) -> bool:
    """A static block of a class."""
    at.enter("static block", node)
    return True


def on_switch(at: Collector, node: Node) -> bool:
    """The cases of a ``switch`` share a scope."""
    at.enter("switch", node)
    return True


def on_for(at: Collector, node: Node) -> bool:
    """A ``for`` loop's head."""
    at.enter("for", node)
    return True


def on_for_in(at: Collector, node: Node) -> bool:
    """The head of ``for … in`` and ``for … of``."""
    kind = node.child_by_field_name("kind")
    left = node.child_by_field_name("left")
    scope = at.enter("for", node)
    if kind is None:
        if left is not None:
            at.mark(left, "write")
    else:
        word = at.text.units[kind.start_byte >> 1 : kind.end_byte >> 1]
        if word == "var":
            at.declare_pattern(left, "var", scope.function)
        else:
            at.declare_pattern(left, "let" if word == "let" else "const", scope)
    return True


def on_catch(at: Collector, node: Node) -> bool:
    """A ``catch`` and its parameter."""
    scope = at.enter("catch", node)
    at.declare_pattern(node.child_by_field_name("parameter"), "catch", scope)
    return True


def on_computed(at: Collector, node: Node) -> bool:
    """A method's computed key is evaluated outside the method."""
    del node
    scope = at.scope
    if scope.kind == "method" and scope.parent is not None and at.is_right_below_scope:
        at.push(scope.parent)
    return True


def on_declaration(at: Collector, node: Node) -> bool:
    """``var``, ``let``, ``const`` and ``using``."""
    word = node.child(0) if node.child_count else None
    text = "" if word is None else at.text.units[word.start_byte >> 1 : word.end_byte >> 1]
    kind: BindingKind
    if text == "var":
        kind, scope = "var", at.scope.function
    else:
        kind, scope = ("let" if text == "let" else "const"), at.scope
    for declarator in node.named_children:
        if declarator.type == "variable_declarator":
            at.declare_pattern(declarator.child_by_field_name("name"), kind, scope)
    return True


def on_enum(at: Collector, node: Node) -> bool:
    """TypeScript's ``enum``."""
    name = node.child_by_field_name("name")
    if name is not None:
        at.declare(name, "enum", at.scope)
    at.enter("enum", node)
    return True


def on_namespace(at: Collector, node: Node) -> bool:
    """TypeScript's ``namespace``."""
    name = node.child_by_field_name("name")
    while name is not None and name.type == "nested_identifier":
        name = name.child_by_field_name("object")
    if name is not None and name.type == "identifier":
        at.declare(name, "namespace", at.scope)
    at.enter("namespace", node)
    return True


def on_ambient(at: Collector, node: Node) -> bool:
    """``declare``: no code, but the names it promises are worth knowing."""
    stack = [node]
    while stack:
        part = stack.pop()
        kind = part.type
        if kind == "variable_declarator":
            name = part.child_by_field_name("name")
            if name is not None and name.type == "identifier":
                pair = (name.start_byte >> 1, name.end_byte >> 1)
                at.found.ambient.setdefault(at.text.name(*pair), []).append(pair)
        elif kind in (
            "ambient_declaration",
            "statement_block",
            "variable_declaration",
            "lexical_declaration",
        ):
            stack.extend(part.named_children)
    return False


_BY_KIND: dict[str, Handler] = {
    **dict.fromkeys(TYPE_ONLY_KINDS, skip),
    "ambient_declaration": on_ambient,
    "identifier": on_identifier,
    "shorthand_property_identifier": on_identifier,
    "shorthand_property_identifier_pattern": on_identifier,
    # Types, and the names of TypeScript classes, which their class declares.
    "type_identifier": skip,
    "assignment_expression": on_target,
    "augmented_assignment_expression": on_target,
    "update_expression": on_target,
    "jsx_opening_element": on_jsx_tag,
    "jsx_closing_element": on_jsx_tag,
    "jsx_self_closing_element": on_jsx_tag,
    "function_declaration": on_function,
    "function_expression": on_function,
    "generator_function": on_function,
    "generator_function_declaration": on_function,
    "arrow_function": on_function,
    "method_definition": on_function,
    "class": on_class,
    "class_declaration": on_class,
    "abstract_class_declaration": on_class,
    "class_static_block": on_static_block,
    "statement_block": on_block,
    "switch_body": on_switch,
    "for_statement": on_for,
    "for_in_statement": on_for_in,
    "catch_clause": on_catch,
    "computed_property_name": on_computed,
    "variable_declaration": on_declaration,
    "lexical_declaration": on_declaration,
    "using_declaration": on_declaration,
    "enum_declaration": on_enum,
    "internal_module": on_namespace,
    "module": on_namespace,
    "import_statement": on_import,
    "import_alias": on_import_alias,
    "export_statement": on_export,
}


@cache
def _handlers(language_name: LanguageName) -> tuple[Handler | None, ...]:
    """The handler for each kind of node by its id; ids are of 16 bits, error nodes the last."""
    grammar = language(language_name)
    handlers: list[Handler | None] = [None] * 0x10000
    for kind_id in range(grammar.node_kind_count):
        if grammar.node_kind_is_named(kind_id):
            handlers[kind_id] = _BY_KIND.get(grammar.node_kind_for_id(kind_id) or "")
        elif grammar.node_kind_is_visible(kind_id):
            # Words and punctuation have nothing inside.
            handlers[kind_id] = skip
    return tuple(handlers)
