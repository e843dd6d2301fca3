"""The few largest of many, without sorting the many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def largest(sizes: NDArray[Any], chosen: NDArray[Any], limit: int) -> list[int]:
    """Give those of ``chosen`` with the largest sizes, largest first, equal ones as they come.

    Args:
        sizes: Per node, or whatever ``chosen`` indexes.
        chosen: Indexes into ``sizes``.
        limit: Most to give.
    """
    own = sizes[chosen]
    if 0 < limit < chosen.size:
        least = np.partition(own, chosen.size - limit)[chosen.size - limit]
        kept = np.flatnonzero(own >= least)
        chosen, own = chosen[kept], own[kept]
    order = np.argsort(-own, kind="stable")[: max(limit, 0)]
    return [int(one) for one in chosen[order]]
