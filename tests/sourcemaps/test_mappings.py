"""The mappings field, held against a plain implementation of the standard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.errors import SourceMapError
from leakline.sourcemaps.mappings import Segments, decode_mappings

from . import reference

SOURCES, NAMES = 3, 4
LARGEST = 2**31 - 1

small = st.integers(0, 40)
number = st.one_of(small, st.integers(0, LARGEST))
one_field = st.tuples(number)
four_fields = st.tuples(number, st.integers(0, SOURCES - 1), number, number)
five_fields = st.tuples(
    number, st.integers(0, SOURCES - 1), number, number, st.integers(0, NAMES - 1)
)
some_lines = st.lists(st.lists(st.one_of(one_field, four_fields, five_fields)), max_size=30)


def rows(segments: Segments) -> list[reference.Row]:
    keys = segments.generated
    columns = (segments.source, segments.line, segments.column, segments.name)
    return list(zip(*(c.tolist() for c in (keys >> 31, keys & LARGEST, *columns)), strict=True))


def decoded(mappings: str) -> list[reference.Row]:
    return rows(decode_mappings(mappings, sources=SOURCES, names=NAMES))


@given(some_lines)
@settings(deadline=None)
def test_what_is_encoded_is_decoded(lines: list[list[reference.Segment]]) -> None:
    assert decoded(reference.encode(lines)) == reference.rows(lines)


@given(st.text(st.sampled_from("AACDEFggh9/+,,;;" + "=é"), max_size=60))
@settings(deadline=None, max_examples=1000)
def test_any_text_is_read_or_refused_as_the_standard_says(mappings: str) -> None:
    try:
        expected = reference.rows(reference.decode(mappings, sources=SOURCES, names=NAMES))
    except reference.MappingsError:
        with pytest.raises(SourceMapError, match="the source map's mappings have"):
            decoded(mappings)
    else:
        assert decoded(mappings) == expected


@given(some_lines, st.data())
@settings(deadline=None)
def test_one_changed_character_is_read_or_refused_as_the_standard_says(
    lines: list[list[reference.Segment]], data: st.DataObject
) -> None:
    mappings = reference.encode(lines) + ";"
    place = data.draw(st.integers(0, len(mappings) - 1))
    other = data.draw(st.sampled_from(reference.DIGITS + ",;! "))
    mappings = mappings[:place] + other + mappings[place + 1 :]
    try:
        expected = reference.rows(reference.decode(mappings, sources=SOURCES, names=NAMES))
    except reference.MappingsError:
        with pytest.raises(SourceMapError):
            decoded(mappings)
    else:
        assert decoded(mappings) == expected


def test_long_fields_are_decoded_over_the_joints_of_their_pieces() -> None:
    random = np.random.default_rng(5)
    lines: list[list[reference.Segment]] = []
    for _ in range(4_000):
        columns = np.sort(random.integers(0, 5_000, random.integers(0, 30)))
        line: list[reference.Segment] = []
        for column in columns.tolist():
            tail = random.integers(0, (SOURCES, 100_000, 300, NAMES)).tolist()
            line.append((column, *tail)[: (1, 4, 5, 5)[int(random.integers(4))]])
        lines.append(line)
    mappings = reference.encode(lines)
    assert len(mappings) > 5 * 2**16
    assert decoded(mappings) == reference.rows(lines)


def test_one_long_line_is_decoded_over_the_joints_of_its_pieces() -> None:
    line = [(column, column % SOURCES, 7, column % 91) for column in range(0, 300_000, 7)]
    assert len(reference.encode([line])) > 2**17
    assert decoded(reference.encode([line])) == reference.rows([line])


def test_a_comma_without_a_segment_is_noticed_over_the_joint_of_two_pieces() -> None:
    with pytest.raises(SourceMapError, match="a segment without fields"):
        decoded("C," * 2**15 + ";A")
    assert len(decoded("C," * (2**15 - 1) + "C;A")) == 2**15 + 1


def test_segments_out_of_order_are_put_in_order_and_equal_ones_keep_theirs() -> None:
    line = [(9, 0, 1, 1), (3, 0, 2, 2), (9, 1, 3, 3), (3,)]
    assert decoded(reference.encode([[], line])) == [
        (1, 3, 0, 2, 2, -1),
        (1, 3, -1, -1, -1, -1),
        (1, 9, 0, 1, 1, -1),
        (1, 9, 1, 3, 3, -1),
    ]


def test_columns_are_as_narrow_as_they_are_documented() -> None:
    segments = decode_mappings("AAAA,CAAC;EAAG", sources=1, names=0)
    assert segments.generated.dtype == np.int64
    for column in (segments.source, segments.line, segments.column, segments.name):
        assert column.dtype == np.int32


@pytest.mark.parametrize(
    ("mappings", "line", "reason"),
    [
        (";;A!", 3, "no base64 digit"),
        (";AAAA,g", 2, "last digit is missing"),
        ("AAAA,;A", 1, "a segment without fields"),
        ("A;,A", 2, "a segment without fields"),
        ("A;A,", 2, "a segment without fields"),
        ("A;AAAAAA", 2, "neither one, four nor five fields"),
        ("A;;gggggggB", 3, "more than 32 bits"),
        ("A;+////////B", 2, "more than 32 bits"),
        ("A;D", 2, "a negative generated column"),
        ("A;B", 2, "a negative generated column"),
        ("AAAA;ADAA", 2, "a negative source index"),
        ("AAAA;AGAA", 2, "the source index 3, where the last one is 2"),
        ("AAAA;AAAAI", 2, "the name index 4, where the last one is 3"),
        ("A;+/////D,C", 2, "the generated column 2147483648"),
    ],
)
def test_refusals_name_the_line_and_the_reason(mappings: str, line: int, reason: str) -> None:
    with pytest.raises(SourceMapError) as refused:
        decoded(mappings)
    assert f"at generated line {line}, " in refused.value.problem
    assert reason in refused.value.problem
