"""Snippets with the expected places marked in them.

``⟦ ⟧`` encloses what is certain, ``⟪ ⟫`` what is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from leakline.attribution.syntax import Binding, GrowthWrite, ScriptSyntax, analyze_script
from leakline.attribution.syntax.grammar import LanguageName
from leakline.positions import Position, Span

_PAIRS = {"⟦": "⟧", "⟪": "⟫"}


@dataclass(frozen=True)
class Marked:
    """A snippet without its markers.

    Attributes:
        text: The source.
        certain: The texts and spans marked ``⟦ ⟧``.
        uncertain: Those marked ``⟪ ⟫``.
    """

    text: str
    certain: list[Span]
    uncertain: list[Span]

    def syntax(self, language: LanguageName = "javascript") -> ScriptSyntax:
        return analyze_script(self.text, language)


def marked(source: str) -> Marked:
    found: dict[str, list[Span]] = {opening: [] for opening in _PAIRS}
    stack: list[tuple[str, Position]] = []
    text = ""
    line = column = 0
    for char in source:
        if char in _PAIRS:
            stack.append((char, Position(line, column)))
        elif char in _PAIRS.values():
            opening, start = stack.pop()
            assert _PAIRS[opening] == char
            found[opening].append(Span(start, Position(line, column)))
        else:
            text += char
            column += 2 if ord(char) > 0xFFFF else 1
            if char == "\n":
                line, column = line + 1, 0
    assert not stack
    return Marked(text, sorted(found["⟦"]), sorted(found["⟪"]))


def piece(syntax: ScriptSyntax, span: Span) -> str:
    start, end = syntax.text.offset(span.start), syntax.text.offset(span.end)
    assert start is not None
    assert end is not None
    return syntax.text.slice(start, end)


def binding(syntax: ScriptSyntax, name: str) -> Binding:
    """The binding of this name in the outermost scope that has one."""
    for scope in syntax.scopes:
        if name in scope.bindings:
            return scope.bindings[name]
    raise AssertionError(f"no binding {name}")


def told(syntax: ScriptSyntax, writes: tuple[GrowthWrite, ...]) -> list[tuple[str, Span, bool]]:
    return sorted((piece(syntax, w.span), w.span, w.certain) for w in writes)


def expected(syntax: ScriptSyntax, source: Marked) -> list[tuple[str, Span, bool]]:
    return sorted(
        [(piece(syntax, span), span, True) for span in source.certain]
        + [(piece(syntax, span), span, False) for span in source.uncertain]
    )
