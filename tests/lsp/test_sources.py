"""Findings in sources that are no files: every location can be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

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
        own = await editor.request("leakline/sourceContent", uri=uri.replace(".", "%2E"))
        assert own.text == play.INDEX
        summary = await editor.request("leakline/summary")
        assert summary.findings[0].location.uri == uri
        with pytest.raises(JsonRpcException, match="measure again"):
            await editor.request("leakline/sourceContent", uri="leakline-source:/etc/passwd?0")
        with pytest.raises(JsonRpcException, match="measure again"):
            await editor.request("leakline/sourceContent", uri="file:///etc/passwd")
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


async def test_a_client_that_cannot_open_them_gets_none(workspace: Path) -> None:
    play.record(workspace, "bundled")
    async with open_editor(workspace, like="neovim") as editor:
        await until(lambda: editor.statuses and editor.statuses[-1].state == "findings")
        assert not editor.client.diagnostics
        summary = await editor.request("leakline/summary")
        assert summary.findings[0].location is None
