"""Captured variables that no function which is alive can use any more.

A closure keeps the Context of the scope that it was made in, with every variable that any
function of that scope captures; also those that only functions which are gone have used. Such
a variable is dead: no closure or suspended call from which its Context can be reached uses it,
nor does a function nested in one. Chrome DevTools' context analysis decides likewise.

What a function can use comes from V8's scope tables where the snapshot has them, else from the
script's syntax.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.contexts import internal_targets
from leakline.attribution.distinct import distinct_rows
from leakline.attribution.scripts import Scripts
from leakline.attribution.slots import Slots
from leakline.attribution.syntax import Scope, ScriptSyntax
from leakline.attribution.v8_scopes import V8Scopes
from leakline.positions import Position

# Contexts of one scope that are asked for its variables.
MAX_ASKED = 8

# What V8 keeps in a Context like a variable where a closure needs it.
UNDECLARED = frozenset({"this", "arguments", "new.target"})


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a script.

    Attributes:
        script_id: The script.
        start: Where V8 says that it starts.
    """

    script_id: int
    start: Position


@dataclass(frozen=True, slots=True)
class CapturedVariable:
    """A variable that functions of its scope capture.

    Attributes:
        script_id: The script that declares it.
        scope_start: Offset of its scope in the script, in UTF-16 units.
        name: Its name.
    """

    script_id: int
    scope_start: int
    name: str


@dataclass(frozen=True, slots=True)
class DeadCapture:
    """A captured variable that is dead in some Contexts of one snapshot.

    Attributes:
        contexts: int64, ordinals of the Contexts that alone keep a value of it.
        values: int64, the values' ordinals, in the same order.
        keepers: The functions that keep those Contexts.
    """

    contexts: NDArray[np.int64]
    values: NDArray[np.int64]
    keepers: frozenset[Function]

    def joined(self, other: DeadCapture) -> DeadCapture:
        """Both of them."""
        return DeadCapture(
            np.concatenate([self.contexts, other.contexts]),
            np.concatenate([self.values, other.values]),
            self.keepers | other.keepers,
        )


def context_sizes(slots: Slots) -> dict[int, int]:
    """Bytes that the Contexts of each of the user's scopes retain.

    Contexts that hang below each other count more than once: a bound, not a sum.

    Returns:
        Object id of the scope's ScopeInfo -> bytes.
    """
    graph = slots.graph
    witnesses = slots.contexts.witnesses
    contexts = np.fromiter(witnesses, np.int64, len(witnesses))
    infos, row = np.unique(internal_targets(graph, "scope_info")[contexts], return_inverse=True)
    total = np.zeros(infos.size, dtype=np.int64)
    np.add.at(total, row, graph.retained_size[contexts])
    pairs = zip(infos.tolist(), total.tolist(), strict=True)
    return {int(graph.node_id[info]): size for info, size in pairs if info >= 0}


class Captures:
    """Who can reach which Context in one snapshot.

    Args:
        slots: The snapshot's slots.
        scripts: The program's scripts.
    """

    def __init__(self, slots: Slots, scripts: Scripts) -> None:
        self._graph = slots.graph
        self._contexts = slots.contexts
        self._scripts = scripts
        self._functions: list[Function] = []
        self._suspended: list[bool] = []
        self._example: list[int] = []
        # int64 pairs: a Context, and a function from which it can be reached.
        self._reached, self._by = self._reach()
        self._info = internal_targets(self._graph, "scope_info")
        self._v8 = V8Scopes(self._graph, self._contexts)

    def dead(self, scope_infos: Iterable[int]) -> dict[CapturedVariable, DeadCapture]:
        """The dead variables of some scopes.

        Args:
            scope_infos: Object ids of the scopes' ScopeInfo nodes.
        """
        found: dict[CapturedVariable, DeadCapture] = {}
        infos_of_pairs = self._info[self._reached]
        for number in scope_infos:
            info = self._graph.node_by_id(number)
            if info is None:
                continue
            rows = np.flatnonzero(infos_of_pairs == info)
            if not rows.size:
                continue
            for variable, dead in self._dead_in(info, self._reached[rows], self._by[rows]).items():
                # A scope that was compiled anew has another ScopeInfo.
                known = found.get(variable)
                found[variable] = dead if known is None else known.joined(dead)
        return found

    def unused(self, contexts: Iterable[int]) -> dict[int, frozenset[str]]:
        """The variables of some Contexts that nothing alive can use, kept elsewhere too or not.

        Args:
            contexts: Ordinals of the Contexts.

        Returns:
            Their names by Context; nothing for a Context of which it is not known.
        """
        infos_of_pairs = self._info[self._reached]
        by_info: dict[int, set[int]] = {}
        for context in contexts:
            by_info.setdefault(int(self._info[context]), set()).add(context)
        found: dict[int, frozenset[str]] = {}
        for info, wanted in by_info.items():
            rows = np.flatnonzero((infos_of_pairs == info) & (info >= 0))
            if not rows.size:
                continue
            reached, by = self._reached[rows], self._by[rows]
            used = self._uses_in(info, reached, by)
            if used is None:
                continue
            for context in wanted & set(reached.tolist()):
                users = [used[function] for function in by[reached == context].tolist()]
                known = [names for names in users if names is not None]
                if len(known) == len(users):
                    names = filter(_is_declared, self._contexts.slots(context))
                    found[context] = frozenset(names).difference(*known)
        return found

    def _uses_in(
        self, info: int, reached: NDArray[np.int64], by: NDArray[np.int64]
    ) -> dict[int, set[str] | None] | None:
        """What each function that reaches Contexts of a scope uses of it, if that is known."""
        example = self._example_of(np.unique(reached))
        script_id = self._contexts.script_of(example)
        syntax = self._scripts.syntax(script_id) if script_id is not None else None
        functions = np.unique(by).tolist()
        if script_id is None or syntax is None:
            # A later script may use what a script declares at its top level.
            if self._contexts.is_outermost(example):
                return None
            return {
                function: self._v8.used(
                    self._example[function],
                    info,
                    suspended=self._suspended[function],
                    with_class=False,
                )
                for function in functions
            }
        scope = self._contexts.scope_of(example, self._scripts)
        if scope is None or scope.kind == "script" or syntax.may_use_anything(scope):
            return None
        return {f: self._used(f, info, syntax, script_id, scope) for f in functions}

    def _dead_in(
        self, info: int, reached: NDArray[np.int64], by: NDArray[np.int64]
    ) -> dict[CapturedVariable, DeadCapture]:
        """The dead variables of one scope, given who reaches its Contexts."""
        contexts = np.unique(reached)
        example = self._example_of(contexts)
        script_id = self._contexts.script_of(example)
        syntax = self._scripts.syntax(script_id) if script_id is not None else None
        scope = self._contexts.scope_of(example, self._scripts)
        if script_id is None or syntax is None or scope is None:
            return {}
        # A later script may use what a script declares at its top level.
        if scope.kind == "script" or syntax.may_use_anything(scope):
            return {}
        names = [name for name in self._contexts.slots(example) if name in scope.bindings]
        functions = np.unique(by)
        used = {int(f): self._used(int(f), info, syntax, script_id, scope) for f in functions}
        found: dict[CapturedVariable, DeadCapture] = {}
        for name in names:
            users = [f for f, its in used.items() if its is None or name in its]
            dead = np.setdiff1d(contexts, reached[np.isin(by, users)])
            kept = [
                (context, value)
                for context in dead.tolist()
                if (value := self._contexts.slots(context).get(name)) is not None
                and int(self._graph.dominator[value]) == context
            ]
            if not kept:
                continue
            pairs = np.array(kept, dtype=np.int64)
            keepers = np.unique(by[np.isin(reached, pairs[:, 0])])
            found[CapturedVariable(script_id, scope.start, name)] = DeadCapture(
                pairs[:, 0], pairs[:, 1], frozenset(self._functions[int(k)] for k in keepers)
            )
        return found

    def _example_of(self, contexts: NDArray[np.int64]) -> int:
        """The Context that shows the most of its variables: small integers have no edge."""
        asked: list[int] = contexts[:: max(1, contexts.size // MAX_ASKED)].tolist()
        sizes = {context: len(self._contexts.slots(context)) for context in asked}
        return max(sizes, key=sizes.__getitem__)

    def _used(
        self, function: int, info: int, syntax: ScriptSyntax, script_id: int, scope: Scope
    ) -> set[str] | None:
        """Which of a scope's variables a function can use; None where that is not known."""
        where = self._functions[function]
        its_scope = syntax.function_at(where.start) if where.script_id == script_id else None
        if its_scope is None:
            return None
        is_constructor = its_scope.kind == "class" or (
            its_scope.parent is not None and its_scope.parent.constructor is its_scope
        )
        told = self._v8.used(
            self._example[function],
            info,
            suspended=self._suspended[function],
            with_class=is_constructor,
        )
        if told is not None:
            return told
        return {
            name
            for name, binding in scope.bindings.items()
            if syntax.is_used_within(binding, its_scope)
        }

    def _reach(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every user's Context with each function that can reach it."""
        graph = self._graph
        places = graph.locations
        context_of = internal_targets(graph, "context")
        previous = internal_targets(graph, "previous")
        mine = np.zeros(graph.node_count + 1, dtype=bool)
        witnesses = self._contexts.witnesses
        mine[np.fromiter(witnesses, np.int64, len(witnesses))] = True
        rows = np.flatnonzero(np.isin(places.script_id, np.array(sorted(self._scripts.user_ids))))
        rows = rows[mine[context_of[places.node[rows]]]]
        closure = graph.meta.node_type("closure")
        suspended = (graph.node_type[places.node[rows]] != closure).astype(np.int64)
        first, number = distinct_rows(
            [places.script_id[rows], places.line[rows], places.column[rows], suspended]
        )
        for row, is_suspended in zip(rows[first].tolist(), suspended[first].tolist(), strict=True):
            start = Position(int(places.line[row]), int(places.column[row]))
            self._functions.append(Function(int(places.script_id[row]), start))
            self._suspended.append(bool(is_suspended))
        self._example = places.node[rows[first]].tolist()
        width = max(1, len(first))
        pairs = np.unique(context_of[places.node[rows]] * width + number)
        known = pairs
        while pairs.size:
            above = previous[pairs // width]
            inside = mine[above]
            pairs = np.setdiff1d(above[inside] * width + pairs[inside] % width, known)
            known = np.union1d(known, pairs)
        return known // width, known % width


def _is_declared(name: str) -> bool:
    """Whether the program declares a variable, not the language."""
    return name not in UNDECLARED and not name.startswith(".")
