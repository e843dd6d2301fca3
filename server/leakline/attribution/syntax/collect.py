"""One walk over the syntax tree: every scope, declaration and use of a name.

The walk uses one cursor and no recursion, so that depth costs nothing. A declaration is
entered when the node that declares is met, before its parts are visited; the identifiers
so accounted for are remembered by offset and passed over when the walk reaches them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from tree_sitter import Node

from leakline.attribution.syntax.grammar import TYPE_ONLY_KINDS, LanguageName, language
from leakline.attribution.syntax.naming import WRAPPERS
from leakline.attribution.syntax.scopes import (
    Access,
    Binding,
    BindingKind,
    Export,
    Scope,
    ScopeKind,
    ScopeTree,
    Use,
)

_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})

#: Enters a node; False keeps the walk from going into it.
_Handler = Callable[["Collector", Node], bool]


def pattern_names(pattern: Node) -> Iterator[Node]:
    """The identifiers that a binding pattern or assignment target binds, in source order.

    Default values, computed keys and member expressions in it are not among them.
    """
    stack = [pattern]
    while stack:
        node = stack.pop()
        kind = node.type
        inner: Node | None
        if kind in _NAMES:
            yield node
            continue
        if kind in ("array_pattern", "object_pattern"):
            stack.extend(reversed(node.named_children))
            continue
        if kind == "pair_pattern":
            inner = node.child_by_field_name("value")
        elif kind in ("assignment_pattern", "object_assignment_pattern"):
            inner = node.child_by_field_name("left")
        elif kind in ("required_parameter", "optional_parameter"):
            inner = node.child_by_field_name("pattern")
        elif kind == "rest_pattern" or kind in WRAPPERS:
            inner = node.named_child(0) if node.named_child_count else None
        else:
            continue
        if inner is not None:
            stack.append(inner)


def collect(found: ScopeTree, language_name: LanguageName) -> None:
    """Fill a scope tree from its syntax tree."""
    Collector(found).walk(_handlers(language_name))


class Collector:
    """The walk's state: where it is, and what was accounted for ahead of it."""

    def __init__(self, found: ScopeTree) -> None:
        self.found = found
        self.text = found.text
        self._uses = found.named_uses
        self._done: set[int] = set()
        self._access: dict[int, Access] = {}
        self._late: list[tuple[Scope, Scope, str]] = []
        self._scope = found.root
        self._scope_stack = [found.root]
        self._depth_stack = [-1]
        self._depth = 0

    def walk(self, handlers: tuple[_Handler | None, ...]) -> None:
        """Visit every node once."""
        self._walk(handlers)
        if self.found.root.kind == "script":
            self._hoist_block_functions()

    def _walk(self, handlers: tuple[_Handler | None, ...]) -> None:
        cursor = self.found.tree.walk()
        first, following, outwards = (
            cursor.goto_first_child,
            cursor.goto_next_sibling,
            cursor.goto_parent,
        )
        depths = self._depth_stack
        while True:
            node = cursor.node
            descend = True
            if node is not None:
                handler = handlers[node.kind_id]
                if handler is not None:
                    descend = handler is not _skip and handler(self, node)
            if descend and first():
                self._depth += 1
                continue
            while True:
                while depths[-1] == self._depth:
                    depths.pop()
                    self._scope_stack.pop()
                    self._scope = self._scope_stack[-1]
                if following():
                    break
                if not outwards():
                    return
                self._depth -= 1

    # -- what handlers use

    def _push(self, scope: Scope) -> None:
        self._scope_stack.append(scope)
        self._depth_stack.append(self._depth)
        self._scope = scope

    def _enter(self, kind: ScopeKind, node: Node) -> Scope:
        scope = Scope(self.found, kind, node, self._scope)
        self.found.scopes.append(scope)
        self._push(scope)
        return scope

    def _declare(self, identifier: Node, kind: BindingKind, scope: Scope) -> Binding | None:
        start, end = identifier.start_byte >> 1, identifier.end_byte >> 1
        name = self.text.name(start, end)
        if not name:
            return None
        binding = scope.bindings.get(name)
        if binding is None:
            binding = scope.bindings[name] = Binding(name, kind, scope, self.found)
        binding.offsets.append((start, end))
        self._declared_at(identifier, name, binding)
        return binding

    def _declared_at(self, identifier: Node, name: str, binding: Binding) -> None:
        start, end = identifier.start_byte >> 1, identifier.end_byte >> 1
        self.found.declared[start] = binding
        self._done.add(start)
        self._uses.setdefault(name, []).append(Use(start, end, binding.scope, "declaration"))

    def _declare_pattern(self, pattern: Node | None, kind: BindingKind, scope: Scope) -> None:
        if pattern is None:
            return
        if pattern.type == "identifier":
            self._declare(pattern, kind, scope)
            return
        for identifier in pattern_names(pattern):
            self._declare(identifier, kind, scope)

    def _hoist_block_functions(self) -> None:
        # ECMA-262 annex B.3.2: in sloppy code a function in a block is also a `var`.
        for block, function, name in self._late:
            function.bindings.setdefault(name, block.bindings[name])

    # -- handlers: names

    def on_identifier(self, node: Node) -> bool:
        """A use of a name, unless its declaration accounted for it."""
        start = node.start_byte >> 1
        if start in self._done:
            self._done.discard(start)
            return False
        end = node.end_byte >> 1
        name = self.text.name(start, end)
        if name:
            access = self._access.pop(start, "read")
            use = Use(start, end, self._scope, access)
            known = self._uses.get(name)
            if known is None:
                self._uses[name] = [use]
            else:
                known.append(use)
        return False

    def on_target(self, node: Node) -> bool:
        """Assignments, ``++`` and ``--``: what stands on the left is written."""
        kind = node.type
        if kind == "update_expression":
            target, access = node.child_by_field_name("argument"), "readwrite"
        else:
            target = node.child_by_field_name("left")
            access = "readwrite" if kind == "augmented_assignment_expression" else "write"
        if target is not None:
            self._mark(target, "readwrite" if access == "readwrite" else "write")
        return True

    def _mark(self, target: Node, access: Access) -> None:
        if target.type == "identifier":
            self._access[target.start_byte >> 1] = access
        elif target.type != "member_expression":
            for identifier in pattern_names(target):
                self._access[identifier.start_byte >> 1] = access

    def on_jsx_tag(self, node: Node) -> bool:
        """``<div>`` names no variable, ``<Row>`` does."""
        name = node.child_by_field_name("name")
        if name is not None:
            start, end = name.start_byte >> 1, name.end_byte >> 1
            if name.type == "jsx_namespace_name" or (
                name.type == "identifier" and self.text.units[start:end][:1].islower()
            ):
                self._skip_identifiers(name)
        return True

    def _skip_identifiers(self, node: Node) -> None:
        for part in (node, *node.named_children):
            if part.type == "identifier":
                self._done.add(part.start_byte >> 1)

    # -- handlers: scopes

    def on_function(self, node: Node) -> bool:
        """A function of any form: its name, its scope, its parameters."""
        kind = node.type
        name = node.child_by_field_name("name")
        outer = self._scope
        if kind in ("function_declaration", "generator_function_declaration") and name is not None:
            self._declare(name, "function", outer)
            if not outer.hoists_var:
                function = outer.function
                self._late.append((outer, function, self._name_of(name)))
        scope_kind: ScopeKind = "function"
        if kind == "arrow_function":
            scope_kind = "arrow"
        elif kind == "method_definition":
            scope_kind = "method"
        scope = self._enter(scope_kind, node)
        parameters = node.child_by_field_name("parameters")
        if parameters is not None:
            for parameter in parameters.named_children:
                self._declare_pattern(parameter, "param", scope)
        elif kind == "arrow_function":
            self._declare_pattern(node.child_by_field_name("parameter"), "param", scope)
        if kind in ("function_expression", "generator_function") and name is not None:
            if self._name_of(name) in scope.bindings:
                # A parameter hides the function's own name, which nothing can mean then.
                self._done.add(name.start_byte >> 1)
            else:
                self._declare(name, "function", scope)
        return True

    def _name_of(self, identifier: Node) -> str:
        return self.text.name(identifier.start_byte >> 1, identifier.end_byte >> 1)

    def on_class(self, node: Node) -> bool:
        """A class: its name, its scope."""
        name = node.child_by_field_name("name")
        outer = self._scope
        scope = self._enter("class", node)
        if name is not None:
            # The name stands both around and inside a class declaration. One binding serves
            # for the two, since they always hold the same class.
            home = scope if node.type == "class" else outer
            binding = self._declare(name, "class", home)
            if binding is not None:
                scope.bindings[binding.name] = binding
        return True

    def on_block(self, node: Node) -> bool:
        """A block, unless it is a function's body: that has the function's scope."""
        scope = self._scope
        is_body = self._depth_stack[-1] == self._depth - 1 and (
            scope.hoists_var and scope is not self.found.root
        )
        if not is_body:
            self._enter("block", node)
        return True

    def on_static_block(self, node: Node) -> bool:
        """A static block of a class."""
        self._enter("static block", node)
        return True

    def on_switch(self, node: Node) -> bool:
        """The cases of a ``switch`` share a scope."""
        self._enter("switch", node)
        return True

    def on_for(self, node: Node) -> bool:
        """A ``for`` loop's head."""
        self._enter("for", node)
        return True

    def on_for_in(self, node: Node) -> bool:
        """The head of ``for … in`` and ``for … of``."""
        kind = node.child_by_field_name("kind")
        left = node.child_by_field_name("left")
        scope = self._enter("for", node)
        if kind is None:
            if left is not None:
                self._mark(left, "write")
        else:
            word = self.text.units[kind.start_byte >> 1 : kind.end_byte >> 1]
            if word == "var":
                self._declare_pattern(left, "var", scope.function)
            else:
                self._declare_pattern(left, "let" if word == "let" else "const", scope)
        return True

    def on_catch(self, node: Node) -> bool:
        """A ``catch`` and its parameter."""
        scope = self._enter("catch", node)
        self._declare_pattern(node.child_by_field_name("parameter"), "catch", scope)
        return True

    def on_computed(self, node: Node) -> bool:
        """A method's computed key is evaluated outside the method."""
        del node
        scope = self._scope
        if (
            scope.kind == "method"
            and self._depth_stack[-1] == self._depth - 1
            and scope.parent is not None
        ):
            self._push(scope.parent)
        return True

    # -- handlers: declarations

    def on_declaration(self, node: Node) -> bool:
        """``var``, ``let``, ``const`` and ``using``."""
        word = node.child(0) if node.child_count else None
        text = "" if word is None else self.text.units[word.start_byte >> 1 : word.end_byte >> 1]
        kind: BindingKind
        if text == "var":
            kind, scope = "var", self._scope.function
        else:
            kind, scope = ("let" if text == "let" else "const"), self._scope
        for declarator in node.named_children:
            if declarator.type == "variable_declarator":
                self._declare_pattern(declarator.child_by_field_name("name"), kind, scope)
        return True

    def on_enum(self, node: Node) -> bool:
        """TypeScript's ``enum``."""
        name = node.child_by_field_name("name")
        if name is not None:
            self._declare(name, "enum", self._scope)
        self._enter("enum", node)
        return True

    def on_namespace(self, node: Node) -> bool:
        """TypeScript's ``namespace``."""
        name = node.child_by_field_name("name")
        while name is not None and name.type == "nested_identifier":
            name = name.child_by_field_name("object")
        if name is not None and name.type == "identifier":
            self._declare(name, "namespace", self._scope)
        self._enter("namespace", node)
        return True

    def on_ambient(self, node: Node) -> bool:
        """``declare``: no code, but the names it promises are worth knowing."""
        stack = [node]
        while stack:
            part = stack.pop()
            kind = part.type
            if kind == "variable_declarator":
                name = part.child_by_field_name("name")
                if name is not None and name.type == "identifier":
                    pair = (name.start_byte >> 1, name.end_byte >> 1)
                    self.found.ambient.setdefault(self.text.name(*pair), []).append(pair)
            elif kind in (
                "ambient_declaration",
                "statement_block",
                "variable_declaration",
                "lexical_declaration",
            ):
                stack.extend(part.named_children)
        return False

    # -- handlers: modules

    def on_import(self, node: Node) -> bool:
        """``import``; what imports only types declares nothing."""
        self.found.root.kind = "module"
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
                    self._declare(child, "import", self._scope)
                elif child.type in (
                    "import_clause",
                    "named_imports",
                    "import_specifier",
                    "namespace_import",
                    "import_require_clause",
                ):
                    stack.append(child)
        return False

    def on_import_alias(self, node: Node) -> bool:
        """TypeScript's ``import a = b.c``."""
        name = node.named_child(0) if node.named_child_count else None
        if name is not None and name.type == "identifier":
            self._declare(name, "import", self._scope)
        return True

    def on_export(self, node: Node) -> bool:
        """``export``; what exports from another module uses no name here."""
        self.found.root.kind = "module"
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
                    self._export_specifier(specifier)
        if is_default:
            self.found.default_export = declaration if declaration is not None else value
        elif declaration is not None:
            self._export_declaration(declaration)
        return True

    def _export_specifier(self, specifier: Node) -> None:
        name = specifier.child_by_field_name("name")
        alias = specifier.child_by_field_name("alias")
        if name is None or specifier.type != "export_specifier":
            return
        shown = name if alias is None else alias
        if alias is not None:
            self._done.add(alias.start_byte >> 1)
        self.found.exports.append(
            Export(
                (shown.start_byte >> 1, shown.end_byte >> 1),
                (name.start_byte >> 1, name.end_byte >> 1),
            )
        )

    def _export_declaration(self, declaration: Node) -> None:
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
            self.found.exports.append(Export(pair, pair))


def _skip(collector: Collector, node: Node) -> bool:
    del collector, node
    return False


_BY_KIND: dict[str, _Handler] = {
    **dict.fromkeys(TYPE_ONLY_KINDS, _skip),
    "ambient_declaration": Collector.on_ambient,
    "identifier": Collector.on_identifier,
    "shorthand_property_identifier": Collector.on_identifier,
    "shorthand_property_identifier_pattern": Collector.on_identifier,
    # Types, and the names of TypeScript classes, which their class declares.
    "type_identifier": _skip,
    "assignment_expression": Collector.on_target,
    "augmented_assignment_expression": Collector.on_target,
    "update_expression": Collector.on_target,
    "jsx_opening_element": Collector.on_jsx_tag,
    "jsx_closing_element": Collector.on_jsx_tag,
    "jsx_self_closing_element": Collector.on_jsx_tag,
    "function_declaration": Collector.on_function,
    "function_expression": Collector.on_function,
    "generator_function": Collector.on_function,
    "generator_function_declaration": Collector.on_function,
    "arrow_function": Collector.on_function,
    "method_definition": Collector.on_function,
    "class": Collector.on_class,
    "class_declaration": Collector.on_class,
    "abstract_class_declaration": Collector.on_class,
    "class_static_block": Collector.on_static_block,
    "statement_block": Collector.on_block,
    "switch_body": Collector.on_switch,
    "for_statement": Collector.on_for,
    "for_in_statement": Collector.on_for_in,
    "catch_clause": Collector.on_catch,
    "computed_property_name": Collector.on_computed,
    "variable_declaration": Collector.on_declaration,
    "lexical_declaration": Collector.on_declaration,
    "using_declaration": Collector.on_declaration,
    "enum_declaration": Collector.on_enum,
    "internal_module": Collector.on_namespace,
    "module": Collector.on_namespace,
    "import_statement": Collector.on_import,
    "import_alias": Collector.on_import_alias,
    "export_statement": Collector.on_export,
}


@cache
def _handlers(language_name: LanguageName) -> tuple[_Handler | None, ...]:
    """The handler for each kind of node by its id; ids are of 16 bits, error nodes the last."""
    grammar = language(language_name)
    handlers: list[_Handler | None] = [None] * 0x10000
    for kind_id in range(grammar.node_kind_count):
        if grammar.node_kind_is_named(kind_id):
            handlers[kind_id] = _BY_KIND.get(grammar.node_kind_for_id(kind_id) or "")
        elif grammar.node_kind_is_visible(kind_id):
            # Words and punctuation have nothing inside.
            handlers[kind_id] = _skip
    return tuple(handlers)
