"""Look-ups both ways, and what a whole source map says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.errors import SourceMapError
from leakline.positions import Position
from leakline.sourcemaps import OriginalMapping, parse_source_map

from . import reference

LINES: list[list[reference.Segment]] = [
    [(2, 0, 10, 4), (5, 0, 10, 8, 1), (9,), (12, 1, 3, 0)],
    [],
    [(0, 1, 3, 0), (0, 1, 3, 7), (6, 0, 10, 8)],
]
MAP = reference.document(reference.encode(LINES), sourcesContent=["// a", None])


def place(line: int, column: int, source_map_text: str = MAP) -> tuple[Any, ...] | None:
    found = parse_source_map(source_map_text).original(line, column)
    if found is None:
        return None
    return found.source, found.position.line, found.position.column, found.name


def test_a_mapping_holds_everything_about_a_place() -> None:
    assert parse_source_map(MAP).original(0, 5) == OriginalMapping(
        source_index=0, source="a.js", position=Position(10, 8), name="y"
    )


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (0, 0, None),  # before the first segment of the line
        (0, 2, ("a.js", 10, 4, None)),
        (0, 4, ("a.js", 10, 4, None)),  # the last one at or before
        (0, 8, ("a.js", 10, 8, "y")),
        (0, 9, None),  # a one-field segment: no source
        (0, 11, None),
        (0, 10**12, ("b.js", 3, 0, None)),
        (1, 0, None),  # a line without segments does not look into another one
        (2, 0, ("b.js", 3, 0, None)),  # of several at that very column the first
        (2, 3, ("b.js", 3, 7, None)),  # of several before it the last
        (3, 0, None),
        (10**12, 0, None),
        (-1, 5, None),
        (0, -1, None),
    ],
)
def test_the_last_segment_at_or_before_the_column_counts(
    line: int, column: int, expected: tuple[Any, ...] | None
) -> None:
    assert place(line, column) == expected


def test_many_look_ups_give_arrays() -> None:
    found = parse_source_map(MAP).originals([0, 0, 1, 2], [5, 9, 0, 7])
    assert found.source.tolist() == [0, -1, -1, 0]
    assert found.line.tolist() == [10, -1, -1, 10]
    assert found.column.tolist() == [8, -1, -1, 8]
    assert found.name.tolist() == [1, -1, -1, -1]
    assert {array.dtype for array in found} == {np.dtype(np.int32)}


@given(st.lists(st.tuples(st.integers(-2, 4), st.integers(-2, 15))))
@settings(deadline=None)
def test_many_look_ups_agree_with_single_ones(places: list[tuple[int, int]]) -> None:
    source_map = parse_source_map(MAP)
    many = source_map.originals([line for line, _ in places], [column for _, column in places])
    for (line, column), *row in zip(places, *(each.tolist() for each in many), strict=True):
        single = source_map.original(line, column)
        if single is None:
            assert row == [-1, -1, -1, -1]
        else:
            assert row[:3] == [single.source_index, single.position.line, single.position.column]


def test_an_original_place_gives_all_that_it_became() -> None:
    source_map = parse_source_map(MAP)
    assert source_map.generated(0, 10, 8) == (Position(0, 5), Position(2, 6))
    assert source_map.generated(0, 10) == (Position(0, 2), Position(0, 5), Position(2, 6))
    assert source_map.generated(1, 3) == (Position(0, 12), Position(2, 0))


def test_the_first_mapped_column_at_or_after_the_one_asked_for_counts() -> None:
    source_map = parse_source_map(MAP)
    assert source_map.generated(0, 10, 0) == (Position(0, 2),)
    assert source_map.generated(0, 10, 5) == (Position(0, 5), Position(2, 6))
    assert source_map.generated(0, 10, 9) == ()


def test_many_original_places_give_rows_for_each() -> None:
    found = parse_source_map(MAP).all_generated(
        [0, 1, 7, 0, -1, 1], [10, 3, 0, 11, 0, 3], [8, 1, 0, 0, 0, -5]
    )
    assert found.query.tolist() == [0, 0, 1, 5, 5]
    assert found.line.tolist() == [0, 2, 2, 0, 2]
    assert found.column.tolist() == [5, 6, 0, 12, 0]


def test_an_original_line_does_not_give_the_places_of_the_next_one() -> None:
    lines: list[list[reference.Segment]] = [[(0, 0, 10, 0), (4, 0, 12, 0), (4, 0, 12, 0)]]
    source_map = parse_source_map(reference.document(reference.encode(lines)))
    assert source_map.generated(0, 11, 0) == ()
    assert source_map.generated(0, 10, 1) == ()
    assert source_map.generated(0, 12, 0) == (Position(0, 4),)  # twice in the map, one place


@pytest.mark.parametrize("asked", [(0, 11), (2, 0), (-1, 3), (0, -1), (0, 10**12), (1, 10, 0)])
def test_an_original_place_that_is_not_mapped_became_nothing(asked: tuple[int, ...]) -> None:
    assert parse_source_map(MAP).generated(*asked) == ()


def test_sources_are_resolved_and_kept_as_they_are_spelled() -> None:
    source_map = parse_source_map(
        reference.document(
            "",
            sourceRoot="../src",
            sources=["a.ts", "./b/../c.ts", "webpack://x/./d.ts", None],
            sourcesContent=["let a", None],
        ),
        base_url="file:///home/ada/shop/dist/out.js.map",
    )
    # A source root goes before whatever the source is, as the standard says.
    assert source_map.sources == (
        "file:///home/ada/shop/src/a.ts",
        "file:///home/ada/shop/src/c.ts",
        "file:///home/ada/shop/src/webpack://x/d.ts",
        None,
    )
    assert source_map.source_names == ("a.ts", "./b/../c.ts", "webpack://x/./d.ts", None)
    assert source_map.sources_content == ("let a", None, None, None)


@pytest.mark.parametrize("root", ["", None])
def test_an_empty_source_root_is_none(root: str | None) -> None:
    source_map = parse_source_map(
        reference.document("", sourceRoot=root, sources=["../src/a.ts", "webpack:///./b.ts"]),
        base_url="/home/ada/shop/dist/out.js.map",
    )
    assert source_map.sources == ("/home/ada/shop/src/a.ts", "webpack:///./b.ts")


def test_further_fields_are_read() -> None:
    source_map = parse_source_map(
        reference.document("", file="out.js", debugId="0b8f", ignoreList=[1], unknown=[1])
    )
    assert source_map.file == "out.js"
    assert source_map.debug_id == "0b8f"
    assert source_map.ignored == {1}


def test_the_older_ignore_list_counts_where_the_newer_is_missing() -> None:
    assert parse_source_map(reference.document("", x_google_ignoreList=[0])).ignored == {0}
    both = reference.document("", x_google_ignoreList=[0], ignoreList=[1])
    assert parse_source_map(both).ignored == {1}


def test_a_map_without_names_and_segments_answers_nothing() -> None:
    source_map = parse_source_map('{"version":3,"sources":[],"mappings":""}')
    assert source_map.original(0, 0) is None
    assert source_map.originals([0, 1], [0, 0]).source.tolist() == [-1, -1]
    assert source_map.generated(0, 0) == ()


def test_utf_16_columns_are_left_as_they_are() -> None:
    """A column is a number of the map; the decoder must not count characters on its own."""
    text = reference.document(reference.encode([[(4, 0, 0, 2)]]), sourcesContent=["😀x"])
    assert place(0, 4, text) == ("a.js", 0, 2, None)


@pytest.mark.parametrize(
    "data",
    [
        MAP.encode(),
        b"\xef\xbb\xbf" + MAP.encode(),
        b")]}'\n" + MAP.encode(),
        b")]}',garbage\r\n" + MAP.encode(),
        "\ufeff" + MAP,
        MAP,
    ],
)
def test_prefixes_are_skipped(data: bytes | str) -> None:
    assert parse_source_map(data).names == ("x", "y", "z")


def index_map(*sections: tuple[int, int, str]) -> str:
    entries = [
        {"offset": {"line": line, "column": column}, "map": json.loads(text)}
        for line, column, text in sections
    ]
    return json.dumps({"version": 3, "file": "all.js", "sections": entries})


def test_sections_stand_at_their_offsets() -> None:
    first = reference.document(reference.encode([[(0, 0, 0, 0, 2)], [(1, 1, 1, 1)]]))
    second = reference.document(
        reference.encode([[(0, 0, 5, 0, 0)], [(3, 1, 6, 0)]]),
        sources=["c.js", "d.js"],
        names=["w"],
        ignoreList=[1],
    )
    source_map = parse_source_map(index_map((0, 0, first), (1, 10, second)))
    assert source_map.sources == ("a.js", "b.js", "c.js", "d.js")
    assert source_map.names == ("x", "y", "z", "w")
    assert source_map.ignored == {3}
    text = index_map((0, 0, first), (1, 10, second))
    assert place(0, 0, text) == ("a.js", 0, 0, "z")
    assert place(1, 9, text) == ("b.js", 1, 1, None)
    assert place(1, 10, text) == ("c.js", 5, 0, "w")
    assert place(2, 3, text) == ("d.js", 6, 0, None)  # only the first line is moved sidewards
    assert source_map.generated(2, 5) == (Position(1, 10),)


def test_a_section_ends_where_the_next_begins() -> None:
    first = reference.document(reference.encode([[(0, 0, 0, 0), (8, 0, 0, 8)], [(0, 0, 1, 0)]]))
    second = reference.document(reference.encode([[(2, 1, 0, 2)]]))
    text = index_map((0, 0, first), (0, 5, second))
    assert place(0, 6, text) == ("a.js", 0, 0, None)
    assert place(0, 8, text) == ("b.js", 0, 2, None)
    assert place(1, 0, text) is None


def test_sections_may_hold_sections() -> None:
    plain = reference.document(reference.encode([[(1, 0, 7, 0)], [(2, 1, 8, 0)]]))
    inner = index_map((0, 3, plain), (5, 0, plain))
    text = index_map((10, 4, inner), (15, 2, plain))
    assert place(10, 4 + 3 + 1, text) == ("a.js", 7, 0, None)
    assert place(11, 2, text) == ("b.js", 8, 0, None)
    assert place(15, 1, text) == ("a.js", 7, 0, None)  # the inner second section, up to column 2
    assert place(15, 3, text) == ("a.js", 7, 0, None)
    assert place(16, 2, text) == ("b.js", 8, 0, None)


def test_inner_sections_end_where_the_outer_one_does() -> None:
    plain = reference.document(reference.encode([[(0, 0, line, 0)] for line in range(4)]))
    text = index_map((0, 0, index_map((0, 0, plain), (9, 0, plain))), (2, 5, plain))
    assert place(2, 4, text) == ("a.js", 2, 0, None)
    assert place(2, 5, text) == ("a.js", 0, 0, None)
    source_map = parse_source_map(text)
    assert source_map.generated(0, 3) == ()
    assert source_map.generated(4, 3) == (Position(5, 0),)
    assert place(9, 0, text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        (")]}'", "not JSON"),
        ('{"version": NaN}', "NaN is no JSON value"),
        (reference.document("", version=True), "version is not 3"),
        (reference.document("", names=[None]), "names hold something that is not a string"),
        (reference.document("", ignoreList=[0.5]), "not a whole number"),
        (reference.document("", ignoreList=[True]), "not a whole number"),
        (reference.document("", sourceRoot=1), "sourceRoot is not a string"),
        (index_map((0, 0, MAP), (2**31, 0, MAP)), "beyond 2^31"),
        (index_map((2**31 - 1, 0, MAP)), "beyond 2^31"),
        (index_map((0, 2**31 - 1, MAP)), "beyond 2^31"),
        (index_map((0, 0, '{"version":3,"sources":[]}')), "no mappings string"),
        ('{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"a.map"}]}', "no map"),
        ('{"version":3,"sections":[7]}', "section of the source map is not an object"),
    ],
)
def test_broken_maps_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(SourceMapError) as refused:
        parse_source_map(text)
    assert reason in refused.value.problem
    assert "\n" not in str(refused.value)
