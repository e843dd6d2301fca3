"""How a comment is written above a line, where it is one there."""

from __future__ import annotations

from leakline.attribution.syntax import ScriptSyntax
from leakline.positions import Position

# Between the tags, and in a literal, what looks like a comment is text.
_MARKUP = frozenset({"jsx_text", "jsx_element", "jsx_fragment"})
_TEXT = frozenset(
    {
        "string",
        "string_fragment",
        "template_string",
        "template_literal_type",
        "escape_sequence",
        "regex",
        "regex_pattern",
        "comment",
        "html_comment",
    }
)


def comment_above(syntax: ScriptSyntax, line: int, text: str) -> str | None:
    """A comment to be put into a line of its own above a line.

    Args:
        syntax: The syntax of the text.
        line: The line, from 0.
        text: What the comment says.

    Returns:
        None where a comment would not be one, such as inside of a template literal.
    """
    if line == 0:
        return f"// {text}"
    start = syntax.text.offset(Position(line, 0))
    if start is None:
        return None
    # The line end before it belongs to whatever reaches over it.
    node = syntax._found.node_at(start - 1)  # noqa: SLF001 - no other way to the tree
    if node is None:
        return f"// {text}"
    if node.type in _TEXT:
        ends_there = node.type in ("comment", "html_comment") and node.end_byte >> 1 < start
        return f"// {text}" if ends_there else None
    if node.type in _MARKUP:
        return f"{{/* {text.replace('*/', '* /')} */}}"
    return f"// {text}"
