"""Whether a figure went up in every round of a series."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from leakline.leaks.growth import MIN_BYTES_PER_REQUEST, MIN_BYTES_PER_SNAPSHOT


def rounds_of(sizes: Sequence[int]) -> tuple[int, ...]:
    """What each round added, bytes.

    Args:
        sizes: Bytes in each snapshot.
    """
    return tuple(after - before for before, after in pairwise(sizes))


def grows_in_every_round(rounds: Sequence[int], requests: Sequence[int | None]) -> bool:
    """Whether every round added enough to count as growth, as for ``growing-variable``.

    Args:
        rounds: What each round added, bytes; False where there is none.
        requests: Requests answered before each snapshot.
    """
    if not rounds:
        return False
    limits: list[float] = []
    for before, after in pairwise(requests):
        counted = before is not None and after is not None and after > before
        limits.append(
            MIN_BYTES_PER_REQUEST * (after - before)
            if counted and before is not None and after is not None
            else MIN_BYTES_PER_SNAPSHOT
        )
    return all(a >= b for a, b in zip(rounds, limits, strict=True))
