"""Parsing in pieces gives what parsing at once does."""

from __future__ import annotations

import pytest
from tree_sitter import Parser

from leakline.attribution.syntax.grammar import language, parse

LINES = 'const a\N{PILE OF POO}b = "\N{PILE OF POO}\N{PILE OF POO}e\N{COMBINING ACUTE ACCENT}";\n'


@pytest.mark.parametrize("shift", range(5))
def test_wherever_a_piece_ends(shift: int) -> None:
    text = "x" * shift + LINES * 1000 + "f(`open ${"
    encoded = text.encode("utf-16-le")
    whole = Parser(language("javascript")).parse(encoded, encoding="utf16le")
    assert str(parse(encoded, "javascript").root_node) == str(whole.root_node)
