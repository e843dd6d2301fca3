"""Measure, capture and analyse from the editor, with progress and cancel.

Each is there twice: as a command, which any client's code action runs and which answers at
once, since some clients wait ten seconds for a command and no longer; and as a request of our
own, which answers when all is done and which ``$/cancelRequest`` ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import to_fs_path

from leakline.errors import LeaklineError, UsageError
from leakline.lsp.actions import CAPTURE, MEASURE, VERIFY
from leakline.lsp.describing import figures
from leakline.lsp.protocol import OWN_METHODS, Json, RequestFailed, as_object
from leakline.lsp.recordings import RecordingLoader
from leakline.lsp.server import LeaklineServer
from leakline.lsp.settings import Settings, read_settings
from leakline.lsp.status import StatusBar
from leakline.lsp.work_done import work_done
from leakline.progress import OnProgress, Progress
from leakline.recording import Recording

if TYPE_CHECKING:
    from leakline.capture import PageActions
    from leakline.capture.traffic import TrafficPlan

# How much of the whole the capture is; the rest is the analysis.
_CAPTURE_SHARE = 0.85


class Measuring:
    """Runs one measurement at a time."""

    def __init__(self, server: LeaklineServer, loader: RecordingLoader, status: StatusBar) -> None:
        self._server = server
        self._loader = loader
        self._status = status
        self._running = ""
        self._warned: set[str] = set()

    async def measure(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Measure growth: rounds of requests, a snapshot after each, then the analysis.

        A client that knows that the program is a page gives ``click``: a CSS selector, or
        nothing for loading the page anew.
        """
        settings = await self._settings(params)

        def run(folder: Path, on_progress: OnProgress) -> Awaitable[Recording]:
            import leakline.capture  # noqa: PLC0415 - slow, see lifecycle.py

            return leakline.capture.measure(
                inspector=settings.inspect,
                load=_load(params, settings),
                on_page=_clicks(params, settings),
                rounds=settings.rounds,
                workspace=folder,
                keep=settings.keep,
                on_progress=on_progress,
            )

        return await self._record("Leakline: measuring growth", params, run)

    async def capture(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Take one snapshot and analyse it."""
        settings = await self._settings(params)

        def run(folder: Path, on_progress: OnProgress) -> Awaitable[Recording]:
            import leakline.capture  # noqa: PLC0415 - slow, see lifecycle.py

            return leakline.capture.capture(
                inspector=settings.inspect,
                workspace=folder,
                keep=settings.keep,
                on_progress=on_progress,
            )

        return await self._record("Leakline: capturing a heap snapshot", params, run)

    async def verify(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Measure again and tell whether a finding still grows."""
        fingerprint = str(params.get("fingerprint"))
        finding = self._server.known.get(fingerprint)
        if finding is None:
            raise UsageError("this finding has gone", "a newer recording does not have it")
        answer = await self.measure(params)
        known = self._server.known
        after, of = known.get(fingerprint), known.analysis_of(fingerprint)
        if after is None or of is None:
            self._server.tell(f"`{finding.root}` no longer grows")
            return {**answer, "grows": False}
        if str(of.recording) != answer["recording"]:
            how = "" if of.load is None else f": it was found by {of.load.in_words}"
            self._server.tell(
                f"this measurement cannot tell whether `{finding.root}` still grows{how}",
                types.MessageType.Warning,
            )
            return {**answer, "grows": None}
        self._server.tell(
            f"`{finding.root}` still grows: {figures(after)}", types.MessageType.Warning
        )
        return {**answer, "grows": True}

    async def analyze(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Analyse a recording, or snapshot files, and show the findings as the folder's."""
        paths = params.get("paths")
        if (
            not isinstance(paths, list)
            or not paths
            or not all(isinstance(path, str) and path for path in paths)
        ):
            raise UsageError("nothing to analyse was named", "give paths, a list of file paths")
        folder = self._folder(params)
        files = [folder / path for path in paths]
        recording = files[0] if len(files) == 1 and files[0].is_dir() else files
        async with self._only_one("an analysis", "Leakline: analysing", params) as report:
            return _answer(files[0], await self._load(folder, recording, report))

    async def _record(
        self,
        title: str,
        params: Mapping[str, Json],
        run: Callable[[Path, OnProgress], Awaitable[Recording]],
    ) -> dict[str, Json]:
        folder = self._folder(params)
        async with self._only_one("a measurement", title, params) as report:
            self._status.measuring = True

            def on_capture(progress: Progress) -> None:
                self._status.measure(progress)
                report(Progress(progress.text, progress.fraction * _CAPTURE_SHARE))

            def on_analysis(progress: Progress) -> None:
                rest = progress.fraction * (1 - _CAPTURE_SHARE)
                report(Progress(progress.text, _CAPTURE_SHARE + rest))

            try:
                recording = await run(folder, on_capture)
                self._status.measuring = False
                findings = await self._load(folder, recording.path, on_analysis)
            finally:
                self._status.measuring = False
                self._status.settle()
            return _answer(recording.path, findings)

    async def _load(self, folder: Path, recording: Path | list[Path], report: OnProgress) -> int:
        def on_progress(progress: Progress) -> None:
            self._status.analyzing(progress)
            report(progress)

        return len((await self._loader.load(folder, recording, on_progress)).findings)

    @asynccontextmanager
    async def _only_one(
        self, what: str, title: str, params: Mapping[str, Json]
    ) -> AsyncIterator[OnProgress]:
        if self._running:
            raise UsageError(f"{self._running} is running already", "wait for it or cancel it")
        self._running = what
        task = asyncio.current_task()
        assert task is not None
        try:
            token = params.get("workDoneToken")
            token = token if isinstance(token, str | int) else None
            outcome = self._status.text
            async with work_done(self._server, title, token, task.cancel, outcome) as report:
                yield report
        finally:
            self._running = ""

    async def _settings(self, params: Mapping[str, Json]) -> Settings:
        # A measurement may be asked for before the client has said what is set.
        await self._server.configured.wait()
        folder = self._folder(params)
        self._loader.look_at_projects()
        settings, wrong = read_settings(params, self._server.settings_of(folder))
        if wrong:
            raise UsageError(wrong)
        self._warn_of_elsewhere(settings.inspect)
        return settings

    def _warn_of_elsewhere(self, inspector: str) -> None:
        """Warn once of an inspector that is not on this machine."""
        from leakline.capture.addresses import elsewhere  # noqa: PLC0415 - slow, see lifecycle.py

        warning = elsewhere(inspector)
        if warning is not None and inspector not in self._warned:
            self._warned.add(inspector)
            self._server.tell(warning, types.MessageType.Warning)

    def _folder(self, params: Mapping[str, Json]) -> Path:
        named = params.get("workspace")
        if isinstance(named, str) and named:
            path = to_fs_path(named) if named.startswith("file:") else named
            if path and Path(path).is_dir():
                return Path(path)
            raise UsageError(f"the workspace {named} is no folder", "name a folder on this machine")
        uri = params.get("uri")
        folder = self._server.folder_of(uri if isinstance(uri, str) else None)
        if folder is None:
            raise UsageError("no folder is open", "open the program's folder in the editor")
        return folder


def _load(params: Mapping[str, Json], settings: Settings) -> TrafficPlan:
    """What a round is: what is asked for, then what is set."""
    from leakline.capture import (  # noqa: PLC0415 - slow, see lifecycle.py
        LoadPlan,
        Observation,
        PageActions,
    )

    click = params.get("click")
    if isinstance(click, str):
        return PageActions(click=click, actions=settings.requests)
    if settings.observe and "url" not in params:
        return Observation.until(settings.observe)
    return LoadPlan(url=settings.url, requests=settings.requests)


def _clicks(params: Mapping[str, Json], settings: Settings) -> PageActions | None:
    """What is done on a page, where that is set and nothing else is asked for."""
    from leakline.capture import PageActions  # noqa: PLC0415 - slow, see lifecycle.py

    if not settings.click or not params.keys().isdisjoint(("url", "observe", "click")):
        return None
    return PageActions(click=settings.click, actions=settings.requests)


def _answer(recording: Path, findings: int) -> dict[str, Json]:
    return {"recording": str(recording), "findings": findings}


def register(server: LeaklineServer, measuring: Measuring) -> None:
    """Offer the commands and requests."""

    def request(name: str, run: Callable[[Mapping[str, Json]], Awaitable[dict[str, Json]]]) -> None:
        @server.feature(OWN_METHODS + name)
        async def serve(params: Json) -> dict[str, Json]:
            try:
                return await run(as_object(params))
            except LeaklineError as error:
                raise RequestFailed(error) from error

    def command(name: str, run: Callable[[Mapping[str, Json]], Awaitable[dict[str, Json]]]) -> None:
        async def work(params: Mapping[str, Json]) -> None:
            await run(params)

        @server.command(name)
        def start(*arguments: Json) -> None:
            server.background(work(as_object(arguments[0] if arguments else None)))

    request("measure", measuring.measure)
    request("capture", measuring.capture)
    request("analyze", measuring.analyze)
    request("verify", measuring.verify)
    command(MEASURE, measuring.measure)
    command(CAPTURE, measuring.capture)
    command(VERIFY, measuring.verify)
