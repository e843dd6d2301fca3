"""What a script's original names and places are."""

from __future__ import annotations

import pytest

from leakline.attribution.scripts import Script, SourceFile
from leakline.positions import Position, Span

TEXT = 'import { a } from "b";\nconst größe = 1;\r\n  this.#hits = "😀", $cache = 2;\n'


def source(text: str | None = TEXT) -> SourceFile:
    return SourceFile("file:///a.js", "a.js", "/a.js", text, lambda line: line)


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [(0, 9, "a"), (1, 6, "größe"), (2, 7, "#hits"), (2, 21, "$cache")],
)
def test_the_identifier_at_a_place(line: int, column: int, name: str) -> None:
    found = source().identifier_at(Position(line, column))
    assert found == (name, Span(Position(line, column), Position(line, column + len(name))))


@pytest.mark.parametrize(("line", "column"), [(0, 0), (0, 18), (1, 0), (9, 0), (2, 900)])
def test_a_keyword_a_string_and_nothing_are_no_identifiers(line: int, column: int) -> None:
    assert source().identifier_at(Position(line, column)) is None


def test_without_a_text_there_are_no_identifiers() -> None:
    assert source(None).identifier_at(Position(0, 0)) is None


@pytest.mark.parametrize(
    ("url", "is_users"),
    [
        ("file:///app/server.mjs", True),
        ("http://127.0.0.1:8787/app.js", True),
        ("index.js", True),
        ("node:internal/timers", False),
        ("node-internal:internal_buffer", False),
        ("workerd:per-isolate/main", False),
        ("ext:core/01_core.js", False),
        ("", False),
    ],
)
def test_scripts_of_the_runtime_are_not_the_users(url: str, *, is_users: bool) -> None:
    script = Script(1, url, lambda: None, lambda: None)
    assert script.is_users is is_users
