"""The JSON report is what docs/json.md says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from leakline.leaks.model import Finding
from leakline.report import ReportInput, render_json

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "json.md"


def test_the_whole_document(report: ReportInput) -> None:
    document = json.loads(render_json(report))
    finding = document.pop("findings")[0]
    assert document == {
        "version": 1,
        "tool": {"name": "leakline", "version": "0.1.0"},
        "recording": "/app/.leakline/recordings/20261122T160000Z-seed-worker",
        "target": {"title": "seed-worker", "runtime": "workerd"},
        "snapshots": 4,
        "requests": 400,
        "unit": "request",
        "heapSizes": [4_100_000, 4_120_000, 4_130_000, 4_200_000],
        "notes": ["the source map of vendor.js could not be read"],
        "summary": {"warnings": 1, "information": 0, "ignored": 0},
    }
    assert finding["code"] == "growing-variable"
    assert finding["severity"] == "warning"
    assert finding["root"] == "responseText"
    assert finding["slotKind"] == "global"
    assert finding["growthBytesPerRequest"] == 25.0
    assert finding["retainedSize"] == 10_000
    assert finding["series"][0] == {
        "requests": 100,
        "retainedSize": 2_500,
        "elementCount": 2_500,
    }
    assert finding["location"] == {
        "path": "src/index.js",
        "url": "file:///app/src/index.js",
        "line": 5,
        "column": 5,
        "endLine": 5,
        "endColumn": 32,
        "text": '    responseText += "served.\\n";',
        "note": "",
    }
    assert finding["declaration"]["line"] == 1
    assert [place["line"] for place in finding["otherWrites"]] == [9]
    assert finding["trace"][2]["suspect"] is True
    assert finding["trace"][3] == {"label": "string", "suspect": True, "location": None}
    assert finding["evidence"] == {
        "kind": "write",
        "text": "the only write that adds to it",
        "confidence": "likely",
    }


def test_every_field_is_documented(report: ReportInput) -> None:
    documented = set(re.findall(r"`(\w+)`", DOCUMENTATION.read_text("utf-8")))
    assert _keys(json.loads(render_json(report))) <= documented


def _keys(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value).union(*map(_keys, value.values()))
        case list():
            return set().union(*map(_keys, value))
    return set()


def test_unknown_is_null_and_every_field_is_there(
    report: ReportInput, growing: Finding, large: Finding
) -> None:
    document = json.loads(render_json(replace(report, findings=(large, growing))))
    assert set(document["findings"][0]) == set(document["findings"][1])
    assert document["findings"][0]["location"] is None
    assert document["findings"][0]["growthBytesPerRequest"] is None
    assert document["summary"] == {"warnings": 1, "information": 1, "ignored": 0}


def test_a_minified_line_is_left_out(report: ReportInput, growing: Finding) -> None:
    assert growing.location is not None
    minified = replace(growing.location, line_text="var a=1;" * 100_000)
    finding = replace(growing, location=minified, declaration=minified)
    text = render_json(replace(report, findings=(finding,)))
    assert len(text) < 10_000
    assert json.loads(text)["findings"][0]["location"]["text"] == ""


def test_hostile_names_cannot_break_it(report: ReportInput, growing: Finding) -> None:
    evil = '\x1b]0;x\x07"\\\u202e\ud800\u009b\n'
    finding = replace(growing, root=evil, message=evil)
    text = render_json(replace(report, findings=(finding,), target=evil))
    assert re.fullmatch(r"[\n -~]*", text)
    assert json.loads(text)["findings"][0]["root"] == evil.replace("\ud800", "\ufffd")


def test_values_from_the_heap_are_not_in_it(report: ReportInput) -> None:
    assert "tok-8843" not in render_json(report)
