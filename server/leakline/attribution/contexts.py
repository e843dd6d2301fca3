"""Which scope of which script a V8 Context belongs to.

A snapshot does not say it directly on every runtime. It does say which functions use a
Context (edge ``context`` of a closure or a generator) and where those functions start
(``locations``). The Context's scope is then the nearest scope around such a function that
declares all the names that the Context holds: V8 resolves names in just this way, so a nearer
scope with the same names would have been the Context.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from leakline.attribution.scripts import Scripts
from leakline.attribution.syntax import Scope
from leakline.heap import Graph
from leakline.positions import Position

MAX_WITNESSES = 8


@dataclass(frozen=True, slots=True)
class Witness:
    """A function that uses a Context, by its start.

    Attributes:
        script_id: The function's script.
        start: Where V8 says that the function starts.
        inside: Whether the Context may belong to the function itself (it is suspended inside
            its own body, as generators and async functions are), not only to a scope around it.
    """

    script_id: int
    start: Position
    inside: bool


class Contexts:
    """The Contexts of the user's scripts in one snapshot.

    Attributes:
        witnesses: For each Context (node ordinal) some of the functions that use it.
    """

    def __init__(self, graph: Graph, user_scripts: Iterable[int]) -> None:
        self._graph = graph
        self.witnesses: dict[int, list[Witness]] = {}
        self._collect(frozenset(user_scripts))

    def script_of(self, context: int) -> int | None:
        """Id of the script that the Context belongs to; None for a foreign Context."""
        witnesses = self.witnesses.get(context)
        return witnesses[0].script_id if witnesses else None

    def slots(self, context: int) -> dict[str, int]:
        """The Context's variables: name -> value's node ordinal."""
        graph = self._graph
        found: dict[str, int] = {}
        hidden: list[int] = []
        for edge in graph.edges_of(context):
            kind = graph.edge_type_name(edge)
            if kind == "context":
                found[str(graph.edge_name(edge))] = int(graph.edge_to[edge])
            elif kind == "hidden":
                hidden.append(int(graph.edge_to[edge]))
        return found if found or not hidden else self._block_slots(context, hidden)

    def _block_slots(self, context: int, values: list[int]) -> dict[str, int]:
        """The variables of a block's Context.

        V8 names the slots of functions and modules only. Those of a block (class, catch) are
        numbered, and so are the names in its ScopeInfo; small integers have no edge, so the two
        go together only where there are as many of the one as of the other.
        """
        graph = self._graph
        info = _internal_target(graph, context, "scope_info")
        names: list[str] = []
        for edge in graph.edges_of(info) if info is not None else ():
            if graph.edge_type_name(edge) != "hidden":
                continue
            target = int(graph.edge_to[edge])
            if graph.node_type_name(target) != "string":
                break
            names.append(graph.node_name_of(target))
        return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}

    def is_outermost(self, context: int) -> bool:
        """Whether no Context of the program is around this one: it is a module's or script's."""
        previous = _internal_target(self._graph, context, "previous")
        return previous is None or "NativeContext" in self._graph.node_name_of(previous)

    def scope_of(self, context: int, scripts: Scripts) -> Scope | None:
        """The scope that the Context was made for; None when it cannot be told."""
        names = {name for name in self.slots(context) if name.isidentifier() or "$" in name}
        names -= {"this", "arguments"}
        for witness in self.witnesses.get(context, ()):
            syntax = scripts.syntax(witness.script_id)
            if syntax is None:
                continue
            function = syntax.function_at(witness.start)
            scope: Scope | None
            if function is None:
                scope = syntax.scope_at(witness.start)
            elif witness.inside:
                scope = _scope_inside(function, names)
                if scope is not None:
                    return scope
                scope = function.parent or function
            else:
                scope = function.parent or function
            while scope is not None:
                if names <= scope.bindings.keys():
                    return scope
                scope = scope.parent
        return None

    def _collect(self, user_scripts: frozenset[int]) -> None:
        graph = self._graph
        locations = graph.locations
        edges = graph.find_edges_named("context", "internal")
        sources = np.searchsorted(graph.first_edge, edges, side="right") - 1
        contexts = dict(zip(sources.tolist(), graph.edge_to[edges].tolist(), strict=True))
        users = np.flatnonzero(np.isin(locations.script_id, np.array(sorted(user_scripts))))
        found: list[tuple[int, Witness]] = []
        for row in users:
            node = int(locations.node[row])
            context = contexts.get(node)
            if context is None:
                continue
            start = Position(int(locations.line[row]), int(locations.column[row]))
            inside = graph.node_type_name(node) != "closure"
            found.append((context, Witness(int(locations.script_id[row]), start, inside)))
        # A suspended function proves less than a closure (its Context may be its own or one
        # around it), so closures come first.
        found.sort(key=lambda item: item[1].inside)
        for context, witness in found:
            self._add(context, witness)
        # A Context that only inner Contexts lead to is proved by the functions of those.
        for context in list(self.witnesses):
            self._add_previous(context)

    def _add(self, context: int, witness: Witness) -> bool:
        if "Context" not in self._graph.node_name_of(context):
            return False
        known = self.witnesses.setdefault(context, [])
        if len(known) >= MAX_WITNESSES or witness in known:
            return False
        known.append(witness)
        return True

    def _add_previous(self, context: int) -> None:
        witness = self.witnesses[context][0]
        previous = _internal_target(self._graph, context, "previous")
        while previous is not None and previous not in self.witnesses:
            if "NativeContext" in self._graph.node_name_of(previous):
                return
            self._add(previous, witness)
            previous = _internal_target(self._graph, previous, "previous")


def _scope_inside(function: Scope, names: set[str]) -> Scope | None:
    pending = [function]
    while pending:
        scope = pending.pop(0)
        if names <= scope.bindings.keys():
            return scope
        pending.extend(child for child in scope.children if not child.hoists_var)
    return None


def _internal_target(graph: Graph, node: int, name: str) -> int | None:
    for edge in graph.edges_of(node):
        if graph.edge_type_name(edge) == "internal" and graph.edge_name(edge) == name:
            return int(graph.edge_to[edge])
    return None
