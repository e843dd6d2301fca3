"""The columns of a snapshot file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the file.

    Attributes:
        node_type: uint8 per node: index into the node type names.
        node_name: uint32 per node: index of its string.
        node_id: int64 per node: V8's object id, stable while the isolate lives.
        self_size: int64 per node: bytes, as in the file.
        detachedness: uint8 per node: 0 unknown, 1 attached, 2 detached, as in the file.
        trace_node: int64 per node: allocation trace node; of length 0 where the file has none.
        first_edge: int32 per node and one more: the node's first edge.
        edge_type: uint8 per edge: index into the edge type names.
        edge_name_or_index: uint32 per edge: index of its string, or its number where the type
            is ``element`` or ``hidden``.
        edge_to: int32 per edge: ordinal of the node that it points to.
    """

    node_type: NDArray[np.uint8]
    node_name: NDArray[np.uint32]
    node_id: NDArray[np.int64]
    self_size: NDArray[np.int64]
    detachedness: NDArray[np.uint8]
    trace_node: NDArray[np.int64]
    first_edge: NDArray[np.int32]
    edge_type: NDArray[np.uint8]
    edge_name_or_index: NDArray[np.uint32]
    edge_to: NDArray[np.int32]
