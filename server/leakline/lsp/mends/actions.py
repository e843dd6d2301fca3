"""Mends as code actions: edits that the user sees before they are made."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from leakline.attribution.syntax import Binding, ScriptSyntax
from leakline.attribution.syntax.pointing import class_of_field
from leakline.leaks.model import Finding
from leakline.lsp.documents import OpenDocument
from leakline.lsp.mends.bounded_map import bound_field, bound_variable
from leakline.lsp.mends.importers import Uses, uses_elsewhere
from leakline.lsp.mends.listeners import listener_mends
from leakline.lsp.mends.model import Code, Mend
from leakline.lsp.places import Place, to_range
from leakline.lsp.pointed_at import PointedAt
from leakline.lsp.server import LeaklineServer

_ANNOTATION = "leakline-mend"
# Measuring again with as many requests as before must be able to tell that it grows no more.
_FEWEST_ENTRIES, _MOST_ENTRIES, _ENTRIES = 10, 1000, 100


async def mend_actions(
    server: LeaklineServer,
    document: OpenDocument,
    syntax: ScriptSyntax,
    about: PointedAt,
) -> list[types.CodeAction]:
    """The mends of a finding that lie in one text.

    Args:
        server: The server.
        document: The text.
        syntax: Its syntax.
        about: The finding.
    """
    code = Code.of(syntax)
    version = document.version
    mends = await _mends(server, document, code, about.finding)
    if document.version != version:
        return []
    return [
        types.CodeAction(
            title=f"Leakline: {mend.title}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=about.diagnostics,
            edit=_edit(server, document, mend),
        )
        for mend in mends
    ]


async def _mends(
    server: LeaklineServer, document: OpenDocument, code: Code, finding: Finding
) -> list[Mend]:
    found: list[Mend] = []
    placed = [server.places.find(at) for at in (finding.location, finding.declaration)]
    growth, declared = (_in(document, place) for place in placed)
    if declared is not None:
        name = finding.root.partition(" in ")[0]
        limit = _limit(finding)
        binding = code.syntax.binding_at(declared.span.start)
        mend = None
        if "." not in name:
            if binding is not None and binding.name == name:
                elsewhere = await _uses_elsewhere(server, document, code, binding)
                mend = bound_variable(code, binding, limit, elsewhere)
        else:
            owner = class_of_field(code.syntax, declared.span.start)
            if owner is not None:
                mend = bound_field(code, owner, name.rpartition(".")[2], limit)
        if mend is not None:
            found.append(mend)
    for place in (growth, declared):
        listening = [] if place is None else listener_mends(code, place.span.start)
        if listening:
            return [*found, *listening]
    return found


async def _uses_elsewhere(
    server: LeaklineServer, document: OpenDocument, code: Code, binding: Binding
) -> Uses | None:
    """What other files do with a variable; None where that is not known."""
    names = [name for name, meant in code.syntax.exports.items() if meant is binding]
    if not names or document.path is None or "new Map" not in document.text:
        return None
    opened = {each.key: each.text for each in server.documents if each.key is not None}
    return await server.syntaxes.beside(
        uses_elsewhere, server.folders, Path(document.path), names, opened
    )


def _in(document: OpenDocument, place: Place | None) -> Place | None:
    if place is None or place.gone or place.changed or place.key != document.key:
        return None
    return place


def _limit(finding: Finding) -> int:
    """As many entries as there were after the first round."""
    count = finding.series[0].element_count
    return _ENTRIES if count is None else max(_FEWEST_ENTRIES, min(_MOST_ENTRIES, count))


def _edit(server: LeaklineServer, document: OpenDocument, mend: Mend) -> types.WorkspaceEdit:
    changes = sorted(mend.changes, key=lambda change: change.span)
    workspace = server.client_capabilities.workspace
    can = workspace and workspace.workspace_edit
    plain = [types.TextEdit(to_range(each.span), each.text) for each in changes]
    if not can or not can.document_changes:
        return types.WorkspaceEdit(changes={document.uri: plain})
    name = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    if can.change_annotation_support is None:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(name, list(plain))])
    annotated = [types.AnnotatedTextEdit(_ANNOTATION, edit.range, edit.new_text) for edit in plain]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(name, list(annotated))],
        change_annotations={
            _ANNOTATION: types.ChangeAnnotation(
                label=mend.title, needs_confirmation=True, description=mend.why
            )
        },
    )
