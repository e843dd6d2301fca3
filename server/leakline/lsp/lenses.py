"""Code lenses over the declarations of leak roots: size and growth."""

from __future__ import annotations

from lsprotocol import types

from leakline.leaks.model import Finding
from leakline.lsp.describing import figures, trace_line
from leakline.lsp.heap_profiles import HeapProfiles
from leakline.lsp.protocol import Json
from leakline.lsp.server import LeaklineServer

SHOW_TRACE = "leakline.showTrace"


def register(server: LeaklineServer, profiles: HeapProfiles) -> None:
    """Offer the lenses and the command behind them."""

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
            if place is not None and not place.gone:
                lenses.append(types.CodeLens(range=place.range, command=_command(finding)))
        return lenses

    @server.command(SHOW_TRACE)
    def show_trace(*arguments: Json) -> str | None:
        """Show a finding's leak trace as a message, and return it."""
        finding = server.known.get(str(arguments[0])) if arguments else None
        if finding is None:
            server.tell("this finding has gone: a newer recording does not have it")
            return None
        text = trace_line(finding)
        server.tell(text)
        return text


def _command(finding: Finding) -> types.Command:
    return types.Command(
        title=figures(finding),
        command=SHOW_TRACE,
        tooltip="show the leak trace",
        arguments=[finding.fingerprint],
    )
