"""A mend: edits of one text that take a leak away and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from leakline.attribution.syntax import Scope, ScriptSyntax
from leakline.attribution.syntax.scopes import ScopeTree
from leakline.positions import Span

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_expression",
        "function_declaration",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)


@dataclass(frozen=True, slots=True)
class TextChange:
    """One stretch of the text and what takes its place."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What can be done about a leak.

    Attributes:
        title: In words, for a list of actions.
        why: What the user should know before it is done.
        changes: The edits, none of them touching another.
    """

    title: str
    why: str
    changes: tuple[TextChange, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A parsed text, and how it is written.

    Attributes:
        syntax: The text's scopes.
        tree: Their tree.
        typed: Whether it is TypeScript.
    """

    syntax: ScriptSyntax
    tree: ScopeTree
    typed: bool

    @classmethod
    def of(cls, syntax: ScriptSyntax) -> Code:
        """A script's code."""
        return cls(syntax, syntax._found, syntax.language != "javascript")  # noqa: SLF001

    def text(self, node: Node) -> str:
        """A node's source."""
        return self.tree.text.slice(node.start_byte >> 1, node.end_byte >> 1)

    def replace(self, node: Node, text: str) -> TextChange:
        """Put a text in a node's place."""
        return TextChange(self.tree.span_of(node), text)

    def insert(self, offset: int, text: str) -> TextChange:
        """Put a text at an offset."""
        return TextChange(self.tree.text.span(offset, offset), text)

    def indent_of(self, node: Node) -> str:
        """The white space before a node's line."""
        line = self.line_start(node)
        text = self.tree.text.slice(line, node.start_byte >> 1)
        return text[: len(text) - len(text.lstrip())]

    def line_start(self, node: Node) -> int:
        """Offset of the start of a node's line."""
        before = self.tree.text.slice(0, node.start_byte >> 1)
        end = before.rfind("\n") + 1
        return len(before[:end].encode("utf-16-le", "surrogatepass")) // 2

    @property
    def unit(self) -> str:
        """One step of indentation."""
        for line in self.tree.text.slice(0, 1 << 14).split("\n"):
            indent = line[: len(line) - len(line.lstrip())]
            if indent.startswith("\t"):
                return "\t"
            if len(indent) in (2, 4):
                return indent
        return "  "

    @property
    def line_end(self) -> str:
        """How lines end."""
        return "\r\n" if "\r\n" in self.tree.text.slice(0, 1 << 14) else "\n"

    def function_around(self, node: Node) -> Scope:
        """The innermost function around a node, the root at top level."""
        return self.tree.scope_of(node).function

    def is_free(self, name: str) -> bool:
        """Whether no declaration in the script makes a name."""
        return not any(name in scope.bindings for scope in self.syntax.scopes)


def descendants(node: Node, kind: str) -> list[Node]:
    """All nodes of a kind below a node, in source order."""
    found = []
    stack = [node]
    while stack:
        here = stack.pop()
        if here.type == kind:
            found.append(here)
        stack.extend(reversed(here.children))
    return found
