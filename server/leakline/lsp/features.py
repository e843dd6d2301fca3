"""Puts a server together."""

from __future__ import annotations

from leakline.lsp import actions, hover, lenses, lifecycle, measuring, summary
from leakline.lsp.diagnostics import DiagnosticsPublisher
from leakline.lsp.recordings import RecordingLoader
from leakline.lsp.server import LeaklineServer
from leakline.lsp.status import StatusBar


def create_server() -> LeaklineServer:
    """A server with all its features, for one client."""
    server = LeaklineServer()
    publisher = DiagnosticsPublisher(server)
    status = StatusBar(server)
    loader = RecordingLoader(server, publisher, status)
    lifecycle.register(server, publisher, loader)
    hover.register(server)
    lenses.register(server)
    actions.register(server)
    measuring.register(server, measuring.Measuring(server, loader, status))
    summary.register(server)
    return server
