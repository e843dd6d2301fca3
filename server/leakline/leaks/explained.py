"""A growth that is told by a detector which knows more of it than that it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Slots
from leakline.leaks.fingerprint import fingerprint
from leakline.leaks.grown import Growth
from leakline.leaks.holders import nearest_above
from leakline.leaks.model import Finding
from leakline.leaks.rounds import grows_in_every_round, rounds_of
from leakline.leaks.series import Series

# From this share of a growth on it is told as what it consists of.
MIN_EXPLAINED_SHARE = 0.5

Part = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Ordinals of some nodes of a snapshot, and the bytes that each of them stands for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A growth with what it consists of.

    Attributes:
        growth: The growth.
        count: How many nodes of the kind the slot holds in the newest snapshot.
        size: Bytes that they stand for there.
    """

    growth: Growth
    count: int
    size: int


def explain_growth(
    series: Series, growing: Sequence[Growth], part_of: Callable[[Slots], Part]
) -> tuple[list[Explained], list[Growth]]:
    """Parts those growths that consist mostly of certain nodes from the others.

    Args:
        series: At least two snapshots.
        growing: The slots that grow.
        part_of: Gives a snapshot's nodes of the kind.

    Returns:
        The growths that do, and those that do not.
    """
    if not growing:
        return [], []
    parts = [part_of(snapshot.slots) for snapshot in series.snapshots]
    totals = [int(sizes.sum()) for _, sizes in parts]
    if not grows_in_every_round(rounds_of(totals), series.requests):
        return [], list(growing)
    held = [
        _held(snapshot.slots, part, [growth.values[i] for growth in growing])
        for i, (snapshot, part) in enumerate(zip(series.snapshots, parts, strict=True))
    ]
    found: list[Explained] = []
    left: list[Growth] = []
    for row, growth in enumerate(growing):
        rounds = rounds_of([sizes[row] for _, sizes in held])
        # Of a field that several elements have, only one element's value is known throughout.
        retained = rounds_of(
            [
                int(snapshot.slots.graph.retained_size[value])
                for snapshot, value in zip(series.snapshots, growth.values, strict=True)
            ]
        )
        mostly = sum(rounds) >= MIN_EXPLAINED_SHARE * sum(retained)
        if mostly and grows_in_every_round(rounds, series.requests):
            counts, sizes = held[-1]
            found.append(Explained(growth, counts[row], sizes[row]))
        else:
            left.append(growth)
    return found, left


def recoded(finding: Finding, code: str, message: str) -> Finding:
    """The finding under another detector's code.

    Args:
        finding: As the detector of growth made it.
        code: The code.
        message: The message.
    """
    return replace(
        finding,
        code=code,
        message=message,
        fingerprint=fingerprint(code, finding.fingerprint, finding.root),
    )


def _held(slots: Slots, part: Part, values: Sequence[int]) -> tuple[list[int], list[int]]:
    """For each value how many of the nodes hang below it, and their bytes."""
    nodes, sizes = part
    nearest = nearest_above(slots.graph, values)[nodes]
    below = [nearest == value for value in values]
    return [int(each.sum()) for each in below], [int(sizes[each].sum()) for each in below]
