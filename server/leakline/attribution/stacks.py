"""Which calls of the program allocated what a slot gained in the last round.

V8's allocation stacks name functions, not lines (``trace_function_infos`` of a snapshot taken
while allocations were tracked). An object may be allocated in one function and kept by another,
but the room that a container takes for more elements (the elements of an Array, the table of a
Map or Set, the dictionary of an object) is allocated within the very call that adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leakline.heap import Frame, Graph
from leakline.positions import Position

# What V8 makes for itself while a function runs: it says nothing of what the program keeps.
_RUNTIMES_OWN = frozenset({"code", "object shape"})

Function = tuple[int, Position]
"""A function by its script's id and the place where V8 says that it starts."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the program's functions.

    Attributes:
        function: The function.
        called: The name of the function that it called in turn on the way to the allocation;
            empty where it allocated by itself.
    """

    function: Function
    called: str


@dataclass(frozen=True, slots=True)
class Stack:
    """What was allocated by one stack of calls and is there still.

    Attributes:
        calls: Those of the program's own functions and its dependencies', innermost first; at
            least one.
        size: Bytes.
        adds: Whether it is the room that a container took for more, which only the call that
            adds to it allocates.
    """

    calls: tuple[Call, ...]
    size: int
    adds: bool

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions called, innermost first."""
        return tuple(call.function for call in self.calls)


class Stacks:
    """The allocation stacks of a series' last round.

    Args:
        graph: The newest snapshot.
        before: The one before it, of the same heap.
        user_scripts: Ids of the scripts of the program and its dependencies.
    """

    def __init__(self, graph: Graph, before: Graph, user_scripts: frozenset[int]) -> None:
        self._graph = graph
        self._before = before
        self._users = user_scripts

    def of(self, held: NDArray[np.int64]) -> tuple[Stack, ...]:
        """The stacks that allocated what a slot gained.

        Args:
            held: Ordinals in the newest snapshot of what the slot holds, each once.

        Returns:
            Those that allocated the most first; empty where allocations were not tracked.
        """
        graph = self._graph
        if graph.allocations is None or graph.trace_node.size != graph.node_count:
            return ()
        nodes = np.sort(held[self._gained[held]])
        # A container that was there before took more room.
        room = graph.node_type[nodes] == graph.meta.node_type("array")
        room &= ~self._is_new[graph.dominator[nodes]]
        sizes: dict[tuple[int, bool], int] = {}
        traces = graph.trace_node[nodes].tolist()
        for trace, adds, size in zip(
            traces, room.tolist(), graph.self_size[nodes].tolist(), strict=True
        ):
            sizes[trace, adds] = sizes.get((trace, adds), 0) + size
        merged: dict[tuple[tuple[Call, ...], bool], int] = {}
        for (trace, adds), size in sizes.items():
            calls = self._users_calls(graph.allocations.stack(trace))
            if calls:
                merged[calls, adds] = merged.get((calls, adds), 0) + size
        found = [Stack(calls, size, adds) for (calls, adds), size in merged.items()]
        return tuple(sorted(found, key=lambda stack: -stack.size))

    @cached_property
    def _is_new(self) -> NDArray[np.bool_]:
        return ~np.isin(self._graph.node_id, self._before.node_id)

    @cached_property
    def _gained(self) -> NDArray[np.bool_]:
        """Per node whether it was allocated in the round, by a stack that is known."""
        graph = self._graph
        kinds = [graph.meta.node_type(name) for name in _RUNTIMES_OWN]
        # An old object may have been moved to where a new one was, with its stack.
        known = self._is_new & (graph.trace_node > 0)
        return known & ~np.isin(graph.node_type, kinds)

    def _users_calls(self, frames: Sequence[Frame]) -> tuple[Call, ...]:
        calls: list[Call] = []
        called = ""
        for frame in frames:
            place = frame.location
            if place is not None and place.script_id in self._users:
                function = (place.script_id, Position(place.line, place.column))
                calls.append(Call(function, called))
            # V8 infers names such as `Cache.put`.
            called = frame.function_name.rpartition(".")[2]
        return tuple(calls)
