"""Code lenses over declarations."""

from __future__ import annotations

from pathlib import Path

from lsp import play
from lsp.editor import open_editor


async def test_a_lens_tells_size_and_growth_and_follows_the_declaration(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        titles = {
            lens.range.start.line: lens.command.title
            for lens in await editor.lenses("index.js")
            if lens.command is not None
        }
        assert titles == {1: "10.0 kB, +25 B/request", 2: "2.0 MB"}
        editor.edit("index.js", (0, 0), (0, 0), "\n")
        lines = [lens.range.start.line for lens in await editor.lenses("index.js")]
        assert lines == [2, 3]
        editor.edit("index.js", (2, 0), (3, 0), "")
        lines = [lens.range.start.line for lens in await editor.lenses("index.js")]
        assert lines == [2], "the declaration is gone"


async def test_a_click_shows_the_leak_trace(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        lens = next(iter(await editor.lenses("index.js")))
        text = await editor.run(lens.command)
        assert text == (
            "global `responseText` (10.0 kB, +25 B/request): GC roots → "
            "context of module index.js → variable `responseText` → string [not](a link)"
        )
        assert editor.messages() == [text]


async def test_a_click_on_a_lens_that_is_out_of_date_fails_nothing(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        lens = next(iter(await editor.lenses("index.js")))
        await editor.request("leakline/measure", url="http://play/mended")
        assert await editor.run(lens.command) is None
        assert editor.messages() == ["this finding has gone: a newer recording does not have it"]
        assert not await editor.lenses("index.js")
