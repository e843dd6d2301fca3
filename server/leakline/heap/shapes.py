"""Nodes grouped by the names of their edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view


def group_by_names(
    columns: Columns, kind: int, nodes: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Group nodes whose edges of one type have the same names in the same order.

    Args:
        columns: The file's columns.
        kind: Number of the edge type.
        nodes: Ordinals of the nodes to group; at least one.

    Returns:
        int32 per place in ``nodes``: its group, numbered in the order of their first nodes;
        int32 per group: the place in ``nodes`` of its first node.
    """
    example = np.empty(nodes.size, np.int32)
    shape_of = np.empty(nodes.size, np.int32)
    groups = kernels.group_shapes(
        view(columns.first_edge),
        view(columns.edge_type),
        view(columns.edge_name_or_index),
        kind,
        view(nodes),
        view(hash_slots(nodes.size)),
        view(example),
        view(shape_of),
    )
    return shape_of, example[: int(groups)]


def hash_slots(rows: int) -> NDArray[np.int32]:
    """Make an empty hash table for the kernels: twice the rows, a power of two."""
    return np.full(1 << max(2 * rows - 1, 1).bit_length(), -1, np.int32)
