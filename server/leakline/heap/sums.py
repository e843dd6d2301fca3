"""Sums over groups of nodes: what each class, or any other group, keeps alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leakline.heap import kernels
from leakline.heap.classes import Classes, ClassKey
from leakline.heap.engine import view
from leakline.heap.shapes import filled
from leakline.memory import zeros


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """The nodes of one class that have a size, added up.

    Attributes:
        key: The class.
        count: How many there are.
        shallow_size: Bytes of their own.
        retained_size: Bytes that would go with all of them.
        distance: The smallest distance of any.
    """

    key: ClassKey
    count: int
    shallow_size: int
    retained_size: int
    distance: int


@dataclass(frozen=True, slots=True)
class OwnSums:
    """The nodes of each group that have a size, added up.

    Attributes:
        count: ``q`` per group: how many there are.
        shallow: ``q`` per group: bytes of their own.
        distance: ``i`` per group: the smallest distance of any.
    """

    count: memoryview
    shallow: memoryview
    distance: memoryview


def sum_own(
    group_of: Any,  # noqa: ANN401 - a buffer
    groups: int,
    shallow: memoryview,
    distance: memoryview,
) -> OwnSums:
    """Add up the nodes of each group.

    Args:
        group_of: A buffer of format ``i``: per node, from 0 to below ``groups``.
        groups: How many groups there are.
        shallow: Per node.
        distance: Per node.
    """
    sums = OwnSums(zeros(groups, "q"), zeros(groups, "q"), filled(groups, 2**31 - 1))
    kernels.sum_own(
        view(group_of),
        view(shallow),
        view(distance),
        view(sums.count),
        view(sums.shallow),
        view(sums.distance),
    )
    return sums


def sum_retained(
    group_of: Any,  # noqa: ANN401 - a buffer
    groups: int,
    shallow: memoryview,
    retained: memoryview,
    dominated: tuple[memoryview, memoryview],
) -> memoryview:
    """Add up what each group keeps alive; what one of a group keeps another does not again.

    Args:
        group_of: A buffer of format ``i``: per node, from 0 to below ``groups``.
        groups: How many groups there are.
        shallow: Per node.
        retained: Per node.
        dominated: First dominated per node, dominated nodes.

    Returns:
        ``q`` per group: bytes that would go with all of its nodes.
    """
    sums = zeros(groups, "q")
    kernels.sum_retained(
        view(group_of),
        view(shallow),
        view(retained),
        view(dominated[0]),
        view(dominated[1]),
        view(zeros(2 * len(shallow) + 1, "i")),
        view(bytearray(groups)),
        view(sums),
    )
    return sums


def total_classes(classes: Classes, own: OwnSums, retained: memoryview) -> tuple[ClassTotal, ...]:
    """Put the sums of the classes that have a size into order, largest retained size first."""
    totals = [
        ClassTotal(*row)
        for row in zip(classes.keys, own.count, own.shallow, retained, own.distance, strict=True)
        if row[1]
    ]
    return tuple(sorted(totals, key=lambda total: -total.retained_size))
