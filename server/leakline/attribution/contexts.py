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
from numpy.typing import NDArray

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
        user_scripts: Ids of the user's scripts.
    """

    def __init__(self, graph: Graph, user_scripts: Iterable[int]) -> None:
        self._graph = graph
        self.user_scripts = frozenset(user_scripts)
        self.witnesses: dict[int, list[Witness]] = {}
        self._previous = _targets(graph, "previous")
        self._scope_infos = _targets(graph, "scope_info")
        self._block_names: dict[int, list[str]] = {}
        self._collect(self.user_scripts)
        self._slots = self._named_slots()
        self._named = tuple(self._slots)

    def script_of(self, context: int) -> int | None:
        """Id of the script that the Context belongs to; None for a foreign Context."""
        witnesses = self.witnesses.get(context)
        return witnesses[0].script_id if witnesses else None

    def slots(self, context: int) -> dict[str, int]:
        """The Context's variables: name -> value's node ordinal."""
        found = self._slots.get(context)
        if found is None:
            found = self._slots[context] = self._block_slots(context)
        return found

    def with_named_slots(self) -> dict[int, dict[str, int]]:
        """The Contexts of functions and modules with their variables, blocks left out."""
        return {context: self._slots[context] for context in self._named}

    def _named_slots(self) -> dict[int, dict[str, int]]:
        """The slots of functions and modules, which V8 names."""
        graph = self._graph
        kind = graph.edge_type_names.index("context") if "context" in graph.edge_type_names else -1
        edges = np.flatnonzero(graph.edge_type == kind)
        sources = graph.edge_sources(edges)
        of_user = np.isin(sources, np.fromiter(self.witnesses, np.int64, len(self.witnesses)))
        edges, sources = edges[of_user], sources[of_user]
        indexes = graph.edge_name_or_index[edges]
        names = {int(index): graph.string(int(index)) for index in np.unique(indexes)}
        found: dict[int, dict[str, int]] = {}
        rows = zip(sources.tolist(), indexes.tolist(), graph.edge_to[edges].tolist(), strict=True)
        for source, index, value in rows:
            found.setdefault(source, {})[names[index]] = value
        return found

    def _block_slots(self, context: int) -> dict[str, int]:
        """The variables of a block's Context.

        V8 names the slots of functions and modules only. Those of a block (class, catch) are
        numbered, and so are the names in its ScopeInfo; small integers have no edge, so the two
        go together only where there are as many of the one as of the other.
        """
        names = self._names_in_block(self._scope_infos.get(context))
        values = _hidden_targets(self._graph, context) if names else []
        return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}

    def _names_in_block(self, info: int | None) -> list[str]:
        if info is None:
            return []
        if info not in self._block_names:
            graph = self._graph
            names: list[str] = []
            for target in _hidden_targets(graph, info):
                if graph.node_type_name(target) != "string":
                    break
                names.append(graph.node_name_of(target))
            self._block_names[info] = names
        return self._block_names[info]

    def is_outermost(self, context: int) -> bool:
        """Whether no Context of the program is around this one: it is a module's or script's."""
        previous = self._previous.get(context)
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
        context_of = internal_targets(graph, "context")
        rows = np.flatnonzero(np.isin(locations.script_id, np.array(sorted(user_scripts))))
        rows = rows[context_of[locations.node[rows]] >= 0]
        inside = graph.node_type[locations.node[rows]] != graph.node_type_names.index("closure")
        contexts = context_of[locations.node[rows]]
        is_context = self._are_contexts(np.concatenate([contexts, self._previous_nodes()]))
        # A suspended function proves less than a closure (its Context may be its own or one
        # around it), so closures come first.
        order = np.argsort(inside, kind="stable")
        order = order[is_context[contexts[order]]]
        rows, inside, contexts = rows[order], inside[order], contexts[order]
        for context, script_id, line, column, is_inside in zip(
            contexts.tolist(),
            locations.script_id[rows].tolist(),
            locations.line[rows].tolist(),
            locations.column[rows].tolist(),
            inside.tolist(),
            strict=True,
        ):
            known = self.witnesses.setdefault(context, [])
            if len(known) < MAX_WITNESSES:
                witness = Witness(script_id, Position(line, column), is_inside)
                if witness not in known:
                    known.append(witness)
        # A Context that only inner Contexts lead to is proved by the functions of those.
        for context in list(self.witnesses):
            witness = self.witnesses[context][0]
            previous = self._previous.get(context)
            while previous is not None and previous not in self.witnesses:
                if not is_context[previous]:
                    break
                self.witnesses[previous] = [witness]
                previous = self._previous.get(previous)

    def _previous_nodes(self) -> NDArray[np.int64]:
        return np.fromiter(self._previous.values(), np.int64, len(self._previous))

    def _are_contexts(self, nodes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each node of the snapshot whether it is one of these and a program's Context."""
        graph = self._graph
        nodes = np.unique(nodes)
        indexes, row = np.unique(graph.node_name[nodes], return_inverse=True)
        names = [graph.string(int(index)) for index in indexes]
        fits = ["Context" in name and "NativeContext" not in name for name in names]
        found = np.zeros(graph.node_count, dtype=bool)
        found[nodes] = np.array(fits, dtype=bool)[row]
        return found


def _scope_inside(function: Scope, names: set[str]) -> Scope | None:
    pending = [function]
    while pending:
        scope = pending.pop(0)
        if names <= scope.bindings.keys():
            return scope
        pending.extend(child for child in scope.children if not child.hoists_var)
    return None


def internal_targets(graph: Graph, name: str) -> NDArray[np.int64]:
    """Where each node's internal edge of a name leads; -1 where it has none."""
    edges = graph.find_edges_named(name, "internal")
    sources = graph.edge_sources(edges)
    # One more, so that what has no target may be looked up again.
    targets = np.full(graph.node_count + 1, -1, dtype=np.int64)
    targets[sources] = graph.edge_to[edges]
    return targets


def _targets(graph: Graph, name: str) -> dict[int, int]:
    """Where the internal edge of a name leads: source's ordinal -> target's ordinal."""
    edges = graph.find_edges_named(name, "internal")
    sources = graph.edge_sources(edges)
    return dict(zip(sources.tolist(), graph.edge_to[edges].tolist(), strict=True))


def _hidden_targets(graph: Graph, node: int) -> list[int]:
    return [
        int(graph.edge_to[edge])
        for edge in graph.edges_of(node)
        if graph.edge_type_name(edge) == "hidden"
    ]
