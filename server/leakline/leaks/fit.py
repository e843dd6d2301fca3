"""How well a straight line fits a series: whether something grows evenly or in jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import correlation, median

from leakline.leaks.model import Finding, SeriesPoint

# A straight line fits any two points.
MIN_POINTS = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """The line of least squares through a series, and how many elements came.

    Attributes:
        r_squared: The share of the sizes' variance that a straight line over the requests (over
            the snapshots, where nobody counted requests) explains, from 0 to 1; None where fewer
            than three sizes, or equal ones, tell nothing.
        elements_per_request: Elements, or characters of a string, that came per request, in the
            middle one of the rounds; None where neither, or no request, was counted.
    """

    r_squared: float | None
    elements_per_request: float | None

    def in_words(self, counted: str = "elements", unit: str = "request") -> str:
        """``linear fit R² 0.998, +1 elements/request``; empty where nothing is known.

        Args:
            counted: What the root holds.
            unit: What is counted as requests.
        """
        told: list[str] = []
        if self.r_squared is not None:
            # Cut off, not rounded: 1.000 is for what fits without any remainder.
            told.append(f"linear fit R² {int(self.r_squared * 1000 + 1e-6) / 1000:.3f}")
        # None may come where it is the elements themselves that grow.
        if self.elements_per_request:
            told.append(f"{self.elements_per_request:+.3g} {counted}/{unit}")
        return ", ".join(told)


def fit_of(series: Sequence[SeriesPoint]) -> Fit:
    """Fits a straight line through the sizes of a series.

    Args:
        series: The root in each snapshot, oldest first.
    """
    return Fit(_r_squared(series), _elements_per_request(series))


def counted_in(finding: Finding) -> str:
    """What the root's size is counted in: its trace ends with what it holds."""
    held = finding.trace[-1].label if finding.trace else ""
    return "characters" if "string" in held.rpartition("->")[2] else "elements"


def _r_squared(series: Sequence[SeriesPoint]) -> float | None:
    counted = [point.requests for point in series if point.requests is not None]
    at = counted if len(counted) == len(series) else list(range(len(series)))
    sizes = [point.retained_size for point in series]
    if len(sizes) < MIN_POINTS or len(set(sizes)) == 1 or len(set(at)) == 1:
        return None
    # With one explanatory variable this is the square of Pearson's r.
    return min(correlation(at, sizes) ** 2, 1.0)


def _elements_per_request(series: Sequence[SeriesPoint]) -> float | None:
    rates: list[float] = []
    for old, new in pairwise(series):
        if old.requests is None or new.requests is None or new.requests <= old.requests:
            return None
        if old.element_count is None or new.element_count is None:
            return None
        rates.append((new.element_count - old.element_count) / (new.requests - old.requests))
    return median(rates) if rates else None
