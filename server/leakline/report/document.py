"""The report as JSON; docs/json.md describes it for its readers."""

from __future__ import annotations

import json
from typing import Any

from leakline.attribution.model import Hop
from leakline.leaks.fit import Fit, fit_of
from leakline.leaks.model import Finding, SeriesPoint
from leakline.positions import SourceLocation
from leakline.report.model import ReportInput
from leakline.report.places import quotable_line, relative_path
from leakline.untrusted import well_formed

FORMAT_VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields do not change it."""


def render_json(report: ReportInput) -> str:
    """The report as one JSON document in ASCII, ended by a line feed.

    Values from the heap are not in it.

    Args:
        report: What to report.
    """
    document = {
        "version": FORMAT_VERSION,
        "tool": {"name": "leakline", "version": report.version},
        "recording": report.recording,
        "target": {"title": report.target, "runtime": report.runtime},
        "snapshots": report.snapshots,
        "requests": report.requests,
        "unit": report.unit,
        "heapSizes": list(report.heap_sizes),
        "notes": list(report.notes),
        "summary": {
            "warnings": report.warnings,
            "information": len(report.findings) - report.warnings,
            "ignored": report.ignored,
        },
        "findings": [_finding(finding, report.base) for finding in report.findings],
    }
    return to_json(document)


def to_json(document: dict[str, Any]) -> str:
    """A document as indented ASCII, so that nothing in it can steer a terminal.

    Args:
        document: Of what ``json`` can write. Lone surrogates become U+FFFD.
    """
    return json.dumps(_well_formed(document), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _well_formed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return value if value.isascii() else well_formed(value)
        case dict():
            return {key: _well_formed(item) for key, item in value.items()}
        case list():
            return [_well_formed(item) for item in value]
    return value


def _finding(finding: Finding, base: str | None) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "root": finding.root,
        "slotKind": finding.slot_kind.value,
        "growthBytesPerRequest": finding.growth_per_request,
        "growthBytesPerSnapshot": finding.growth_per_snapshot,
        "retainedSize": finding.retained_size,
        "series": [_point(point) for point in finding.series],
        "fit": _fit(fit_of(finding.series)),
        "location": _location(finding.location, base),
        "declaration": _location(finding.declaration, base),
        "otherWrites": [_location(place, base) for place in finding.other_writes],
        "trace": [_hop(hop, base) for hop in finding.trace],
        "evidence": {
            "kind": finding.evidence.kind.value,
            "text": finding.evidence.text,
            "confidence": finding.evidence.confidence.value,
        },
        "fingerprint": finding.fingerprint,
    }


def _point(point: SeriesPoint) -> dict[str, Any]:
    return {
        "requests": point.requests,
        "retainedSize": point.retained_size,
        "elementCount": point.element_count,
    }


def _fit(fit: Fit) -> dict[str, Any]:
    return {"rSquared": fit.r_squared, "elementsPerRequest": fit.elements_per_request}


def _hop(hop: Hop, base: str | None) -> dict[str, Any]:
    return {
        "label": hop.label,
        "suspect": hop.suspect,
        "location": _location(hop.location, base),
    }


def _location(location: SourceLocation | None, base: str | None) -> dict[str, Any] | None:
    if location is None:
        return None
    path = location.path
    document: dict[str, Any] = {
        "path": None if path is None else relative_path(path, base) or path,
        "url": location.url,
        "line": None,
        "column": None,
        "endLine": None,
        "endColumn": None,
        "text": quotable_line(location),
        "note": location.note,
    }
    if location.span is not None:
        start, end = location.span.start.for_display(), location.span.end.for_display()
        document |= {
            "line": start.line,
            "column": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
    return document
