"""Gives the texts of sources that are no files on this machine."""

from __future__ import annotations

from lsprotocol import types

from leakline.errors import UsageError
from leakline.lsp.protocol import OWN_METHODS, Json, RequestFailed, as_object
from leakline.lsp.server import LeaklineServer


def register(server: LeaklineServer) -> None:
    """Offer LSP's request, and one of our own with the same answer."""

    @server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        return types.TextDocumentContentResult(text=_text(server, params.uri))

    @server.feature(OWN_METHODS + "sourceContent")
    def source_content(params: Json) -> dict[str, Json]:
        return {"text": _text(server, as_object(params).get("uri"))}


def _text(server: LeaklineServer, uri: object) -> str:
    text = server.sources.text(uri) if isinstance(uri, str) else None
    if text is None:
        error = UsageError(f"there is no text for {uri} any more", "measure again")
        raise RequestFailed(error) from error
    return text


def can_open(capabilities: types.ClientCapabilities) -> bool:
    """Whether a client can show what is no file: it has one of the two requests.

    A client with the second says so by ``experimental: {"leakline": {"sourceContent": true}}``.
    """
    workspace = capabilities.workspace
    if workspace is not None and workspace.text_document_content is not None:
        return True
    experimental = as_object(capabilities.experimental)
    return as_object(experimental.get("leakline")).get("sourceContent") is True
