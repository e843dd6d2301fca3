"""The two code actions, offered in every JavaScript and TypeScript file.

Their kind decides where clients show them. VS Code leaves ``source.*`` out of the lightbulb,
and lists ``refactor.*`` under its Refactor menu too, where measuring has no business. So on an
ordinary line they have the empty kind: every lightbulb and every list of all actions shows
them (VS Code under "More Actions…"), and no request for a certain kind does, on-save actions
included. On a line with one of our diagnostics, measuring again is how one finds out whether
it still holds: there it is a quick fix.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from leakline.lsp.diagnostics import SOURCE
from leakline.lsp.server import LeaklineServer

MEASURE = "leakline.measure"
CAPTURE = "leakline.capture"

_TITLES = {
    MEASURE: "Leakline: Measure growth",
    CAPTURE: "Leakline: Capture heap snapshot",
}


def register(server: LeaklineServer) -> None:
    """Offer the code actions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.Empty]
        ),
    )
    def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        ours = [d for d in params.context.diagnostics if d.source == SOURCE]
        uri = params.text_document.uri
        if ours:
            kind = types.CodeActionKind.QuickFix
            actions = [_action(MEASURE, uri, kind, ours)]
            if not params.context.only:
                actions.append(_action(CAPTURE, uri, types.CodeActionKind.Empty, []))
        else:
            kind = types.CodeActionKind.Empty
            actions = [_action(command, uri, kind, []) for command in _TITLES]
        return [action for action in actions if _wanted(action, params.context.only)]


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
