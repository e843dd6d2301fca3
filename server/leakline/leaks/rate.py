"""How fast something grows, in figures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from leakline.leaks.figures import format_bytes, format_growth, format_growth_per_snapshot


@dataclass(frozen=True, slots=True)
class Rate:
    """A growth over a series.

    Attributes:
        per_request: Bytes per request; None where nobody counted.
        per_snapshot: Bytes per snapshot.
        requests: Requests answered before the newest snapshot; None where nobody counted.
        snapshots: How many snapshots the series has.
        unit: What is counted as requests.
    """

    per_request: float | None
    per_snapshot: float
    requests: int | None
    snapshots: int
    unit: str = "request"

    def in_words(self, retained: int) -> str:
        """``per request: +25 B/request, 24.7 kB retained after 900 requests``.

        Args:
            retained: Bytes retained in the newest snapshot.
        """
        if self.per_request is not None:
            return (
                f"per {self.unit}: {format_growth(self.per_request, self.unit)}, "
                f"{format_bytes(retained)} retained after {self.requests} {self.unit}s"
            )
        return (
            f"per snapshot: {format_growth_per_snapshot(self.per_snapshot)}, "
            f"{format_bytes(retained)} retained after {self.snapshots} snapshots"
        )


def growth_rate(
    rounds: Sequence[int], requests: Sequence[int | None], unit: str = "request"
) -> Rate:
    """The rate of a series: the middle one of its rounds' rates.

    One round in which V8 collected less garbage than in the others, or flattened strings that
    it left alone before, does not move it.

    Args:
        rounds: Growth in each round, bytes; at least one round.
        requests: Requests answered before each snapshot.
        unit: What is counted as requests.
    """
    per_snapshot = sum(rounds) / len(rounds)
    rates: list[float] = []
    for grown, (before, after) in zip(rounds, pairwise(requests), strict=True):
        if before is None or after is None or after <= before:
            return Rate(None, per_snapshot, None, len(rounds) + 1)
        rates.append(grown / (after - before))
    return Rate(median(rates), per_snapshot, requests[-1], len(rounds) + 1, unit)
