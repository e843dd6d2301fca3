"""The server's state, and how it talks to the user."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from leakline import __version__
from leakline.errors import LeaklineError
from leakline.leaks.model import Severity
from leakline.lsp.documents import OpenDocuments, file_key
from leakline.lsp.ignoring import IgnoredFindings
from leakline.lsp.known import KnownLeaks
from leakline.lsp.places import Places
from leakline.lsp.projects import Projects
from leakline.lsp.protocol import LeaklineProtocol
from leakline.lsp.settings import Settings
from leakline.lsp.sources import SourceTexts
from leakline.lsp.syntaxes import Syntaxes
from leakline.worker import AnalysisWorker

_log = logging.getLogger(__name__)


class LeaklineServer(LanguageServer):
    """One client's server.

    Attributes:
        settings: What the user has set, where no folder says otherwise.
        folder_settings: What the user has set for single folders.
        initial_settings: What ``initializationOptions`` set; the base of ``settings``.
        complaint: What was wrong with the settings last sent; empty when nothing was.
        configured: Set while no answer about the settings is awaited from the client.
        pulls: Whether the client asks for diagnostics; else they are published.
        documents: The texts that are open.
        sources: The texts that findings point into and that are no files.
        places: Where findings are in them.
        known: The newest findings.
        projects: What the folders' ``.leakline.toml`` say.
        ignored: Which findings are ignored.
        worker: Analyses recordings.
        heaps: Keeps the snapshots that the heap explorer shows.
    """

    protocol: LeaklineProtocol

    def __init__(self) -> None:
        super().__init__(
            "leakline",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=LeaklineProtocol,
        )
        self.settings = Settings()
        self.folder_settings: dict[Path, Settings] = {}
        self.initial_settings = Settings()
        self.complaint = ""
        self.configured = asyncio.Event()
        self.pulls = False
        self.documents = OpenDocuments()
        self.sources = SourceTexts()
        self.places = Places(self.documents, self.sources)
        self.known = KnownLeaks(self.places, self.sources)
        self.projects = Projects(self.documents)
        self.ignored = IgnoredFindings(self.known, self.places, self.projects)
        self.syntaxes = Syntaxes()
        self.worker = AnalysisWorker(self._worker_restarted)
        self.heaps = AnalysisWorker()
        self._background: set[asyncio.Task[None]] = set()

    @property
    def folders(self) -> list[Path]:
        """The workspace's folders on this machine."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri is not None:
            uris = [self.workspace.root_uri]
        paths = (to_fs_path(uri) for uri in uris if uri.startswith("file:"))
        return [Path(path) for path in paths if path]

    def folder_of(self, uri: str | None) -> Path | None:
        """The workspace folder that a file lies in, else the first; None when there is none."""
        folders = self.folders
        path = to_fs_path(uri) if uri is not None and uri.startswith("file:") else None
        if path is not None:
            file = Path(file_key(path))
            around = [folder for folder in folders if file.is_relative_to(file_key(str(folder)))]
            if around:
                return max(around, key=lambda folder: len(folder.parts))
        return folders[0] if folders else None

    def settings_of(self, folder: Path | None) -> Settings:
        """What the user has set for a folder, then what its ``.leakline.toml`` says."""
        settings = self.settings
        if folder is not None:
            settings = self.folder_settings.get(folder, settings)
        return settings.with_project(self.projects.config_of(folder))

    @property
    def warnings(self) -> int:
        """How many findings are warnings that are not ignored."""
        return sum(
            finding.severity is Severity.WARNING and finding not in self.ignored
            for finding in self.known
        )

    def background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside the requests. It is cancelled when the server ends."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except LeaklineError as error:
            self.tell_error(error)
        except Exception as error:
            _log.exception("unforeseen")
            summary = " ".join(f"{type(error).__name__}: {error}".split())
            self.tell_error(
                LeaklineError(f"Leakline failed with {summary}", "please report it with the log")
            )

    def tell_error(self, error: LeaklineError) -> None:
        """Show an error, in one line."""
        self.tell(str(error), types.MessageType.Error)

    def tell(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show a message."""
        self.window_show_message(types.ShowMessageParams(type=kind, message=text))

    def log(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write a line to the client's log."""
        self.window_log_message(types.LogMessageParams(type=kind, message=text))

    def _worker_restarted(self, what: str) -> None:
        self.log(what, types.MessageType.Warning)

    async def close(self) -> None:
        """Stop all that runs. Returns when no process of ours is left."""
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.syntaxes.close()
        await self.worker.close()
        await self.heaps.close()

    async def close_heaps(self) -> None:
        """Let go of the snapshots that the heap explorer has shown."""
        heaps, self.heaps = self.heaps, AnalysisWorker()
        await heaps.close()
