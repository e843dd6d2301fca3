"""Load each folder's newest recording, now and whenever a newer one appears."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from lsprotocol import types

from leakline.config import DATA_DIRECTORY, RECORDINGS_DIRECTORY
from leakline.config.project import FILE_NAME
from leakline.errors import LeaklineError
from leakline.lsp.diagnostics import DiagnosticsPublisher
from leakline.lsp.garbage import LOOKS
from leakline.lsp.heap_profiles import HeapProfiles
from leakline.lsp.loose import LooseSnapshots
from leakline.lsp.names import NameFinder
from leakline.lsp.refreshing import refresh_hints
from leakline.lsp.series import Recorded
from leakline.lsp.server import LeaklineServer
from leakline.lsp.status import StatusBar
from leakline.pipeline.model import Analysis
from leakline.progress import OnProgress, Progress
from leakline.recording import find_recordings
from leakline.recording.loose import PROFILE_SUFFIX, SUFFIX
from leakline.recording.manifest import MANIFEST
from leakline.turns import in_turns

WATCHED = (
    f"**/{DATA_DIRECTORY}/{RECORDINGS_DIRECTORY}/*/recording.json",
    f"**/{FILE_NAME}",
    f"**/*{{{SUFFIX},{PROFILE_SUFFIX}}}",
)

# For clients that watch no files, and for recordings that the editor hides from its watcher.
_POLL_SECONDS = 2.0


class RecordingLoader:
    """Analyses recordings and hands the findings on to the editor."""

    def __init__(
        self,
        server: LeaklineServer,
        publisher: DiagnosticsPublisher,
        status: StatusBar,
        profiles: HeapProfiles,
        names: NameFinder,
    ) -> None:
        self._server = server
        self._profiles = profiles
        self._names = names
        self._loose = LooseSnapshots()
        self._publisher = publisher
        self._status = status
        self._recorded: defaultdict[Path, Recorded] = defaultdict(Recorded)
        # Each folder's recordings, newest first, when they were last looked through.
        self._taken: dict[Path, list[Path]] = {}
        # What is shown for each folder: a recording, or snapshot files by the folder of theirs.
        self._shown: dict[Path, dict[Path, Path | list[Path]]] = {}
        # The path overrides that it was analysed with.
        self._overrides: dict[Path, Mapping[str, str]] = {}
        self._looking = asyncio.Lock()
        self._showing = asyncio.Lock()

    async def watch(self) -> None:
        """Look for new recordings for ever."""
        while True:
            await self.look()
            self._status.settle()
            await asyncio.sleep(_POLL_SECONDS)

    async def look_soon(self) -> None:
        """Look at once: the client has told of a file."""
        self._loose.hurry()
        self._profiles.hurry()
        await self.look()

    async def look(self) -> None:
        """Load what is new in each folder; forget folders that left the workspace.

        A measurement's own recording is left to it.
        """
        self.look_at_projects()
        if self._status.measuring:
            return
        async with self._looking:
            folders = self._server.folders
            for folder in list(self._taken):
                if folder not in folders:
                    del self._taken[folder]
                    await self._show(folder, None, self._known_of(folder))
            for folder in folders:
                try:
                    await self._look_in(folder)
                    await self._profiles.look(folder)
                except LeaklineError as error:
                    self._server.tell_error(error)

    def look_at_projects(self) -> None:
        """Take what the folders' ``.leakline.toml`` say now."""
        server = self._server
        changed = server.projects.look(server.folders)
        for folder in [] if server.pulls else changed:
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    uri=server.projects.uri_of(folder),
                    diagnostics=server.projects.diagnostics(folder),
                )
            )
        if changed:
            self._publisher.publish_all()

    async def _look_in(self, folder: Path) -> None:
        recordings = find_recordings(folder)
        shown = self._shown.get(folder, {})
        gone = {
            path
            for path, loaded in shown.items()
            if isinstance(loaded, list) and not all(each.exists() for each in loaded)
        }
        if gone:
            self._loose.forget(folder)
        if gone or self._taken.get(folder) != recordings:
            await self._take(folder, recordings, gone)
            return
        loose = await self._loose.fresh(folder, _time(recordings[0] if recordings else None))
        if loose is not None:
            self._server.log(f"loading {', '.join(map(str, loose))}")
            await self.load(folder, loose, self._status.analyzing)
            return
        overrides = self._server.settings_of(folder).path_overrides
        if shown and overrides != self._overrides.get(folder):
            self._server.log("the path overrides have changed: analysing again")
            for loaded in list(shown.values()):
                await self.load(folder, loaded, self._status.analyzing)

    async def _take(self, folder: Path, recordings: list[Path], gone: set[Path]) -> None:
        """Take up what is new among a folder's recordings, and what stood behind what is gone."""
        before = self._taken.get(folder, [])
        self._taken[folder] = recordings
        known = self._known_of(folder)
        gone |= (known & set(before)) - set(recordings)
        if gone:
            await self._show(folder, None, gone)
        standing = await asyncio.to_thread(self._recorded[folder].standing, recordings)
        new = [path for path in standing if path not in known and (gone or path not in before)]
        for path in reversed(new):
            self._server.log(f"loading {path}")
            try:
                await self.load(folder, path, self._status.analyzing)
            except LeaklineError as error:
                if path == recordings[0]:
                    raise
                self._server.log(f"{path} was left out: {error}")

    def _known_of(self, folder: Path) -> set[Path]:
        return {each.recording for each in self._server.known.analyses.get(folder, ())}

    async def load(
        self, folder: Path, recording: Path | list[Path], on_progress: OnProgress
    ) -> Analysis:
        """Analyse a recording and show what is found as the folder's findings.

        Args:
            folder: A folder of the workspace.
            recording: A recording's directory, or snapshot files oldest first.
            on_progress: Told how far the analysis has come.

        Raises:
            LeaklineError: It cannot be analysed.
        """
        taken = self._taken.get(folder, [])
        if isinstance(recording, Path) and recording not in taken:
            there = find_recordings(folder)
            self._taken[folder] = [path for path in there if path == recording or path in taken]
        settings = self._server.settings_of(folder)
        self._overrides[folder] = settings.path_overrides
        config = replace(
            self._server.projects.config_of(folder),
            path_overrides=settings.path_overrides or None,
        )
        self._status.analyses += 1
        try:
            on_progress(Progress("reading the recording", 0.0))
            analysis = await self._server.worker.analyze(
                recording, workspace=folder, config=config, on_progress=on_progress
            )
            shown = self._shown.setdefault(folder, {})
            shown.pop(analysis.recording, None)
            shown[analysis.recording] = recording
            # Whoever cancels now comes too late: shown in half, diagnostics would stay behind.
            await asyncio.shield(self._server.background(self._show(folder, analysis)))
        finally:
            self._status.analyses -= 1
            self._status.settle()
        LOOKS.leave_out()
        return analysis

    async def _show(
        self, folder: Path, analysis: Analysis | None, gone: Collection[Path] = ()
    ) -> None:
        known = self._server.known
        async with self._showing:
            files = known.files_of(folder)
            for finding in await in_turns(known.take(folder, analysis, gone)):
                self._server.log(f"`{finding.root}` no longer grows")
            hold = self._known_of(folder)
            shown = self._shown.get(folder, {})
            self._shown[folder] = {path: each for path, each in shown.items() if path in hold}
            if analysis is not None:
                for note in analysis.notes:
                    self._server.log(note)
            # So that the next hover need not.
            await in_turns(self._names.look_at_findings())
            await self._publisher.publish(files | known.files_of(folder), known.findings_of(folder))
            refresh_hints(self._server)
            self._status.settle()


def _time(recording: Path | None) -> float:
    """When a recording was complete; long ago where there is none."""
    try:
        return 0.0 if recording is None else (recording / MANIFEST).stat().st_mtime
    except OSError:
        return 0.0


def watched_files_registration() -> types.Registration:
    """Asks the client to tell of new recordings."""
    return types.Registration(
        id="leakline-recordings",
        method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        register_options=types.DidChangeWatchedFilesRegistrationOptions(
            watchers=[types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
        ),
    )
