"""The distinct rows of a table that is kept in columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def distinct_rows(
    columns: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the distinct rows of a table.

    Args:
        columns: One or more columns of shape (rows,).

    Returns:
        For each distinct row the ordinal of one that is like it, and for each row its number
        among the distinct ones; both int64.
    """
    # One column at a time: numpy sorts plain integers far faster than rows.
    number = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        number = np.unique(number * max(1, values.size) + place, return_inverse=True)[1]
    _, first = np.unique(number, return_index=True)
    return first.astype(np.int64), number.astype(np.int64)
