"""tc39's own tests of ECMA-426, the data of which lies beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leakline.errors import SourceMapError
from leakline.sourcemaps import OriginalMapping, SourceMap, parse_source_map

SUITE = Path(__file__).parents[3] / "shared" / "data" / "source-map-tests"
CASES: list[dict[str, Any]] = (
    json.loads((SUITE / "source-map-spec-tests.json").read_bytes())["tests"]
    if SUITE.is_dir()
    else []
)

pytestmark = pytest.mark.skipif(
    not CASES, reason="tc39's source map tests are not at ../shared/data/source-map-tests"
)


def resource(name: str) -> SourceMap:
    return parse_source_map((SUITE / "resources" / name).read_bytes())


def valid() -> list[dict[str, Any]]:
    return [case for case in CASES if case["sourceMapIsValid"]]


def actions(kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (case, action)
        for case in valid()
        for action in case.get("testActions", [])
        if action["actionType"] == kind
    ]


def answer(mapping: OriginalMapping | None) -> tuple[str | None, int | None, int | None, Any]:
    if mapping is None:
        return None, None, None, None
    return mapping.source, mapping.position.line, mapping.position.column, mapping.name


def expected(action: dict[str, Any]) -> tuple[str | None, int | None, int | None, Any]:
    keys = ("originalSource", "originalLine", "originalColumn", "mappedName")
    return tuple(action[key] for key in keys)  # type: ignore[return-value]


def test_every_valid_map_is_read() -> None:
    for case in valid():
        resource(case["sourceMapFile"])


def test_every_invalid_map_is_refused_with_its_reason() -> None:
    accepted = []
    for case in CASES:
        if case["sourceMapIsValid"]:
            continue
        try:
            resource(case["sourceMapFile"])
        except SourceMapError as error:
            assert "source map" in error.problem  # noqa: PT017
        else:
            accepted.append(case["name"])
    assert accepted == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("versionTooHigh", "version is not 3 but 4"),
        ("invalidVLQDueToMissingContinuationDigits", "a number whose last digit is missing"),
        ("invalidMappingSegmentWithThreeFields", "neither one, four nor five fields"),
        ("invalidMappingSegmentWithColumnExceeding32Bits", "a number of more than 32 bits"),
        ("invalidMappingSegmentWithNegativeColumn", "a negative generated column"),
        ("invalidMappingSegmentWithSourceIndexOutOfBounds", "source index 1, where the last one"),
        ("ignoreListOutOfBounds1", "ignoreList names a source that does not exist"),
        ("indexMapInvalidOverlap", "sections overlap"),
        ("indexMapInvalidBaseMappings", "both sections and mappings"),
    ],
)
def test_the_reason_names_what_is_wrong(name: str, reason: str) -> None:
    (case,) = [case for case in CASES if case["name"] == name]
    with pytest.raises(SourceMapError, match=reason):
        resource(case["sourceMapFile"])


def test_transitive_mappings_follow_one_map_after_the_other() -> None:
    checks = actions("checkMappingTransitive")
    assert len(checks) == 16
    for case, action in checks:
        line, column = action["generatedLine"], action["generatedColumn"]
        mapping = resource(case["sourceMapFile"]).original(line, column)
        for name in action["intermediateMaps"]:
            assert mapping is not None
            mapping = resource(name).original(mapping.position.line, mapping.position.column)
        assert answer(mapping) == expected(action), case["name"]


def test_ignore_lists_name_their_sources() -> None:
    for case, action in actions("checkIgnoreList"):
        source_map = resource(case["sourceMapFile"])
        ignored = [source_map.sources[index] for index in source_map.ignored]
        assert ignored == action["present"]


def test_a_null_source_has_a_position_but_no_url() -> None:
    """The two checks that trace-mapping fails: it answers with an empty string for the source.

    ECMA-426, DecodeSourceMapSources: a null source gives a Decoded Source Record whose [[URL]]
    is null, and mappings into it keep their line, column and name.
    """
    source_map = resource("sources-null-sources-content-non-null.js.map")
    mapping = source_map.original(0, 9)
    assert answer(mapping) == (None, 0, 9, "foo")
    assert source_map.sources == (None,)
    assert source_map.sources_content[0] is not None


def test_score(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = refused = 0
    for case in CASES:
        try:
            resource(case["sourceMapFile"])
        except SourceMapError:
            refused += not case["sourceMapIsValid"]
        else:
            accepted += case["sourceMapIsValid"]
    checks = actions("checkMapping")
    right = sum(
        answer(
            resource(case["sourceMapFile"]).original(
                action["generatedLine"], action["generatedColumn"]
            )
        )
        == expected(action)
        for case, action in checks
    )
    invalid = len(CASES) - len(valid())
    with capsys.disabled():
        print(
            f"\ntc39 source map tests: {accepted} of {len(valid())} valid maps read, "
            f"{refused} of {invalid} invalid maps refused, "
            f"{right} of {len(checks)} mappings right"
        )
    assert (accepted, refused, right) == (len(valid()), invalid, len(checks))
    assert len(checks) == 77
