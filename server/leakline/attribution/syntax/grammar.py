"""The tree-sitter grammars: which one a file needs, the parse, the kinds of node."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Tree, TreeCursor

LanguageName = Literal["javascript", "typescript", "tsx"]

_BY_SUFFIX: dict[str, LanguageName] = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".es": "javascript",
    ".es6": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}

#: Nodes whose own scope a function's ``this`` and ``var`` belong to.
FUNCTION_KINDS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "arrow_function",
        "method_definition",
    }
)
CLASS_KINDS = frozenset({"class", "class_declaration", "abstract_class_declaration"})

#: Syntax that leaves no code behind: never looked into, so type names are no value names.
TYPE_ONLY_KINDS = frozenset(
    {
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "type_alias_declaration",
        "interface_declaration",
        "implements_clause",
        "extends_type_clause",
        "ambient_declaration",
        "function_signature",
        "method_signature",
        "abstract_method_signature",
        "index_signature",
        "construct_signature",
        "call_signature",
        "type_predicate_annotation",
        "type_predicate",
        "asserts_annotation",
        "asserts",
        "type_query",
        "nested_type_identifier",
        "generic_type",
        "function_type",
        "constructor_type",
        "object_type",
        "union_type",
        "intersection_type",
        "array_type",
        "tuple_type",
        "conditional_type",
        "literal_type",
        "lookup_type",
        "template_literal_type",
        "parenthesized_type",
        "readonly_type",
        "index_type_query",
        "infer_type",
        "optional_type",
        "rest_type",
    }
)


_PIECE = 1 << 13


def language_for(path_or_url: str) -> LanguageName | None:
    """The grammar for a file by the ending of its path or URL, None if it is no script."""
    path = path_or_url
    if "://" in path:
        try:
            path = urlsplit(path).path
        except ValueError:
            return None
    return _BY_SUFFIX.get(PurePosixPath(path.replace("\\", "/")).suffix.lower())


@cache
def language(name: LanguageName) -> Language:
    """The grammar of this name, loaded once."""
    if name == "typescript":
        return Language(tree_sitter_typescript.language_typescript())
    if name == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_javascript.language())


def parse(encoded: bytes, name: LanguageName) -> Tree:
    """The syntax tree of a text in UTF-16-LE; broken text gives a tree with error nodes.

    The parser asks for the text piece by piece: only then do other threads have their turn.
    """

    def read(offset: int, _point: object) -> bytes:
        return encoded[offset : offset + _PIECE]

    return Parser(language(name)).parse(read, encoding="utf16le")


class Ancestry:
    """A node and what lies around it, from the inside out.

    ``Node.parent`` walks down from the root each time, so that a climb would be quadratic in
    the depth. Here the nearest nodes are handed in, and only who asks for more pays for one
    walk down.
    """

    __slots__ = ("_cursor", "_nodes", "_root", "_top")

    def __init__(self, root: Node, nearest: list[Node]) -> None:
        self._root = root
        self._nodes = nearest
        self._cursor: TreeCursor | None = None
        self._top = False

    def __getitem__(self, steps: int) -> Node | None:
        """The node this many steps outwards, None beyond the root."""
        nodes = self._nodes
        if steps < len(nodes):
            return nodes[steps]
        if self._cursor is None:
            self._cursor = self._root.walk()
            descend(self._cursor, nodes[-1])
        while len(nodes) <= steps and not self._top:
            if not self._cursor.goto_parent():
                self._top = True
                break
            node = self._cursor.node
            if node is not None:
                nodes.append(node)
        return nodes[steps] if steps < len(nodes) else None


class Climber:
    """Finds what lies around nodes, fastest for nodes that follow each other.

    Args:
        root: The tree's root.
    """

    _NEAREST = 12

    def __init__(self, root: Node) -> None:
        self._root = root
        self._cursor = root.walk()

    def leaf(self, byte: int) -> Node | None:
        """The smallest node that covers a byte."""
        cursor = self._cursor
        here = cursor.node
        while here is not None and not here.start_byte <= byte < here.end_byte:
            if not cursor.goto_parent():
                break
            here = cursor.node
        while cursor.goto_first_child_for_byte(byte) is not None:
            inner = cursor.node
            if inner is None or inner.start_byte > byte:
                cursor.goto_parent()
                break
            here = inner
        return here

    def around(self, node: Node) -> Ancestry:
        """The node and what lies around it."""
        cursor = self._cursor
        start, end = node.start_byte, node.end_byte
        here = cursor.node
        while here is not None and not (here.start_byte <= start and end <= here.end_byte):
            if not cursor.goto_parent():
                break
            here = cursor.node
        # The cursor may stand on a node inside the wanted one that has the same range.
        while here is not None and (here.start_byte, here.end_byte) == (start, end):
            if not cursor.goto_parent():
                break
            here = cursor.node
        descend(cursor, node)
        nodes = [node]
        while len(nodes) < self._NEAREST and cursor.goto_parent():
            outer = cursor.node
            if outer is not None:
                nodes.append(outer)
        return Ancestry(self._root, nodes)


def descend(cursor: TreeCursor, node: Node) -> None:
    """Move a cursor from a node down to one inside it."""
    start = node.start_byte
    while cursor.node != node:
        if cursor.goto_first_child_for_byte(start) is None:
            break
