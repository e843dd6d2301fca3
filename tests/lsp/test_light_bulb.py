"""Where the light bulb offers what can be done with a finding."""

from __future__ import annotations

from pathlib import Path

from lsp import play
from lsp.editor import Editor, open_editor, until

ON_FINDING = [
    "Leakline: Measure growth",
    "Leakline: Measure again to verify `{}`",
    "Leakline: Show the leak trace of `{}`",
    "Leakline: Ignore `{}` here",
    "Leakline: Ignore `{}` in the workspace",
    "Leakline: Capture heap snapshot",
]


async def titles(editor: Editor, name: str, line: int, column: int) -> list[str]:
    """What is offered at a cursor under which the editor has no diagnostic."""
    return [action.title for action in await editor.actions(name, line, column)]


async def test_anywhere_on_the_line_and_on_the_name(workspace: Path) -> None:
    play.record(workspace, "leak")
    wanted = [title.format("responseText") for title in ON_FINDING]
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        finding = await editor.diagnostic("index.js")
        assert await titles(editor, "index.js", 6, 0) == wanted, "before the text"
        assert await titles(editor, "index.js", 6, 49) == wanted, "behind the semicolon"
        assert await titles(editor, "index.js", 6, 55) == wanted, "in the comment"
        assert await titles(editor, "index.js", 1, 6) == wanted, "at the declaration"
        assert await titles(editor, "index.js", 7, 28) == wanted, "where it is read"
        every = await editor.actions("index.js", 6, 49)
        fixes = [action for action in every if action.diagnostics]
        assert {found.data["fingerprint"] for fix in fixes for found in fix.diagnostics or ()} == {
            finding.data["fingerprint"]
        }
        plain = ["Leakline: Measure growth", "Leakline: Capture heap snapshot"]
        assert await titles(editor, "index.js", 11, 20) == plain, "another variable of that name"
        assert await titles(editor, "index.js", 9, 0) == plain
        # What is offered for a diagnostic that was sent comes once.
        sent = await editor.actions("index.js", 6, 49, diagnostics=[finding])
        assert [action.title for action in sent] == wanted


async def test_on_an_imported_name(workspace: Path) -> None:
    play.record(workspace, "cache")
    async with open_editor(workspace) as editor:
        editor.open("user.js")
        await until(lambda: editor.diagnostics("cache.js"))
        found = await titles(editor, "user.js", 4, 10)
        assert "Leakline: Measure again to verify `pageCache`" in found
        assert "Leakline: Ignore `pageCache` in the workspace" in found
        assert "Leakline: Ignore `pageCache` here" not in found, "it stands in another file"


async def test_not_on_what_is_ignored(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        editor.edit(
            "index.js", (6, 0), (6, 0), "// leakline-ignore-next-line growing-variable: fine\n"
        )
        await until(lambda: len(editor.diagnostics("index.js")) == 1)
        assert await titles(editor, "index.js", 7, 49) == [
            "Leakline: Measure growth",
            "Leakline: Capture heap snapshot",
        ]
