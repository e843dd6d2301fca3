"""Findings in sources that are no files: every location can be opened, by any client."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from lsp import play
from lsp.editor import open_editor, until

LSP_318 = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
    ),
    workspace=types.WorkspaceClientCapabilities(
        text_document_content=types.TextDocumentContentClientCapabilities()
    ),
)


async def test_a_client_that_opens_them_gets_locations_in_them(workspace: Path) -> None:
    play.record(workspace, "bundled")
    async with open_editor(workspace, capabilities=LSP_318) as editor:
        await until(lambda: editor.client.diagnostics)
        ((uri, (found,)),) = editor.client.diagnostics.items()
        assert uri.startswith("leakline-source:/src/index.js?")
        assert found.range.start == types.Position(6, 4)
        related = [
            (item.location.uri, item.location.range.start.line)
            for item in found.related_information or []
        ]
        assert related == [(uri, 1), (uri, 1)]
        content = await editor.client.workspace_text_document_content_async(
            types.TextDocumentContentParams(uri)
        )
        assert content.text == play.INDEX
        # VS Code escapes more in a URI than Python does.
        escaped = await editor.client.workspace_text_document_content_async(
            types.TextDocumentContentParams(uri.replace(".", "%2E"))
        )
        assert escaped.text == play.INDEX
        summary = await editor.request("leakline/summary")
        assert summary.findings[0].location.uri == uri
        for other in ("leakline-source:/etc/passwd?0", "file:///etc/passwd"):
            with pytest.raises(JsonRpcException, match="measure again"):
                await editor.client.workspace_text_document_content_async(
                    types.TextDocumentContentParams(other)
                )
        # Opened, it is a document like any other.
        editor.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(uri, "javascript", 1, content.text)
            )
        )
        hover = await editor.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(6, 6))
        )
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert f"[index.js:7]({uri}#L7)" in hover.contents.value
        play.record(workspace, "mended")
        await until(lambda: not editor.client.diagnostics[uri])


async def test_a_client_that_opens_files_only_gets_read_only_ones(workspace: Path) -> None:
    play.record(workspace, "bundled")
    async with open_editor(workspace, like="neovim") as editor:
        await until(lambda: editor.client.diagnostics)
        ((uri, (found,)),) = editor.client.diagnostics.items()
        path = Path(to_fs_path(uri) or "")
        assert path.is_relative_to(workspace / ".leakline/sources")
        assert path.name == "index.js"
        name = str(path.relative_to(workspace))
        assert (workspace / name).read_text("utf-8") == play.INDEX
        assert stat.S_IMODE((workspace / name).stat().st_mode) == 0o400
        assert (workspace / ".leakline/.gitignore").read_text() == "*\n"
        assert found.range.start == types.Position(6, 4)
        editor.open(name)
        assert "`responseText`" in (await editor.hover(name, 6, 6) or "")
        # A comment in a copy would ignore nothing.
        titles = [action.title for action in await editor.actions(name, 6, diagnostics=[found])]
        assert "Leakline: Ignore `responseText` in the workspace" in titles
        assert "Leakline: Ignore `responseText` here" not in titles
        # It stays while another program is measured.
        play.record(workspace, "cache", title="another")
        await until(lambda: editor.diagnostics("cache.js"))
        await until(path.exists)
        play.record(workspace, "mended")
        await until(lambda: not editor.diagnostics(name))
        await until(lambda: not path.exists())


async def test_a_link_that_waits_in_the_folder_is_not_followed(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (workspace / ".leakline").mkdir()
    (workspace / ".leakline/sources").symlink_to(elsewhere)
    play.record(workspace, "bundled")
    async with open_editor(workspace, like="neovim") as editor:
        await until(lambda: editor.statuses and editor.statuses[-1].state == "findings")
        assert not editor.client.diagnostics
        assert list(elsewhere.iterdir()) == []
