"""The report as a SARIF 2.1.0 log.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0; the sections
named below are its.
"""

from __future__ import annotations

import re
from typing import Any

from leakline.leaks.model import Finding, Severity
from leakline.positions import SourceLocation, Span
from leakline.report.document import to_json
from leakline.report.model import ReportInput
from leakline.report.places import (
    file_uri,
    quotable_line,
    relative_path,
    relative_uri,
    uri_reference,
)
from leakline.report.rules import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"
_FINGERPRINT = "leaklineRoot/v1"


def render_sarif(report: ReportInput) -> str:
    """The report as a SARIF 2.1.0 log in ASCII, ended by a line feed.

    Files below ``report.base`` are named relative to the base ``SRCROOT``, others by absolute
    URI. Values from the heap are not in it.

    Args:
        report: What to report.
    """
    codes = sorted({*RULES, *(finding.code for finding in report.findings)})
    results = [_result(finding, codes, report.base) for finding in report.findings]
    run: dict[str, Any] = {
        "tool": {"driver": _driver(codes, report.version)},
        "columnKind": "utf16CodeUnits",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": _message(note)}} for note in report.notes
                ],
            }
        ],
        "properties": {
            "target": report.target,
            "runtime": report.runtime,
            "snapshots": report.snapshots,
            "requests": report.requests,
            "unit": report.unit,
            "heapSizes": list(report.heap_sizes),
        },
    }
    if report.base is not None:
        # Section 3.14.14: the URI of a base ends with a slash.
        uri = file_uri(report.base)
        run["originalUriBaseIds"] = {_BASE: {"uri": uri if uri.endswith("/") else f"{uri}/"}}
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(codes: list[str], version: str) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": "Leakline", "rules": [_rule(code) for code in codes]}
    if version:
        driver["version"] = version
        driver["semanticVersion"] = version
    return driver


def _rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.advice},
        "defaultConfiguration": {"level": "warning" if rule.is_warning else "note"},
    }


def _result(finding: Finding, codes: list[str], base: str | None) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": "warning" if finding.severity is Severity.WARNING else "note",
        "message": {"text": _message(finding.message)},
        "locations": [],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": _properties(finding),
    }
    if finding.location is not None:
        result["locations"] = [{"physicalLocation": _physical(finding.location, base)}]
    related = [
        {
            "id": number,
            "physicalLocation": _physical(location, base),
            "message": {"text": _message(text)},
        }
        for number, (text, location) in enumerate(_related(finding))
    ]
    if related:
        result["relatedLocations"] = related
    return result


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "root": finding.root,
        "slotKind": finding.slot_kind.value,
        "retainedSize": finding.retained_size,
        "evidence": finding.evidence.in_words,
        "leakTrace": [{"label": hop.label, "suspect": hop.suspect} for hop in finding.trace],
    }
    if finding.growth_per_request is not None:
        properties["growthBytesPerRequest"] = finding.growth_per_request
    if finding.growth_per_snapshot is not None:
        properties["growthBytesPerSnapshot"] = finding.growth_per_snapshot
    return properties


def _related(finding: Finding) -> list[tuple[str, SourceLocation]]:
    """Further places with what each of them is; every place once."""
    places: list[tuple[str, SourceLocation]] = []
    if finding.declaration is not None:
        places.append((f"{finding.root} is declared here", finding.declaration))
    places += [(f"{finding.root} is also added to here", place) for place in finding.other_writes]
    places += [(hop.label, hop.location) for hop in finding.trace if hop.location is not None]
    seen = {finding.location}
    once: list[tuple[str, SourceLocation]] = []
    for text, place in places:
        if place not in seen:
            seen.add(place)
            once.append((text, place))
    return once


def _physical(location: SourceLocation, base: str | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(location, base)}
    if location.span is not None:
        physical["region"] = _region(location.span)
        line = quotable_line(location)
        if line and location.span.start.line == location.span.end.line:
            physical["contextRegion"] = {
                "startLine": location.span.start.line + 1,
                "snippet": {"text": line},
            }
    return physical


def _artifact(location: SourceLocation, base: str | None) -> dict[str, Any]:
    if location.path is None:
        return {"uri": uri_reference(location.url)}
    relative = relative_path(location.path, base)
    if relative is None:
        return {"uri": file_uri(location.path)}
    return {"uri": relative_uri(relative), "uriBaseId": _BASE}


def _region(span: Span) -> dict[str, int]:
    """Lines and columns from 1; the end column is the first one that is not in it (3.30.8)."""
    start, end = span.start.for_display(), span.end.for_display()
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _message(text: str) -> str:
    """Plain text with what SARIF would read as a placeholder or a link escaped (3.11.5, 3.11.6)."""
    doubled = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"\\(?=[\[\]])|\[(?=[^\]]*\]\()", r"\\\g<0>", doubled)
