"""The smaller tables of a snapshot: places in scripts, and V8 15's scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.heap.places import Location

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Locations:
    """The places of closures, generators and constructed objects, sorted by node.

    Attributes:
        node: Ordinals, int64, rising; a node that the file names twice is kept with its last
            place.
        script_id: int64.
        line: int64, from 0.
        column: int64, from 0.
    """

    node: Column
    script_id: Column
    line: Column
    column: Column

    def __len__(self) -> int:
        return int(self.node.size)

    def of(self, node: int) -> Location | None:
        """Give the place of a node, None where it has none."""
        row = int(np.searchsorted(self.node, node))
        if row == self.node.size or self.node[row] != node:
            return None
        return Location(int(self.script_id[row]), int(self.line[row]), int(self.column[row]))


@dataclass(frozen=True, slots=True)
class Scopes:
    """V8 15's scope tables, as columns.

    Scopes stand in pre-order with their depth, script after script; their ids are unique in
    one script only. A use names the scope that declares the variable and the variable's slot
    in it.

    Attributes:
        scope_script_node: Per scope: ordinal of its Script node, int64.
        scope_id: Per scope: V8's number within the script, int64.
        depth: Per scope: how deep it is nested, int64.
        first_context_var: Per scope and one more: its part of ``context_var_name``, int64.
        first_use: Per scope and one more: its part of the use columns, int64.
        context_var_name: Per context variable: its string, int64.
        use_declaring_scope_id: Per use: the scope that declares the variable, int64.
        use_slot: Per use: the variable's slot in that scope, int64.
    """

    scope_script_node: Column
    scope_id: Column
    depth: Column
    first_context_var: Column
    first_use: Column
    context_var_name: Column
    use_declaring_scope_id: Column
    use_slot: Column

    def __len__(self) -> int:
        return int(self.scope_id.size)


@dataclass(frozen=True, slots=True)
class Samples:
    """When objects came to be, where V8 was asked to track it.

    Ids rise with time: an object came after the last sample whose ``last_id`` is below its own.

    Attributes:
        time: Per sample: microseconds since tracking began, int64.
        last_id: Per sample: the last object id that was given by then, int64.
    """

    time: Column
    last_id: Column

    def __len__(self) -> int:
        return int(self.time.size)


Table = Mapping[str, Column]
"""A flat table by field name; all columns are int64 and of one length."""
