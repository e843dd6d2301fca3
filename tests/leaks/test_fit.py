"""How well a straight line fits a series is told in a figure."""

from __future__ import annotations

import pytest

from leakline.leaks.fit import Fit, fit_of
from leakline.leaks.model import SeriesPoint


def series(*points: tuple[int | None, int, int | None]) -> tuple[SeriesPoint, ...]:
    return tuple(SeriesPoint(*point) for point in points)


def test_even_growth_fits_whole() -> None:
    even = series((60, 1_000, 10), (120, 7_000, 70), (180, 13_000, 130), (240, 19_000, 190))
    assert fit_of(even) == Fit(pytest.approx(1.0), 1.0)
    assert fit_of(even).in_words() == "linear fit R² 1.000, +1 elements/request"


def test_growth_over_unequal_rounds_is_fitted_over_the_requests() -> None:
    uneven = series((10, 1_000, None), (20, 2_000, None), (100, 10_000, None))
    assert fit_of(uneven).r_squared == pytest.approx(1.0)
    by_snapshot = series((None, 1_000, None), (None, 2_000, None), (None, 10_000, None))
    # 1000, 2000, 10000 over 0, 1, 2: r is 9000 / sqrt(2 * 48.67e6).
    assert fit_of(by_snapshot).r_squared == pytest.approx(0.832, abs=0.001)


def test_growth_in_jumps_fits_badly() -> None:
    jumps = series((0, 100, 3), (10, 110, 3), (20, 120, 3), (30, 9_000, 90))
    fit = fit_of(jumps)
    assert fit.r_squared is not None
    assert fit.r_squared < 0.7
    assert fit.elements_per_request == 0
    assert "/request" not in fit.in_words()


@pytest.mark.parametrize(
    "told",
    [
        series((60, 1_000, None)),
        series((60, 1_000, None), (120, 2_000, None)),
        series((60, 1_000, None), (120, 1_000, None), (180, 1_000, None)),
        series((60, 1_000, None), (60, 2_000, None), (60, 3_000, None)),
    ],
)
def test_what_tells_nothing_has_no_figure(told: tuple[SeriesPoint, ...]) -> None:
    assert fit_of(told) == Fit(None, None)
    assert fit_of(told).in_words() == ""


def test_a_string_counts_characters() -> None:
    assert Fit(0.9987, 25.0).in_words("characters") == (
        "linear fit R² 0.998, +25 characters/request"
    )
