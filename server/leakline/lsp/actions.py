"""The code actions: measuring and capturing in every file, and what can be done with a finding.

Their kind decides where clients show them. VS Code leaves ``source.*`` out of the lightbulb,
and lists ``refactor.*`` under its Refactor menu too, where measuring has no business. So on an
ordinary line they have the empty kind: every lightbulb and every list of all actions shows
them (VS Code under "More Actions…"), and no request for a certain kind does, on-save actions
included. On a line with one of our findings, and on its name, measuring again is how one finds
out whether it still holds: there it is a quick fix, and so is ignoring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from leakline.attribution.syntax import ScriptSyntax
from leakline.config.project import FILE_NAME
from leakline.lsp.documents import OpenDocument
from leakline.lsp.ignore_edits import ignore_here, ignore_in_workspace
from leakline.lsp.mends import mend_actions
from leakline.lsp.names import NameFinder
from leakline.lsp.pointed_at import PointedAt, pointed_at
from leakline.lsp.repeating import same_again
from leakline.lsp.server import LeaklineServer
from leakline.lsp.trace_view import SHOW_TRACE

MEASURE = "leakline.measure"
CAPTURE = "leakline.capture"
VERIFY = "leakline.verify"

_TITLES = {
    MEASURE: "Leakline: Measure growth",
    CAPTURE: "Leakline: Capture heap snapshot",
}
_QUICK_FIX = types.CodeActionKind.QuickFix


def register(server: LeaklineServer, finder: NameFinder) -> None:
    """Offer the code actions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[_QUICK_FIX, types.CodeActionKind.Empty]),
    )
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        if uri.endswith("/" + FILE_NAME):
            return []
        document = server.documents.get(uri)
        sent = params.context.diagnostics
        ours = await pointed_at(server, finder, document, params.range, sent)
        if ours:
            shown = [each.shown for each in ours if each.shown is not None]
            actions = [_action(MEASURE, uri, _QUICK_FIX, shown)]
            syntax = None if document is None else await server.syntaxes.of(document)
            for each in ours:
                actions.extend(_on_finding(server, uri, each))
                if document is not None:
                    actions.extend(await _edits(server, document, syntax, each))
            if not params.context.only:
                actions.append(_action(CAPTURE, uri, types.CodeActionKind.Empty, []))
        else:
            kind = types.CodeActionKind.Empty
            actions = [_action(command, uri, kind, []) for command in _TITLES]
        return [action for action in actions if _wanted(action, params.context.only)]


def _on_finding(server: LeaklineServer, uri: str, about: PointedAt) -> Iterator[types.CodeAction]:
    finding = about.finding
    found = server.known.analysis_of(finding.fingerprint)
    again = same_again(None if found is None else found.load)
    commands = {
        f"Leakline: Measure again to verify `{finding.root}`": VERIFY,
        f"Leakline: Show the leak trace of `{finding.root}`": SHOW_TRACE,
    }
    for title, command in commands.items():
        arguments: list[types.LSPAny] = [
            {
                "uri": uri,
                "fingerprint": finding.fingerprint,
                **(again if command == VERIFY else {}),
            }
        ]
        yield types.CodeAction(
            title=title,
            kind=_QUICK_FIX,
            diagnostics=about.diagnostics,
            command=types.Command(title=title, command=command, arguments=arguments),
            data={"fingerprint": finding.fingerprint},
        )


async def _edits(
    server: LeaklineServer, document: OpenDocument, syntax: ScriptSyntax | None, about: PointedAt
) -> list[types.CodeAction]:
    finding = about.finding
    actions = [] if syntax is None else await mend_actions(server, document, syntax, about)
    edits = {
        "here": ignore_here(server, finding, document, syntax),
        "in the workspace": ignore_in_workspace(server, finding),
    }
    for where, edit in edits.items():
        if edit is not None:
            actions.append(
                types.CodeAction(
                    title=f"Leakline: Ignore `{finding.root}` {where}",
                    kind=_QUICK_FIX,
                    diagnostics=about.diagnostics,
                    edit=edit,
                )
            )
    return actions


def _action(
    command: str, uri: str, kind: types.CodeActionKind, diagnostics: list[types.Diagnostic]
) -> types.CodeAction:
    title = _TITLES[command]
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=diagnostics or None,
        command=types.Command(title=title, command=command, arguments=[{"uri": uri}]),
    )


def _wanted(action: types.CodeAction, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether a client that asks for certain kinds wants this one."""
    if not only:
        return True
    kind = str(getattr(action.kind, "value", action.kind))
    wanted = [str(getattr(item, "value", item)) for item in only]
    return any(item in ("", kind) or kind.startswith(f"{item}.") for item in wanted)
