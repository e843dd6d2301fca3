"""Pull diagnostics and inlay hints: what a client gets that asks."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from lsp import play
from lsp.editor import open_editor, until

PULLING = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        diagnostic=types.DiagnosticClientCapabilities(),
    ),
    workspace=types.WorkspaceClientCapabilities(
        configuration=True,
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
    ),
)


async def test_a_client_that_asks_is_answered_and_sent_nothing(workspace: Path) -> None:
    play.record(workspace, "leak")
    (workspace / ".leakline.toml").write_text("[target]\nport = 1\n")
    async with open_editor(workspace, capabilities=PULLING) as editor:
        editor.open("index.js")
        await until(lambda: editor.statuses and editor.statuses[-1].state == "findings")

        async def pull(name: str) -> list[str]:
            report = await editor.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(types.TextDocumentIdentifier(editor.uri(name)))
            )
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            return [f"{item.range.start.line} {item.code}" for item in report.items]

        assert await pull("index.js") == ["6 growing-variable", "2 large-retained"]
        assert await pull("cache.js") == []
        assert await pull(".leakline.toml") == ["1 configuration"]
        comment = "// leakline-ignore-next-line growing-variable: a test\n"
        editor.edit("index.js", (6, 0), (6, 0), comment)
        assert await pull("index.js") == ["2 large-retained"]
        whole = await editor.client.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams(previous_result_ids=[])
        )
        assert [report.uri for report in whole.items] == [
            editor.uri("index.js"),
            editor.uri(".leakline.toml"),
        ]
        # A later recording: the client is told to ask again.
        before = editor.client.diagnostic_refresh_count
        await editor.request("leakline/measure", url="http://127.0.0.1:1/mended")
        await until(lambda: editor.client.diagnostic_refresh_count > before)
        assert await pull("index.js") == []
        assert not editor.client.diagnostics


async def test_inlay_hints_are_off_until_they_are_asked_for(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")

        async def hints(last: int) -> list[tuple[int, int, object]]:
            found = await editor.client.text_document_inlay_hint_async(
                types.InlayHintParams(
                    types.TextDocumentIdentifier(editor.uri("index.js")),
                    types.Range(types.Position(0, 0), types.Position(last, 0)),
                )
            )
            return [(h.position.line, h.position.character, h.label) for h in found or []]

        assert await hints(10) == []
        editor.client.set_configuration({"leakline": {"inlayHints": True}})
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )
        await editor.request("leakline/measure", url="http://127.0.0.1:1/leak")
        assert await hints(10) == [(1, 16, "10.0 kB, +25 B/request"), (2, 11, "2.0 MB")]
        assert await hints(1) == [(1, 16, "10.0 kB, +25 B/request")]


async def test_each_folder_may_have_settings_of_its_own(workspace: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        play.lay_out(folder)
    settings = {"url": "http://127.0.0.1:1/mended"}
    async with open_editor(workspace, folders=folders, settings=settings) as editor:
        editor.client.set_configuration(
            {"leakline": {"url": "http://127.0.0.1:1/cache"}}, scope_uri=folders[1].as_uri()
        )
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )
        await editor.request("leakline/summary")
        second = await editor.request("leakline/measure", uri=editor.uri("two/cache.js"))
        first = await editor.request("leakline/measure", uri=editor.uri("one/cache.js"))
        assert (first.findings, second.findings) == (0, 2)
