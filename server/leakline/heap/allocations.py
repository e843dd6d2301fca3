"""Where objects were allocated, in snapshots taken with allocation tracking."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.heap.places import Location
from leakline.heap.strings import StringTable
from leakline.heap.tables import Column


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of an allocation stack.

    Attributes:
        function_name: Its name; may be empty.
        script_name: URL or name of the script; may be empty.
        location: Where the function begins, counted from 0 like all places; None for V8's own.
    """

    function_name: str
    script_name: str
    location: Location | None


@dataclass(frozen=True, slots=True)
class Allocations:
    """V8's allocation trace: a tree of calls, each node one stack.

    Attributes:
        trace_id: Per tree node: its number, int64; ``Graph.trace_node`` refers to it.
        function: Per tree node: row of the function columns, int64.
        count: Per tree node: objects allocated there since tracking began, int64.
        size: Per tree node: their bytes, int64.
        parent: Per tree node: the row of its caller, -1 for the root, int64.
        function_name: Per function: its string, int64.
        script_name: Per function: its script's string, int64.
        script_id: Per function, int64; 0 where it has no script.
        line: Per function: from 0, int64.
        column: Per function: from 0, int64.
        strings: The snapshot's strings.
    """

    trace_id: Column
    function: Column
    count: Column
    size: Column
    parent: Column
    function_name: Column
    script_name: Column
    script_id: Column
    line: Column
    column: Column
    strings: StringTable

    def stack(self, trace_id: int) -> tuple[Frame, ...]:
        """Give a stack, innermost call first; empty where there is none of that number."""
        rows = (self.trace_id == trace_id).nonzero()[0]
        row = int(rows[0]) if rows.size else -1
        frames = []
        # The root of the tree is no call.
        while row >= 0 and self.parent[row] >= 0:
            frames.append(self._frame(int(self.function[row])))
            row = int(self.parent[row])
        return tuple(frames)

    def _frame(self, function: int) -> Frame:
        script_id, line = int(self.script_id[function]), int(self.line[function])
        # The outermost code of an evaluated text has a script, but no place.
        known = script_id != 0 and line >= 0
        return Frame(
            self.strings[int(self.function_name[function])],
            self.strings[int(self.script_name[function])],
            Location(script_id, line, int(self.column[function])) if known else None,
        )
