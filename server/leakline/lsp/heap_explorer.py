"""``leakline/heap/…``: heap snapshots for a client's heap explorer, page by page.

A child process of its own keeps the snapshots, so that neither an analysis nor its cancelling
disturbs them, and this process answers at once whatever is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from pygls.uris import from_fs_path

from leakline.errors import LeaklineError
from leakline.lsp.heap_growth import Growth
from leakline.lsp.protocol import OWN_METHODS, Json, RequestFailed, as_object
from leakline.lsp.server import LeaklineServer
from leakline.lsp.work_done import work_done
from leakline.progress import OnProgress, Progress
from leakline.worker.frames import HeapQuestion

HEAP = OWN_METHODS + "heap/"
VIEWS = (
    "open",
    "load",
    "statistics",
    "summary",
    "objects",
    "containment",
    "dominators",
    "treemap",
    "retainers",
    "compare",
    "newObjects",
    "deletedObjects",
)
"""Answered by :mod:`leakline.worker.heaps.answers`, by the same names."""


def register(server: LeaklineServer) -> None:
    """Offer the requests."""
    for name in VIEWS:
        _register_view(server, name)
    growth = Growth(server)

    @server.feature(HEAP + "growth")
    async def leak_roots(params: Json) -> dict[str, Json]:
        given = as_object(params)
        try:
            async with AsyncExitStack() as stack:
                report = await _progress(server, given, stack)
                return await growth.of(given, report)
        except LeaklineError as error:
            raise RequestFailed(error) from error

    @server.feature(HEAP + "source")
    async def source(params: Json) -> dict[str, Json]:
        place = await _ask(server, "source", as_object(params))
        return {
            "uri": from_fs_path(place["path"]),
            "line": place["line"],
            "column": place["column"],
        }

    @server.feature(HEAP + "close")
    async def close(_params: Json) -> None:
        """Let go of all memory: the client has closed its last explorer."""
        await server.close_heaps()


def _register_view(server: LeaklineServer, name: str) -> None:
    @server.feature(HEAP + name)
    async def view(params: Json) -> Json:
        return await _ask(server, name, as_object(params))


async def _ask(server: LeaklineServer, name: str, given: Mapping[str, Json]) -> Json:
    # What may be shown is the user's to say, and may not have been said yet.
    await server.configured.wait()
    folder = server.folder_of(_uri(given))
    settings = server.settings_of(folder)
    question = HeapQuestion(
        name,
        given,
        values=not settings.redact_values,
        workspace=folder,
        path_overrides=settings.path_overrides or None,
    )
    try:
        async with AsyncExitStack() as stack:
            report = await _progress(server, given, stack)
            return await server.heaps.ask(question, on_progress=report)
    except LeaklineError as error:
        raise RequestFailed(error) from error


async def _progress(
    server: LeaklineServer, given: Mapping[str, Json], stack: AsyncExitStack
) -> OnProgress:
    """Where progress goes: to the token that came with the request, else nowhere."""
    token = given.get("workDoneToken")
    if not isinstance(token, str | int):
        return _ignore
    return await stack.enter_async_context(
        work_done(server, "Leakline: loading", token, _not_by_progress)
    )


def _ignore(_: Progress) -> None:
    """Takes progress that nobody asked for."""


def _not_by_progress() -> None:
    """Does nothing: the request itself is what a client cancels."""


def _uri(given: Mapping[str, Json]) -> str | None:
    """The file that a request is about."""
    paths = given.get("paths")
    path = paths[0] if isinstance(paths, list) and paths else given.get("snapshot")
    path = given.get("newer") if path is None else path
    if not isinstance(path, str) or not path or "\0" in path:
        return None
    uri: str | None = from_fs_path(str(Path(path).absolute()))
    return uri
