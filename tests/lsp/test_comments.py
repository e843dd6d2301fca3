"""Where a comment above a line is one, and how it is written there."""

from __future__ import annotations

import pytest

from leakline.attribution.syntax import LanguageName, analyze_script
from leakline.lsp.comments import comment_above
from leakline.pipeline.ignoring import MARK, is_ignored_above

SAYS = f"{MARK} growing-variable: why"


def comment(text: str, marked: str, language: LanguageName = "javascript") -> str | None:
    syntax = analyze_script(text, language, line_ends="editor")
    return comment_above(syntax, text[: text.index(marked)].count("\n"), SAYS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("HERE;\n", "javascript"),
        ("f(\n  HERE,\n);\n", "javascript"),
        ("// a comment\nHERE;\n", "javascript"),
        ("/* a\ncomment */\nHERE;\n", "javascript"),
        ("`${\n  HERE\n}`;\n", "javascript"),
        ("const a = <b\n  c={HERE}\n/>;\n", "javascript"),
        ("const a = (\n  <b>\n    {f(\n      HERE\n    )}\n  </b>\n);\n", "javascript"),
        ("type A = {\n  HERE: string;\n};\n", "typescript"),
    ],
)
def test_in_code_it_is_an_ordinary_one(text: str, language: LanguageName) -> None:
    assert comment(text, "HERE", language) == f"// {SAYS}"


@pytest.mark.parametrize("language", ["javascript", "tsx"])
def test_between_tags_it_is_one_in_braces_and_is_respected(language: LanguageName) -> None:
    text = "const a = (\n  <ul>\n    {HERE}\n  </ul>\n);\n"
    written = comment(text, "HERE", language)
    assert written == f"{{/* {SAYS} */}}"
    lines = text.split("\n")
    lines.insert(2, f"    {written}")
    assert is_ignored_above("growing-variable", lines, 3)
    assert not is_ignored_above("sliced-string", lines, 3)
    again = analyze_script("\n".join(lines), language)
    assert again.binding_at is not None
    assert not again._found.tree.root_node.has_error


@pytest.mark.parametrize(
    "text",
    ["x = `a\n${HERE}`;\n", "x = `\nHERE`;\n", "x = 'a\\\nHERE';\n", "/* a\nHERE */\n"],
)
def test_inside_of_a_text_there_is_none(text: str) -> None:
    assert comment(text, "HERE") is None
