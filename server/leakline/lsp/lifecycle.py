"""From ``initialize`` to ``shutdown``: settings, open texts, folders, watched files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import from_fs_path

from leakline.config.project import FILE_NAME
from leakline.lsp import pulling
from leakline.lsp.diagnostics import DiagnosticsPublisher
from leakline.lsp.documents import OpenDocument
from leakline.lsp.garbage import LOOKS
from leakline.lsp.quiet import collect_when_quiet
from leakline.lsp.recordings import RecordingLoader, watched_files_registration
from leakline.lsp.refreshing import refresh_hints
from leakline.lsp.server import LeaklineServer
from leakline.lsp.settings import SECTION, Settings, read_settings
from leakline.lsp.source_content import can_open


def register(
    server: LeaklineServer, publisher: DiagnosticsPublisher, loader: RecordingLoader
) -> None:
    """Handle what every conversation has."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        server.initial_settings, server.complaint = read_settings(_section(options), Settings())
        server.settings = server.initial_settings
        server.places.opens_sources = can_open(params.capabilities)
        server.sources.writes_files = not server.places.opens_sources
        server.pulls = pulling.wants_to_pull(params)
        if server.pulls:
            pulling.register(server, publisher)

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        loader.look_at_projects()
        server.background(_start(server, loader))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_params: None) -> None:
        await server.close()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = server.documents.open(params.text_document)
        publisher.publish_in_turn(document)
        _look_at_project(document, loader)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = server.documents.get(params.text_document.uri)
        if document is not None:
            document.apply(params.content_changes, params.text_document.version)
            publisher.publish_soon(document)
            _look_at_project(document, loader)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        document = server.documents.close(params.text_document.uri)
        if document is not None:
            server.places.closed(document)
            server.syntaxes.forget(document)
            publisher.publish_now(document)
            _look_at_project(document, loader)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_folders(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        await _ask_for_settings(server)
        await loader.look()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(_params: types.DidChangeWatchedFilesParams) -> None:
        await loader.look_soon()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if not await _ask_for_settings(server):
            _take_settings(server, [_section(params.settings)], [])
        refresh_hints(server)


def _look_at_project(document: OpenDocument, loader: RecordingLoader) -> None:
    if document.path is not None and Path(document.path).name == FILE_NAME:
        loader.look_at_projects()


async def _start(server: LeaklineServer, loader: RecordingLoader) -> None:
    server.background(collect_when_quiet(server))
    if server.complaint:
        server.tell(server.complaint, types.MessageType.Warning)
    await _ask_for_settings(server)
    await _register_with_client(server)
    await server.worker.warm()
    # Takes a third of a second, which the first measurement should not have to wait for.
    await asyncio.to_thread(import_module, "leakline.capture")
    LOOKS.leave_out()
    await loader.watch()


async def _register_with_client(server: LeaklineServer) -> None:
    workspace = server.client_capabilities.workspace
    registrations = []
    watched = workspace and workspace.did_change_watched_files
    if watched and watched.dynamic_registration:
        registrations.append(watched_files_registration())
    configuration = workspace and workspace.did_change_configuration
    if configuration and configuration.dynamic_registration:
        registrations.append(
            types.Registration(
                id="leakline-settings",
                method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options={"section": SECTION},
            )
        )
    if registrations:
        try:
            await server.client_register_capability_async(types.RegistrationParams(registrations))
        except JsonRpcException as error:
            # The poll finds recordings all the same.
            server.log(f"the client registers nothing: {error}")


async def _ask_for_settings(server: LeaklineServer) -> bool:
    """Ask the client for the settings; whether it can be asked."""
    workspace = server.client_capabilities.workspace
    if not workspace or not workspace.configuration:
        server.configured.set()
        return False
    server.configured.clear()
    folders = server.folders
    items = [types.ConfigurationItem(section=SECTION)]
    items.extend(
        types.ConfigurationItem(scope_uri=from_fs_path(str(folder)), section=SECTION)
        for folder in folders
    )
    try:
        answer = await server.workspace_configuration_async(types.ConfigurationParams(items))
    except JsonRpcException as error:
        server.log(f"the client gives no settings: {error}")
        return True
    finally:
        server.configured.set()
    _take_settings(server, list(answer or [None]), folders)
    return True


def _take_settings(server: LeaklineServer, answers: list[object], folders: list[Path]) -> None:
    """Take settings.

    Args:
        server: The server.
        answers: The settings for no folder, then those for each folder.
        folders: The folders.
    """
    server.settings, complaint = read_settings(answers[0], server.initial_settings)
    complaints = [complaint] if complaint else []
    server.folder_settings = {}
    for folder, raw in zip(folders, answers[1:], strict=False):
        if raw is not None:
            settings, complaint = read_settings(raw, server.settings)
            server.folder_settings[folder] = settings
            if complaint:
                complaints.append(complaint)
    complaint = "; ".join(dict.fromkeys(complaints))
    # Clients send settings again and again; what is wrong is said once.
    if complaint and complaint != server.complaint:
        server.tell(complaint, types.MessageType.Warning)
    server.complaint = complaint


def _section(sent: object) -> object:
    """Our settings in what was sent: some clients send the whole tree, some the section."""
    if isinstance(sent, Mapping) and isinstance(sent.get(SECTION), Mapping):
        return sent[SECTION]
    return sent
