"""Sizes read as in Chrome DevTools."""

from __future__ import annotations

import math

import pytest

from leakline.report.figures import (
    format_bytes,
    format_growth,
    format_growth_per_snapshot,
    sparkline,
)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (25, "25 B"),
        (24.6, "25 B"),
        (999, "999 B"),
        (999.6, "1.0 kB"),
        (1000, "1.0 kB"),
        (24_700, "24.7 kB"),
        (99_949, "99.9 kB"),
        (99_951, "100 kB"),
        (999_400, "999 kB"),
        (999_600, "1.0 MB"),
        (1_310_000, "1.3 MB"),
        (131_000_000, "131 MB"),
        (1_500_000_000, "1.5 GB"),
        (5e15, "5000 TB"),
        (-2_480, "-2.5 kB"),
        (-0.2, "0 B"),
    ],
)
def test_sizes(size: float, text: str) -> None:
    assert format_bytes(size) == text


@pytest.mark.parametrize(
    ("growth", "text"),
    [
        (25, "+25 B/request"),
        (24.8, "+25 B/request"),
        (2.5, "+2.5 B/request"),
        (2.0, "+2 B/request"),
        (9.96, "+10 B/request"),
        (0.01, "0 B/request"),
        (0, "0 B/request"),
        (6_460.2, "+6.5 kB/request"),
        (-40, "-40 B/request"),
    ],
)
def test_growth_has_a_sign(growth: float, text: str) -> None:
    assert format_growth(growth) == text


def test_growth_per_snapshot() -> None:
    assert format_growth_per_snapshot(2_480) == "+2.5 kB/snapshot"


@pytest.mark.parametrize("size", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(size: float) -> None:
    with pytest.raises(ValueError, match="not a size"):
        format_bytes(size)


def test_sparkline_spans_the_whole_height() -> None:
    assert sparkline([19_416, 44_216, 69_016, 93_816]) == "▁▃▆█"


def test_flat_series_is_flat() -> None:
    assert sparkline([7, 7, 7]) == "▁▁▁"


def test_empty_series_is_empty() -> None:
    assert sparkline([]) == ""
