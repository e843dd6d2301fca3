"""One script, and stacks of calls of its functions, written by their names."""

from __future__ import annotations

from leakline.attribution.scripts import Script, Scripts, SourceFile
from leakline.attribution.stacks import Call, Stack
from leakline.attribution.syntax import ScriptSyntax
from leakline.positions import Position, Span

SCRIPT = 7


class Files:
    """Every script is a file of the workspace, but for packages elsewhere."""

    def find(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        path = None if url.startswith("https:") else url.removeprefix("file://")
        return SourceFile(url, spelling, path, content, lambda line: line)


def scripts_of(*texts: tuple[str, str]) -> Scripts:
    """Scripts by URL and text; their ids count from ``SCRIPT``."""

    def script(number: int, url: str, text: str) -> Script:
        return Script(number, url, lambda: text, lambda: None)

    numbered = [script(SCRIPT + i, *each) for i, each in enumerate(texts)]
    return Scripts({each.id: each for each in numbered}, Files())


def span_of(text: str, expression: str) -> Span:
    """Where an expression stands in a text of which it is a part once, in one line."""
    assert text.count(expression) == 1
    before = text[: text.index(expression)]
    start = Position(before.count("\n"), len(before) - (before.rfind("\n") + 1))
    return Span(start, Position(start.line, start.column + len(expression)))


def stack(
    scripts: Scripts, calls: str, size: int, *, adds: bool = False, called: str = ""
) -> Stack:
    """A stack such as ``keep < 8:handle``: names, innermost first, with their script's id.

    Args:
        scripts: The scripts; ``SCRIPT`` where a name has no id.
        calls: The names.
        size: Bytes.
        adds: Whether it is the room of a container.
        called: What the innermost function called, as ``push``.
    """
    found: list[Call] = []
    for each in calls.split(" < "):
        number, _, name = each.rpartition(":")
        script_id = int(number or SCRIPT)
        syntax = scripts.syntax(script_id)
        assert syntax is not None
        found.append(Call((script_id, _start(syntax, name)), called))
        called = name
    return Stack(tuple(found), size, adds)


def _start(syntax: ScriptSyntax, name: str) -> Position:
    (scope,) = [scope for scope in syntax.scopes if scope.name == name and scope.function_start]
    assert scope.function_start is not None
    return scope.function_start
