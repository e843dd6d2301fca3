"""What functions can use of the scopes around them, by V8 15's scope tables."""

from __future__ import annotations

import numpy as np

from leakline.attribution.contexts import Contexts
from leakline.heap import Graph, Scopes


class V8Scopes:
    """The scope tables of one snapshot.

    Args:
        graph: The snapshot.
        contexts: The Contexts of the user's scripts in it.
    """

    def __init__(self, graph: Graph, contexts: Contexts) -> None:
        self._graph = graph
        self._contexts = contexts
        self._rows: dict[tuple[int, int], int] = {}
        self._parents: list[int] = []
        self._ends: list[int] = []
        self._row_of_info: dict[int, int] = {}
        self._uses: dict[int, set[tuple[int, int]]] = {}
        self._scopes = graph.scopes
        if graph.scopes is not None:
            self._index(graph.scopes)

    def used(
        self, function: int, info: int, *, suspended: bool, with_class: bool
    ) -> set[str] | None:
        """The variables of a scope around a function that it, or one nested in it, uses.

        Args:
            function: Ordinal of a closure, or of a suspended call.
            info: Ordinal of the scope's ScopeInfo.
            suspended: Whether it is a suspended call, whose Context may be its own.
            with_class: Whether it is a class's constructor, which runs its fields too.

        Returns:
            None where the tables do not tell.
        """
        scopes = self._scopes
        row = self._row_of(function) if scopes is not None else None
        if scopes is None or row is None:
            return None
        if info not in self._row_of_info and not suspended:
            self._match(function, row)
        declaring = self._row_of_info.get(info)
        if declaring is None:
            return None
        start = self._parents[row] if with_class else row
        wanted = int(scopes.scope_id[declaring])
        names = self._names(declaring)
        return {
            names[slot]
            for scope_id, slot in self._uses_within(max(start, 0))
            if scope_id == wanted and 0 <= slot < len(names)
        }

    def _index(self, scopes: Scopes) -> None:
        """Finds each scope's parent and the end of its subtree: pre-order with depths."""
        count = len(scopes)
        self._parents, self._ends = [-1] * count, [count] * count
        script: int | None = None
        around: list[tuple[int, int]] = []
        depths, nodes = scopes.depth.tolist(), scopes.scope_script_node.tolist()
        for row, scope_id in enumerate(scopes.scope_id.tolist()):
            if nodes[row] != script:
                script = nodes[row]
                self._close(around, row, -1)
            self._close(around, row, depths[row])
            self._parents[row] = around[-1][0] if around else -1
            around.append((row, depths[row]))
            self._rows[(nodes[row], scope_id)] = row

    def _close(self, around: list[tuple[int, int]], row: int, depth: int) -> None:
        while around and around[-1][1] >= depth:
            self._ends[around.pop()[0]] = row

    def _row_of(self, function: int) -> int | None:
        """The row of the scope that is a function's own."""
        if self._graph.node_type_name(function) != "closure":
            closure = self._internal(function, "function")
            if closure is None:
                return None
            function = closure
        shared = self._internal(function, "shared")
        script = self._internal(shared, "script")
        number = self._internal(self._internal(shared, "scope_id"), "value")
        if script is None or number is None:
            return None
        try:
            scope_id = int(self._graph.node_name_of(number))
        except ValueError:
            return None
        return self._rows.get((script, scope_id))

    def _match(self, closure: int, row: int) -> None:
        """Finds the rows of the scopes whose Contexts a closure reaches.

        Its Contexts are those of the scopes around it, in order; scopes that nothing captures
        have none. A scope is known by its variables.
        """
        context = self._internal(closure, "context")
        row = self._parents[row]
        seen: set[int] = set()
        while context in self._contexts.witnesses and context not in seen:
            assert context is not None
            seen.add(context)
            names = self._contexts.slots(context).keys()
            if names:
                while row >= 0 and not names <= set(self._names(row)):
                    row = self._parents[row]
                if row < 0:
                    return
                info = self._internal(context, "scope_info")
                if info is not None:
                    self._row_of_info.setdefault(info, row)
                row = self._parents[row]
            context = self._internal(context, "previous")

    def _names(self, row: int) -> list[str]:
        scopes = self._scopes
        assert scopes is not None
        first, end = int(scopes.first_context_var[row]), int(scopes.first_context_var[row + 1])
        return [self._graph.string(int(name)) for name in scopes.context_var_name[first:end]]

    def _uses_within(self, row: int) -> set[tuple[int, int]]:
        """What a scope and those inside it use: ids of declaring scopes, and slots."""
        scopes = self._scopes
        assert scopes is not None
        if row not in self._uses:
            first, end = int(scopes.first_use[row]), int(scopes.first_use[self._ends[row]])
            table = np.stack(
                [scopes.use_declaring_scope_id[first:end], scopes.use_slot[first:end]], axis=1
            )
            self._uses[row] = {(scope_id, slot) for scope_id, slot in table.tolist()}
        return self._uses[row]

    def _internal(self, node: int | None, name: str) -> int | None:
        return None if node is None else self._graph.internal(node, name)
