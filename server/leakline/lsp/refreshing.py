"""Asks the client to ask again, where it can be asked."""

from __future__ import annotations

from leakline.lsp.server import LeaklineServer


def refresh_hints(server: LeaklineServer) -> None:
    """Let the client fetch code lenses and inlay hints anew."""
    workspace = server.client_capabilities.workspace
    if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)
    if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
        server.workspace_inlay_hint_refresh(None)


def refresh_diagnostics(server: LeaklineServer) -> None:
    """Let a client that pulls diagnostics fetch them anew."""
    workspace = server.client_capabilities.workspace
    if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
        server.workspace_diagnostic_refresh(None)
