"""The columns of a snapshot file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the file: memory of numbers, its format as :mod:`struct` has it.

    Attributes:
        node_type: ``B`` per node: index into the node type names.
        node_name: ``I`` per node: index of its string.
        node_id: ``q`` per node: V8's object id, stable while the isolate lives.
        self_size: ``q`` per node: bytes, as in the file.
        detachedness: ``B`` per node: 0 unknown, 1 attached, 2 detached, as in the file.
        trace_node: ``q`` per node: allocation trace node; of length 0 where the file has none.
        first_edge: ``i`` per node and one more: the node's first edge.
        edge_type: ``B`` per edge: index into the edge type names.
        edge_name_or_index: ``I`` per edge: index of its string, or its number where the type
            is ``element`` or ``hidden``.
        edge_to: ``i`` per edge: ordinal of the node that it points to.
    """

    node_type: memoryview
    node_name: memoryview
    node_id: memoryview
    self_size: memoryview
    detachedness: memoryview
    trace_node: memoryview
    first_edge: memoryview
    edge_type: memoryview
    edge_name_or_index: memoryview
    edge_to: memoryview

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.node_type)

    @property
    def edges(self) -> int:
        """How many edges."""
        return len(self.edge_type)
