"""Puts a server together."""

from __future__ import annotations

from leakline.lsp import (
    actions,
    document_links,
    heap_explorer,
    hover,
    inlay_hints,
    lenses,
    lifecycle,
    listing,
    measuring,
    source_content,
    summary,
    trace_view,
)
from leakline.lsp.diagnostics import DiagnosticsPublisher
from leakline.lsp.heap_profiles import HeapProfiles
from leakline.lsp.names import NameFinder
from leakline.lsp.recordings import RecordingLoader
from leakline.lsp.refreshing import refresh_hints
from leakline.lsp.server import LeaklineServer
from leakline.lsp.status import StatusBar


def create_server() -> LeaklineServer:
    """A server with all its features, for one client."""
    server = LeaklineServer()
    status = StatusBar(server)

    def on_ignored() -> None:
        status.settle()
        refresh_hints(server)

    publisher = DiagnosticsPublisher(server, on_ignored)
    profiles = HeapProfiles(server)
    finder = NameFinder(server)
    loader = RecordingLoader(server, publisher, status, profiles, finder)
    lifecycle.register(server, publisher, loader)
    hover.register(server, finder)
    lenses.register(server, profiles)
    inlay_hints.register(server)
    source_content.register(server)
    actions.register(server, finder)
    trace_view.register(server)
    document_links.register(server)
    measuring.register(server, measuring.Measuring(server, loader, status))
    summary.register(server)
    heap_explorer.register(server)
    listing.register(server)
    return server
