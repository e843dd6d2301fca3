"""Scopes, bindings and references: what the rest of attribution asks about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tree_sitter import Node, Tree

from leakline.attribution.syntax.grammar import CLASS_KINDS, Ancestry, Climber
from leakline.attribution.syntax.naming import inferred_name
from leakline.attribution.syntax.text import SourceText
from leakline.positions import Position, Span

ScopeKind = Literal[
    "module",
    "script",
    "function",
    "arrow",
    "method",
    "class",
    "block",
    "for",
    "catch",
    "switch",
    "static block",
    "namespace",
    "enum",
]
BindingKind = Literal[
    "var", "let", "const", "function", "class", "param", "import", "catch", "enum", "namespace"
]
Access = Literal["read", "write", "readwrite", "declaration"]

#: Scopes that ``var`` is hoisted to.
_VAR_SCOPES = frozenset(
    {"module", "script", "function", "arrow", "method", "static block", "namespace"}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a name.

    Attributes:
        span: The identifier.
        access: What is done to the binding there. ``declaration`` stands at the identifier
            that declares it, with or without an initial value.
    """

    span: Span
    access: Access


class Use(NamedTuple):
    """A use before its scope is resolved: offsets of the identifier, scope it stands in.

    A large script has hundreds of thousands: hence a tuple, which is made fastest.
    """

    start: int
    end: int
    scope: Scope
    access: Access


class Scope:
    """A stretch of code with names of its own.

    Attributes:
        kind: What made the scope.
        node: Its syntax node.
        start: Offset of the node in UTF-16 units.
        end: Offset of its end.
        parent: The scope around it, None for the root.
        children: Scopes directly inside, in source order.
        bindings: Declared names, in source order.
    """

    __slots__ = ("_tree", "bindings", "children", "end", "kind", "node", "parent", "start")

    def __init__(self, tree: ScopeTree, kind: ScopeKind, node: Node, parent: Scope | None) -> None:
        self._tree = tree
        self.kind: ScopeKind = kind
        self.node = node
        self.start = node.start_byte >> 1
        self.end = node.end_byte >> 1
        self.parent = parent
        self.children: list[Scope] = []
        self.bindings: dict[str, Binding] = {}
        if parent is not None:
            parent.children.append(self)

    def __repr__(self) -> str:
        return f"<Scope {self.kind} {self.name!r} at {self.span.start}>"

    @property
    def span(self) -> Span:
        """The whole node: function, class, block or script."""
        return self._tree.text.span(self.start, self.end)

    @property
    def hoists_var(self) -> bool:
        """Whether ``var`` and function declarations of the code inside belong here."""
        return self.kind in _VAR_SCOPES

    @property
    def function(self) -> Scope:
        """The innermost function around this scope, or itself; the root at top level."""
        scope = self
        while not scope.hoists_var and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def name(self) -> str:
        """The name by which the function or class goes, empty if it has none.

        Its own, else that of the variable, property or field it is first assigned to.
        """
        if self.kind in ("function", "arrow", "method", "class", "enum", "namespace"):
            return inferred_name(self._tree.text, self.node)
        return ""

    @property
    def function_start(self) -> Position | None:
        """Where V8 says that this function starts (``locations`` in a heap snapshot).

        Seen in V8 11.3 to 15: the opening parenthesis of the parameters; for an arrow
        function its first token, ``async`` included; for a class its constructor's
        parenthesis, or the word ``class`` if it has no constructor of its own; for a module
        or script the start of the text. None for scopes that are no functions.
        """
        offset = self.function_offset
        return None if offset is None else self._tree.text.position(offset)

    @property
    def function_offset(self) -> int | None:
        """:attr:`function_start` as an offset in UTF-16 units."""
        if self.kind in ("module", "script"):
            return 0
        if self.kind == "arrow":
            return self.start
        if self.kind in ("function", "method"):
            parameters = self.node.child_by_field_name("parameters")
            return None if parameters is None else parameters.start_byte >> 1
        if self.kind == "class":
            constructor = self.constructor
            if constructor is not None:
                return constructor.function_offset
            for child in self.node.children:
                if child.type == "class":
                    return child.start_byte >> 1
        return None

    @property
    def constructor(self) -> Scope | None:
        """The scope of a class's own constructor, None if it has none or is no class."""
        if self.node.type not in CLASS_KINDS:
            return None
        for child in self.children:
            if child.kind == "method" and child.name == "constructor" and not child.is_static:
                return child
        return None

    @property
    def is_static(self) -> bool:
        """Whether the scope is a static method or static block of a class."""
        return self.kind == "static block" or (
            self.kind == "method" and any(c.type == "static" for c in self.node.children)
        )

    def innermost(self, offset: int) -> Scope:
        """The innermost scope, this one or below, at an offset."""
        scope = self
        while scope.children:
            index = bisect_right(scope.children, offset, key=lambda child: child.start) - 1
            if index < 0 or offset >= scope.children[index].end:
                break
            scope = scope.children[index]
        return scope

    def lookup(self, name: str) -> Binding | None:
        """The binding that a name means here, None where the script declares none."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope.bindings.get(name)
            if binding is not None:
                return binding
            scope = scope.parent
        return None


@dataclass(eq=False, slots=True)
class Binding:
    """A declared name.

    Attributes:
        name: The name, escapes resolved.
        kind: How it was declared first.
        scope: Where it belongs, hoisting done.
        offsets: Offsets in UTF-16 units of each identifier that declares it.
    """

    name: str
    kind: BindingKind
    scope: Scope
    _tree: ScopeTree = field(repr=False)
    offsets: list[tuple[int, int]] = field(default_factory=list)

    @property
    def declarations(self) -> tuple[Span, ...]:
        """The identifiers that declare it, in source order."""
        return tuple(self._tree.text.span(*pair) for pair in sorted(self.offsets))

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every use that means this binding, declarations included, in source order."""
        text = self._tree.text
        return tuple(
            Reference(text.span(use.start, use.end), use.access) for use in self._tree.uses(self)
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A member expression ``object.name`` or ``object["name"]``.

    Attributes:
        node: The member expression.
        object: What it is taken from, without wrappers.
    """

    node: Node
    object: Node


@dataclass(frozen=True, slots=True)
class Export:
    """An exported name: offsets of the exported and of the local identifier."""

    exported: tuple[int, int]
    local: tuple[int, int]


class ScopeTree:
    """All scopes of a script and what each of its names means.

    Attributes:
        text: The script's text.
        tree: Its syntax tree, over UTF-16-LE.
        root: The outermost scope.
        scopes: All scopes in pre-order.
        named_uses: For each name its uses, declarations included.
        declared: For the offset of each declaring identifier its binding.
        exports: What ``export`` clauses and declarations name.
        default_export: Node of what ``export default`` exports, None without one.
        ambient: Names that TypeScript's ``declare`` promises: offsets of their identifiers.
        members: Member expressions by property name, as far as they were asked for.
    """

    def __init__(self, text: SourceText, tree: Tree) -> None:
        self.text = text
        self.tree = tree
        self.root = Scope(self, "script", tree.root_node, None)
        self.root.start, self.root.end = 0, len(text.units)
        self.scopes = [self.root]
        self.named_uses: dict[str, list[Use]] = {}
        self.declared: dict[int, Binding] = {}
        self.exports: list[Export] = []
        self.default_export: Node | None = None
        self.ambient: dict[str, list[tuple[int, int]]] = {}
        self.members: dict[str, list[Member]] = {}
        self._climber = Climber(tree.root_node)
        self._resolved: dict[str, dict[Binding | None, list[Use]]] = {}

    def release(self) -> None:
        """Take everything apart; nothing of it can be used afterwards.

        Scopes, bindings and uses point at each other. Taken apart, their memory comes back at
        once and not when Python's garbage collector finds them, which takes it long.
        """
        for scope in self.scopes:
            scope.parent = None
            scope.children.clear()
            scope.bindings.clear()
        for held in (self.scopes, self.named_uses, self.declared, self._resolved, self.members):
            held.clear()
        del self.root

    def uses(self, binding: Binding) -> list[Use]:
        """All uses that mean a binding, in source order."""
        return self._resolve(binding.name).get(binding, [])

    def unresolved(self, name: str) -> list[Use]:
        """All uses of a name that the script does not declare, in source order."""
        return self._resolve(name).get(None, [])

    def _resolve(self, name: str) -> dict[Binding | None, list[Use]]:
        resolved = self._resolved.get(name)
        if resolved is None:
            resolved = {}
            for use in sorted(self.named_uses.get(name, ()), key=lambda use: use.start):
                resolved.setdefault(use.scope.lookup(name), []).append(use)
            self._resolved[name] = resolved
        return resolved

    def node_at(self, offset: int) -> Node | None:
        """The smallest node that covers the unit at an offset."""
        return self._climber.leaf(2 * offset)

    def around(self, node: Node) -> Ancestry:
        """A node and what lies around it."""
        return self._climber.around(node)

    def binding_of(self, identifier: Node) -> Binding | None:
        """What an identifier's node means, None for property names and unknown names."""
        start = identifier.start_byte >> 1
        binding = self.declared.get(start)
        if binding is not None or not identifier.type.endswith(("identifier", "_pattern")):
            return binding
        for found, uses in self._resolve(self.text.name(start, identifier.end_byte >> 1)).items():
            index = bisect_left(uses, start, key=lambda use: use.start)
            if index < len(uses) and uses[index].start == start:
                return found
        return None

    def scope_of(self, node: Node) -> Scope:
        """The innermost scope around the start of a node."""
        return self.root.innermost(node.start_byte >> 1)

    def span_of(self, node: Node) -> Span:
        """The span of a node."""
        return self.text.span(node.start_byte >> 1, node.end_byte >> 1)
