"""Hover on the name of a leak root."""

from __future__ import annotations

from lsprotocol import types

from leakline.lsp.describing import hover_text
from leakline.lsp.names import Name, NameFinder
from leakline.lsp.places import from_position, to_range
from leakline.lsp.server import LeaklineServer


def register(server: LeaklineServer, finder: NameFinder) -> None:
    """Offer the hover."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.documents.get(params.text_document.uri)
        if document is None:
            return None
        name = await finder.at(document, from_position(params.position))
        return None if name is None else _hover(server, document.uri, name)


def _hover(server: LeaklineServer, uri: str, name: Name) -> types.Hover | None:
    findings = [finding for finding in name.findings if finding not in server.ignored]
    if not findings:
        return None
    markdown = _shows_markdown(server)
    rule = "\n\n---\n\n" if markdown else "\n\n"
    text = rule.join(
        hover_text(
            finding,
            server.places.find,
            markdown=markdown,
            values=not server.settings_of(server.folder_of(uri)).redact_values,
        )
        for finding in findings
    )
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(contents=types.MarkupContent(kind, text), range=to_range(name.span))


def _shows_markdown(server: LeaklineServer) -> bool:
    text_document = server.client_capabilities.text_document
    formats = text_document and text_document.hover and text_document.hover.content_format
    return bool(formats) and types.MarkupKind.Markdown in (formats or ())
