"""Source maps made to do harm: they are refused, or handled in time linear in their length."""

from __future__ import annotations

import contextlib
import json
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.errors import SourceMapError
from leakline.positions import Position
from leakline.sourcemaps import decode_data_url, find_source_mapping_url, parse_source_map

from . import reference

LARGEST = 2**31 - 1


@given(st.one_of(st.binary(), st.text().map(str.encode), st.binary().map(b"{".__add__)))
@settings(deadline=None)
def test_random_bytes_give_a_clear_error(data: bytes) -> None:
    with pytest.raises(SourceMapError) as refused:
        parse_source_map(data)
    assert refused.value.problem


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("version", "mappings", "sources", "names", "sourcesContent", "sourceRoot", "file")


@given(
    st.dictionaries(st.sampled_from((*FIELDS, "sections", "ignoreList", "debugId")), json_values),
)
@settings(deadline=None)
def test_fields_of_any_kind_are_read_or_refused(fields: dict[str, object]) -> None:
    usual = {"version": 3, "sources": ["a"], "mappings": "AAAA"}
    with contextlib.suppress(SourceMapError):
        parse_source_map(json.dumps({**usual, **fields})).original(0, 0)


def test_a_hundred_megabytes_of_semicolons_cost_nothing_to_keep() -> None:
    text = reference.document(";" * 100_000_000 + "AAAA")
    tracemalloc.start()
    try:
        source_map = parse_source_map(text)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    found = source_map.original(100_000_000, 0)
    assert found is not None
    assert found.position == Position(0, 0)
    assert kept < 1_000_000
    # The text of the field itself and a few pieces.
    assert peak < 120_000_000


def test_a_segment_at_column_ten_to_the_ninth_is_one_segment() -> None:
    source_map = parse_source_map(
        reference.document(reference.encode([[(10**9, 0, 10**9, 10**9)]]))
    )
    found = source_map.original(0, LARGEST)
    assert found is not None
    assert found.position == Position(10**9, 10**9)
    assert source_map.segments.generated.size == 1
    assert source_map.generated(0, 10**9) == (Position(0, 10**9),)


def test_columns_that_add_up_beyond_31_bits_are_refused() -> None:
    with pytest.raises(SourceMapError, match="generated column"):
        parse_source_map(reference.document(reference.encode([[(LARGEST,), (LARGEST + 5,)]])))


def test_a_number_of_a_hundred_million_digits_is_refused() -> None:
    with pytest.raises(SourceMapError, match="a segment of more than 65536 characters"):
        parse_source_map(reference.document("g" * 100_000_000 + "A"))


def deep(opening: str, closing: str) -> str:
    return opening * 200_000 + closing * 200_000


@pytest.mark.parametrize(
    "text",
    [
        deep("[", "]"),
        deep('{"a":', "}"),
        '{"version":' + deep("[", "]") + "}",
        '{"version":' + "9" * 100_000 + "}",
        '{"version":3,"sections":[{"offset":{"line":1e400,"column":0},"map":{}}]}',
        '{"version":3,"sections":[{"offset":{"line":1e300,"column":0},"map":{}}]}',
    ],
)
def test_json_made_to_do_harm_is_refused(text: str) -> None:
    with pytest.raises(SourceMapError):
        parse_source_map(text)


def test_sections_in_sections_are_refused_beyond_a_few() -> None:
    text = reference.document("AAAA")
    for _ in range(20):
        text = f'{{"version":3,"sections":[{{"offset":{{"line":0,"column":0}},"map":{text}}}]}}'
    with pytest.raises(SourceMapError, match="nests sections too deeply"):
        parse_source_map(text)


def test_a_long_root_before_many_sources_is_refused() -> None:
    text = reference.document("", sourceRoot="a" * 1_000_000, sources=[""] * 300_000)
    with pytest.raises(SourceMapError, match="root is too long for the number of its sources"):
        parse_source_map(text)


def test_sources_with_lone_surrogates_do_not_break_anything() -> None:
    source_map = parse_source_map('{"version":3,"sources":["\\ud800.js"],"mappings":"AAAA"}')
    found = source_map.original(0, 0)
    assert found is not None
    assert found.source == "\ud800.js"


def seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    with contextlib.suppress(SourceMapError):
        action()
    return time.process_time() - start


def sections(length: int) -> str:
    plain = {"version": 3, "sources": [], "mappings": ""}
    offsets = [{"line": line, "column": 0} for line in range(length // 500)]
    return json.dumps(
        {"version": 3, "sections": [{"offset": offset, "map": plain} for offset in offsets]}
    )


MAPS: dict[str, Callable[[int], str]] = {
    "semicolons": lambda n: reference.document(";" * n),
    "commas": lambda n: reference.document("," * n),
    "segments": lambda n: reference.document("AAAA," * (n // 5) + "A"),
    "long numbers": lambda n: reference.document(("g" * 60_000 + "A,") * (n // 60_000) + "A"),
    "lines backwards": lambda n: reference.document("2H,D;" * (n // 5)),
    "sections": sections,
    "dotted sources": lambda n: reference.document("", sources=["../" * (n // 3)]),
    "many sources": lambda n: reference.document("", sources=["a"] * (n // 50)),
}

LINKS: dict[str, Callable[[int], str]] = {
    "links without effect": lambda n: "// sourceMappingURL=\n" * (n // 21),
    "one long line of comments": lambda n: "/*# sourceMappingURL=a b*/" * (n // 26),
    "open comments": lambda n: "/*" * (n // 2) + "sourceMappingURL=",
    "slashes": lambda n: "/ " * (n // 2) + "sourceMappingURL=",
    "a long link": lambda n: "//# sourceMappingURL=" + "a" * n + " " * n + "b",
    "blank lines": lambda n: "//# sourceMappingURL=a" + "\n" * n,
}


def assert_linear(action: Callable[[str], object], shape: Callable[[int], str]) -> None:
    """Four times the length may take ten times as long on a busy machine, but not sixteen."""
    small, large = shape(500_000), shape(2_000_000)
    short = min(seconds(lambda: action(small)) for _ in range(3))
    long = min(seconds(lambda: action(large)) for _ in range(2))
    assert long < 10 * short + 0.5
    assert long < 10


@pytest.mark.parametrize("shape", MAPS)
def test_the_time_to_read_a_map_grows_with_its_length_only(shape: str) -> None:
    assert_linear(lambda text: parse_source_map(text, base_url="file:///a/b.map"), MAPS[shape])


@pytest.mark.parametrize("shape", LINKS)
def test_the_time_to_find_a_link_grows_with_the_length_only(shape: str) -> None:
    assert_linear(find_source_mapping_url, LINKS[shape])


def test_the_time_to_decode_a_data_url_grows_with_its_length_only() -> None:
    assert_linear(
        decode_data_url, lambda n: "data:" + ";base64" * (n // 14) + "," + " A" * (n // 4)
    )
