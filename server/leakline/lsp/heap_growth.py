"""``leakline/heap/growth``: each leak root of a recording, round by round."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from leakline.errors import UsageError
from leakline.leaks.model import Finding
from leakline.lsp.protocol import Json
from leakline.lsp.server import LeaklineServer
from leakline.lsp.summary import described
from leakline.pipeline.model import Analysis
from leakline.progress import OnProgress
from leakline.recording import unit_of

_MOST_KEPT = 4


class Growth:
    """Gives the leak roots of recordings; those analysed lately are kept."""

    def __init__(self, server: LeaklineServer) -> None:
        self._server = server
        self._analyses: dict[Path, Analysis] = {}

    async def of(self, given: Mapping[str, Json], report: OnProgress) -> dict[str, Json]:
        """Answer the request: ``recording`` is a recording's directory.

        Raises:
            UsageError: No recording was named.
            LeaklineError: It cannot be analysed.
        """
        analysis = await self._analysis(_recording(given), report)
        findings = (*analysis.findings, *analysis.ignored)
        return {
            "heapSizes": list(analysis.heap_sizes),
            "notes": list(analysis.notes),
            "unit": unit_of(analysis.load),
            "roots": [self._root(one) for one in findings if len(one.series) > 1],
        }

    async def _analysis(self, recording: Path, report: OnProgress) -> Analysis:
        for known in chain.from_iterable(self._server.known.analyses.values()):
            if known.recording == recording and known.snapshots > 1:
                return known
        if recording not in self._analyses:
            folder = next((one for one in self._server.folders if one in recording.parents), None)
            analysis = await self._server.worker.analyze(
                recording,
                workspace=folder,
                config=self._server.projects.config_of(folder),
                on_progress=report,
            )
            if len(self._analyses) >= _MOST_KEPT:
                self._analyses.pop(next(iter(self._analyses)))
            self._analyses[recording] = analysis
        return self._analyses[recording]

    def _root(self, finding: Finding) -> dict[str, Json]:
        location = finding.location
        # A source without a file has a text only while it is among the shown findings.
        shown = finding.fingerprint in {one.fingerprint for one in self._server.known}
        place = None
        if location is not None and (location.path is not None or shown):
            place = self._server.places.find(location)
        return {
            **described(finding),
            "series": [
                {"requests": point.requests, "retainedSize": point.retained_size}
                for point in finding.series
            ],
            "source": None
            if place is None
            else {
                "uri": place.uri,
                "line": place.span.start.line,
                "column": place.span.start.column,
            },
        }


def _recording(given: Mapping[str, Json]) -> Path:
    path = given.get("recording")
    if not isinstance(path, str) or not path or "\0" in path:
        raise UsageError("recording must be a recording's directory")
    return Path(path).absolute()
