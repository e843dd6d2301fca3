"""Which objects another snapshot has as well, by their ids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakline.heap import Graph

# A table of this many flags is made; Node 20's native nodes have ids that are hashes.
MAX_FLAGS = 1 << 27


class Presence:
    """The object ids of one snapshot.

    Args:
        graph: The snapshot.
    """

    def __init__(self, graph: Graph) -> None:
        ids = graph.node_id.astype(np.int64)
        dense = ids[ids < MAX_FLAGS]
        self._flags = np.zeros(int(dense.max(initial=0)) + 1, dtype=bool)
        self._flags[dense] = True
        self._others = np.sort(ids[ids >= MAX_FLAGS])

    def has(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each object id whether the snapshot has it."""
        ids = ids.astype(np.int64)
        found = self._flags[np.minimum(ids, self._flags.size - 1)] & (ids < self._flags.size)
        if self._others.size:
            places = np.minimum(np.searchsorted(self._others, ids), self._others.size - 1)
            found |= self._others[places] == ids
        return found
