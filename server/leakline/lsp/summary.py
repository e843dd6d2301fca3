"""``leakline/summary``: the findings for a client's own views."""

from __future__ import annotations

import json

from leakline.leaks.model import Finding
from leakline.lsp.places import Place
from leakline.lsp.protocol import Encoded, Json
from leakline.lsp.server import LeaklineServer
from leakline.positions import Position
from leakline.turns import Turns


def register(server: LeaklineServer) -> None:
    """Offer the request."""

    @server.feature("leakline/summary")
    async def summary(_params: Json) -> Encoded:
        shown: dict[bool, list[str]] = {False: [], True: []}
        turns = Turns()
        for finding in list(server.known):
            text = json.dumps(_finding(server, finding))
            shown[finding in server.ignored].append(text)
            await turns.give_way()
        recordings = [
            {
                "folder": folder.as_uri(),
                "recording": str(analysis.recording),
                "target": {"kind": analysis.target.kind, "title": analysis.target.title},
                "snapshots": analysis.snapshots,
                "requests": analysis.requests,
                "heapSizes": list(analysis.heap_sizes),
                "notes": list(analysis.notes),
            }
            for folder, analyses in server.known.analyses.items()
            for analysis in analyses
        ]
        return Encoded(
            f'{{"recordings": {json.dumps(recordings)}, '
            f'"findings": [{", ".join(shown[False])}], "ignored": [{", ".join(shown[True])}]}}'
        )


def described(finding: Finding) -> dict[str, Json]:
    """A finding without its series and places, for a client's own views."""
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "root": finding.root,
        "kind": finding.slot_kind.value,
        "growthBytesPerRequest": finding.growth_per_request,
        "growthBytesPerSnapshot": finding.growth_per_snapshot,
        "unit": finding.unit,
    }


def _finding(server: LeaklineServer, finding: Finding) -> dict[str, Json]:
    return {
        **described(finding),
        "retainedSize": finding.retained_size,
        "series": [
            {
                "requests": point.requests,
                "retainedSize": point.retained_size,
                "elementCount": point.element_count,
            }
            for point in finding.series
        ],
        "location": _location(server.places.find(finding.location)),
        "declaration": _location(server.places.find(finding.declaration)),
    }


def _location(place: Place | None) -> dict[str, Json] | None:
    if place is None:
        return None
    return {
        "uri": place.uri,
        "range": {"start": _position(place.span.start), "end": _position(place.span.end)},
        "changed": place.changed,
    }


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "character": position.column}
