"""Whether a figure went up in every round of a series: the weakest round decides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

MIN_BYTES_PER_REQUEST = 1.0

# Without request counts: growth below this many bytes per snapshot is noise.
MIN_BYTES_PER_SNAPSHOT = 64


def rounds_of(figures: Sequence[int]) -> tuple[int, ...]:
    """What each round added.

    Args:
        figures: Bytes, or a count, in each snapshot.
    """
    return tuple(after - before for before, after in pairwise(figures))


def limits_of(
    requests: Sequence[int | None],
    *,
    per_request: float = MIN_BYTES_PER_REQUEST,
    per_snapshot: float = MIN_BYTES_PER_SNAPSHOT,
) -> list[float]:
    """The least that each round must add to count as growth.

    Args:
        requests: Requests answered before each snapshot; None where nobody counted.
        per_request: The least per request.
        per_snapshot: The least in a round whose requests nobody counted.
    """
    limits: list[float] = []
    for before, after in pairwise(requests):
        if before is None or after is None or after <= before:
            limits.append(per_snapshot)
        else:
            limits.append(per_request * (after - before))
    return limits


def exceeds(rounds: Sequence[int], limits: Sequence[float]) -> bool:
    """Whether every round added enough; False where there is no round."""
    return bool(rounds) and all(a >= b for a, b in zip(rounds, limits, strict=True))


def grows_in_every_round(rounds: Sequence[int], requests: Sequence[int | None]) -> bool:
    """Whether every round added enough bytes to count as growth.

    Args:
        rounds: What each round added, bytes; False where there is none.
        requests: Requests answered before each snapshot.
    """
    return exceeds(rounds, limits_of(requests))
