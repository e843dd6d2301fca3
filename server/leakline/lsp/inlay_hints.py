"""Inlay hints behind the declarations of leak roots: size and growth. Off by default."""

from __future__ import annotations

from lsprotocol import types

from leakline.lsp.describing import figures, trace_line
from leakline.lsp.server import LeaklineServer


def register(server: LeaklineServer) -> None:
    """Offer the hints."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def inlay_hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        document = server.documents.get(params.text_document.uri)
        if document is None or document.key is None:
            return []
        if not server.settings_of(server.folder_of(document.uri)).inlay_hints:
            return []
        hints = []
        for finding in server.known.declared_in(document.key):
            place = server.places.find(finding.declaration)
            if place is None or place.gone or place.is_whole_file or finding in server.ignored:
                continue
            end = place.range.end
            if params.range.start.line <= end.line <= params.range.end.line:
                hints.append(
                    types.InlayHint(
                        position=end,
                        label=figures(finding),
                        tooltip=trace_line(finding),
                        padding_left=True,
                    )
                )
        return hints
