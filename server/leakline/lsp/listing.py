"""``leakline/targets`` and ``leakline/recordings``: what a client's own views list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from leakline.errors import LeaklineError
from leakline.lsp.protocol import OWN_METHODS, Json, RequestFailed
from leakline.lsp.server import LeaklineServer
from leakline.recording.listing import recordings_document


def register(server: LeaklineServer) -> None:
    """Offer the requests."""

    @server.feature(OWN_METHODS + "targets")
    async def targets(_params: Json) -> Mapping[str, Json]:
        from leakline.capture import (  # noqa: PLC0415 - slow
            find_targets,
            searched_ports,
            targets_document,
        )

        await server.configured.wait()
        # A workspace's settings may come with a cloned repository: they name no other host.
        addresses = [server.settings_of(folder).inspect for folder in _folders_or_none(server)]
        try:
            found = await find_targets(here=addresses, workspaces=server.folders)
        except LeaklineError as error:
            raise RequestFailed(error) from error
        # A client may watch them, and ask again when a program comes or goes.
        ports = searched_ports(server.folders)
        return {**targets_document(found), "searchedPorts": list(ports)}

    @server.feature(OWN_METHODS + "recordings")
    def recordings(_params: Json) -> Mapping[str, Json]:
        try:
            return recordings_document(server.folders)
        except LeaklineError as error:
            raise RequestFailed(error) from error


def _folders_or_none(server: LeaklineServer) -> list[Path | None]:
    return [*server.folders] or [None]
