"""Pull diagnostics, for clients that ask for diagnostics and take none unasked."""

from __future__ import annotations

from lsprotocol import types

from leakline.config.project import FILE_NAME
from leakline.lsp.diagnostics import DiagnosticsPublisher
from leakline.lsp.protocol import as_object
from leakline.lsp.server import LeaklineServer


def wants_to_pull(params: types.InitializeParams) -> bool:
    """Whether a client wants to ask.

    It does when it knows how to and takes no published ones, or when it says so by
    ``initializationOptions: {"diagnostics": "pull"}``.
    """
    text_document = params.capabilities.text_document
    if text_document is None or text_document.diagnostic is None:
        return False
    said = as_object(params.initialization_options).get("diagnostics")
    return said == "pull" or text_document.publish_diagnostics is None


def register(server: LeaklineServer, publisher: DiagnosticsPublisher) -> None:
    """Answer the two requests. Call it while the client's ``initialize`` is handled."""

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True),
    )
    def of_document(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport:
        return types.RelatedFullDocumentDiagnosticReport(_items(params.text_document.uri))

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    def of_workspace(
        _params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        reports = []
        projects = (
            server.projects.uri_of(folder)
            for folder in server.folders
            if server.projects.diagnostics(folder)
        )
        for uri in [*publisher.uris(), *projects]:
            document = server.documents.get(uri)
            version = None if document is None else document.version
            reports.append(
                types.WorkspaceFullDocumentDiagnosticReport(
                    uri=uri, items=_items(uri), version=version
                )
            )
        return types.WorkspaceDiagnosticReport(reports)

    def _items(uri: str) -> list[types.Diagnostic]:
        if uri.endswith("/" + FILE_NAME):
            for folder in server.folders:
                if server.projects.uri_of(folder) == uri:
                    return server.projects.diagnostics(folder)
        return publisher.pulled(uri)
