"""Gives the texts of sources that are no files on this machine, and of leak traces."""

from __future__ import annotations

from lsprotocol import types

from leakline.errors import UsageError
from leakline.lsp.protocol import RequestFailed
from leakline.lsp.server import LeaklineServer
from leakline.lsp.trace_view import trace_text


def register(server: LeaklineServer) -> None:
    """Offer LSP's request."""

    @server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        uri = params.uri
        text = server.sources.text(uri)
        if text is None:
            text = trace_text(server, uri)
        if text is None:
            error = UsageError(f"there is no text for {uri} any more", "measure again")
            raise RequestFailed(error) from error
        return types.TextDocumentContentResult(text=text)


def can_open(capabilities: types.ClientCapabilities) -> bool:
    """Whether a client can show what is no file."""
    workspace = capabilities.workspace
    return workspace is not None and workspace.text_document_content is not None
