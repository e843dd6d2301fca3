"""Nodes grouped by the names of their edges."""

from __future__ import annotations

from typing import Any

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.memory import zeros


def group_by_names(columns: Columns, kind: int, nodes: Any) -> tuple[memoryview, memoryview]:  # noqa: ANN401 - a buffer
    """Group nodes whose edges of one type have the same names in the same order.

    Args:
        columns: The file's columns.
        kind: Number of the edge type.
        nodes: Ordinals of the nodes to group, a buffer of format ``i``; at least one.

    Returns:
        Per place in ``nodes``: its group, numbered in the order of their first nodes; per
        group: the place in ``nodes`` of its first node. Both of format ``i``.
    """
    count = len(nodes)
    example, shape_of = zeros(count, "i"), zeros(count, "i")
    groups = kernels.group_shapes(
        view(columns.first_edge),
        view(columns.edge_type),
        view(columns.edge_name_or_index),
        kind,
        view(nodes),
        view(hash_slots(count)),
        view(example),
        view(shape_of),
    )
    return shape_of, example[: int(groups)]


def hash_slots(rows: int) -> memoryview:
    """Make an empty hash table for the kernels: twice the rows, a power of two; format ``i``."""
    return filled(1 << max(2 * rows - 1, 1).bit_length(), -1)


def filled(count: int, value: int) -> memoryview:
    """Make memory for some numbers, all of them ``value``; format ``i``."""
    numbers = zeros(count, "i")
    kernels.fill(view(numbers), value)
    return numbers
