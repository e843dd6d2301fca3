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
class GroupSums:
    """The nodes of each group that have a size, added up; all ``q`` but ``distance``, ``i``.

    Attributes:
        count: Per group: how many there are.
        shallow: Per group: bytes of their own.
        retained: Per group: bytes that would go with all of them.
        distance: Per group: the smallest distance of any.
    """

    count: memoryview
    shallow: memoryview
    retained: memoryview
    distance: memoryview


def sum_groups(
    group_of: Any,  # noqa: ANN401 - a buffer
    groups: int,
    shallow: memoryview,
    retained: memoryview,
    distance: memoryview,
    dominated: tuple[memoryview, memoryview],
) -> GroupSums:
    """Add up the nodes of each group; what one of a group keeps another does not keep again.

    Args:
        group_of: A buffer of format ``i``: per node, from 0 to below ``groups``.
        groups: How many groups there are.
        shallow: Per node.
        retained: Per node.
        distance: Per node.
        dominated: First dominated per node, dominated nodes.
    """
    sums = GroupSums(
        count=zeros(groups, "q"),
        shallow=zeros(groups, "q"),
        retained=zeros(groups, "q"),
        distance=filled(groups, 2**31 - 1),
    )
    kernels.sum_classes(
        view(group_of),
        view(shallow),
        view(retained),
        view(distance),
        view(dominated[0]),
        view(dominated[1]),
        view(zeros(2 * len(shallow) + 1, "i")),
        view(bytearray(groups)),
        view(sums.count),
        view(sums.shallow),
        view(sums.retained),
        view(sums.distance),
    )
    return sums


def total_classes(
    classes: Classes,
    shallow: memoryview,
    retained: memoryview,
    distance: memoryview,
    dominated: tuple[memoryview, memoryview],
) -> tuple[ClassTotal, ...]:
    """Add up the nodes of each class, largest retained size first."""
    sums = sum_groups(classes.class_of, len(classes.keys), shallow, retained, distance, dominated)
    totals = [
        ClassTotal(*row)
        for row in zip(
            classes.keys, sums.count, sums.shallow, sums.retained, sums.distance, strict=True
        )
        if row[1]
    ]
    return tuple(sorted(totals, key=lambda total: -total.retained_size))
