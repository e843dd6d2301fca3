"""Code lenses over the declarations of leak roots: size and growth."""

from __future__ import annotations

from lsprotocol import types

from leakline.leaks.model import Finding
from leakline.lsp.describing import figures
from leakline.lsp.heap_profiles import HeapProfiles
from leakline.lsp.server import LeaklineServer
from leakline.lsp.trace_view import SHOW_TRACE


def register(server: LeaklineServer, profiles: HeapProfiles) -> None:
    """Offer the lenses."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = server.documents.get(params.text_document.uri)
        if document is None or document.key is None:
            return []
        lenses = profiles.lenses(document)
        for finding in server.known.declared_in(document.key):
            if finding in server.ignored:
                continue
            place = server.places.find(finding.declaration)
            if place is not None and not place.gone and not place.is_whole_file:
                lenses.append(types.CodeLens(range=place.range, command=_command(finding)))
        return lenses


def _command(finding: Finding) -> types.Command:
    return types.Command(
        title=figures(finding),
        command=SHOW_TRACE,
        tooltip="show the leak trace",
        arguments=[{"fingerprint": finding.fingerprint}],
    )
