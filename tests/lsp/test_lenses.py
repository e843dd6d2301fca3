"""Code lenses over declarations."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from lsp import play
from lsp.editor import open_editor

SHOWS_FILES = types.ClientCapabilities(
    window=types.WindowClientCapabilities(
        show_document=types.ShowDocumentClientCapabilities(support=True)
    )
)
SHOWS_TEXTS = types.ClientCapabilities(
    window=SHOWS_FILES.window,
    workspace=types.WorkspaceClientCapabilities(
        text_document_content=types.TextDocumentContentClientCapabilities()
    ),
)


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
    async with open_editor(workspace, capabilities=SHOWS_TEXTS) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        lens = next(iter(await editor.lenses("index.js")))
        text = await editor.run(lens.command)
        assert text == (
            "global `responseText` (10.0 kB, +25 B/request): GC roots → "
            "context of module index.js → variable `responseText` → string [not](a link)"
        )
        # VS Code shows documents: this one is read-only, with links to each line.
        (shown,) = editor.client.shown_documents
        content = await editor.client.workspace_text_document_content_async(
            types.TextDocumentContentParams(shown.uri)
        )
        assert content.text.startswith("# global `responseText` grows per request: +25 B/request")
        assert f"[index.js:7]({editor.uri('index.js')}#L7)" in content.text
        assert "tok-8843" not in content.text
        assert editor.messages() == []


async def test_a_client_that_opens_files_only_gets_the_trace_as_one(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace, capabilities=SHOWS_FILES) as editor:
        editor.open("index.js")
        finding = await editor.diagnostic("index.js")
        (action,) = [
            action
            for action in await editor.actions("index.js", 6, diagnostics=[finding])
            if "leak trace" in action.title
        ]
        await editor.run(action.command)
        (shown,) = editor.client.shown_documents
        path = Path(to_fs_path(shown.uri) or "")
        assert path.name == "responseText.md"
        name = str(path.relative_to(workspace))
        editor.open(name)
        links = await editor.client.text_document_document_link_async(
            types.DocumentLinkParams(types.TextDocumentIdentifier(shown.uri))
        )
        assert f"{editor.uri('index.js')}#L7" in [link.target for link in links or []]


async def test_a_client_that_shows_no_documents_gets_a_message(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace, capabilities=types.ClientCapabilities()) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        lens = next(iter(await editor.lenses("index.js")))
        text = await editor.run(lens.command)
        assert editor.messages() == [text]


async def test_places_in_a_report_are_links(workspace: Path) -> None:
    report = (
        "index.js:7:5: warning: global `responseText` grows per request [growing-variable]\n"
        "      = declared at index.js:2:5\n"
        "    ▌ variable `\N{DECIDUOUS TREE}` -> string  index.js:2:5\n"
        "nowhere.js:1:1: warning: leaks at 12:30:10\n"
    )
    (workspace / "report.txt").write_text(report, "utf-8")
    async with open_editor(workspace) as editor:
        editor.open("report.txt")
        editor.open("index.js")

        async def links(name: str) -> list[tuple[int, int, int, str | None]]:
            found = await editor.client.text_document_document_link_async(
                types.DocumentLinkParams(types.TextDocumentIdentifier(editor.uri(name)))
            )
            return [
                (
                    link.range.start.line,
                    link.range.start.character,
                    link.range.end.character,
                    link.target,
                )
                for link in found or []
            ]

        file = editor.uri("index.js")
        assert await links("report.txt") == [
            (0, 0, 12, f"{file}#L7,5"),
            (1, 20, 32, f"{file}#L2,5"),
            (2, 31, 43, f"{file}#L2,5"),
        ]
        assert await links("index.js") == []


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
