"""One walk over the syntax tree, and what its handlers find out on the way.

The walk uses one cursor and no recursion, so that depth costs nothing. A declaration is
entered when the node that declares is met, before its parts are visited; the identifiers
so accounted for are remembered by offset and passed over when the walk reaches them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from leakline.attribution.syntax.naming import WRAPPERS
from leakline.attribution.syntax.scopes import (
    Access,
    Binding,
    BindingKind,
    Scope,
    ScopeKind,
    ScopeTree,
    Use,
)

_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})

#: Enters a node; False keeps the walk from going into it.
Handler = Callable[["Collector", Node], bool]


def skip(at: Collector, node: Node) -> bool:
    """Keeps the walk from going into a node; it is never called."""
    del at, node
    return False


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


class Collector:
    """The walk's state: where it is, and what was accounted for ahead of it.

    Attributes:
        found: What is filled.
        text: The script's text.
        uses: The uses found so far, by name.
        accounted_for: Offsets of identifiers ahead that are no uses of their own.
        access: How identifiers ahead are used, by their offset.
        late: Functions in blocks: the block, the function around it, the name.
        scope: The scope here.
    """

    def __init__(self, found: ScopeTree) -> None:
        self.found = found
        self.text = found.text
        self.uses = found.named_uses
        self.accounted_for: set[int] = set()
        self.access: dict[int, Access] = {}
        self.late: list[tuple[Scope, Scope, str]] = []
        self.scope = found.root
        self._scope_stack = [found.root]
        self._depth_stack = [-1]
        self._depth = 0

    def walk(self, handlers: tuple[Handler | None, ...]) -> None:
        """Visit every node once."""
        self._walk(handlers)
        if self.found.root.kind == "script":
            self._hoist_block_functions()

    def _walk(self, handlers: tuple[Handler | None, ...]) -> None:
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
                    descend = handler is not skip and handler(self, node)
            if descend and first():
                self._depth += 1
                continue
            while True:
                while depths[-1] == self._depth:
                    depths.pop()
                    self._scope_stack.pop()
                    self.scope = self._scope_stack[-1]
                if following():
                    break
                if not outwards():
                    return
                self._depth -= 1

    @property
    def is_right_below_scope(self) -> bool:
        """Whether the node here is a child of the one that began the scope here."""
        return self._depth_stack[-1] == self._depth - 1

    def push(self, scope: Scope) -> None:
        """Make a scope the one around what comes, up to the end of the node here."""
        self._scope_stack.append(scope)
        self._depth_stack.append(self._depth)
        self.scope = scope

    def enter(self, kind: ScopeKind, node: Node) -> Scope:
        """Begin a scope with a node."""
        scope = Scope(self.found, kind, node, self.scope)
        self.found.scopes.append(scope)
        self.push(scope)
        return scope

    def declare(self, identifier: Node, kind: BindingKind, scope: Scope) -> Binding | None:
        """Declare a name in a scope; None for an identifier without text."""
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
        self.accounted_for.add(start)
        self.uses.setdefault(name, []).append(Use(start, end, binding.scope, "declaration"))

    def declare_pattern(self, pattern: Node | None, kind: BindingKind, scope: Scope) -> None:
        """Declare every name that a pattern binds."""
        if pattern is None:
            return
        if pattern.type == "identifier":
            self.declare(pattern, kind, scope)
            return
        for identifier in pattern_names(pattern):
            self.declare(identifier, kind, scope)

    def _hoist_block_functions(self) -> None:
        # ECMA-262 annex B.3.2: in sloppy code a function in a block is also a `var`.
        for block, function, name in self.late:
            function.bindings.setdefault(name, block.bindings[name])

    def name_of(self, identifier: Node) -> str:
        """The name that an identifier spells."""
        return self.text.name(identifier.start_byte >> 1, identifier.end_byte >> 1)

    def mark(self, target: Node, access: Access) -> None:
        """Say how the identifiers of an assignment's target are used."""
        if target.type == "identifier":
            self.access[target.start_byte >> 1] = access
        elif target.type != "member_expression":
            for identifier in pattern_names(target):
                self.access[identifier.start_byte >> 1] = access

    def skip_identifiers(self, node: Node) -> None:
        """Pass over the identifiers of a node: they name no variable."""
        for part in (node, *node.named_children):
            if part.type == "identifier":
                self.accounted_for.add(part.start_byte >> 1)
