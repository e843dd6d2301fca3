"""Which of the places that may add to a slot did, by the stacks that allocated what it gained.

Each stack counts for the function that holds such a place, with its bytes. The room of a
container proves the function that took it; what else was allocated counts for the nearest
function that holds a place, unless a proved one was called further on from the same calls: a
record is often made by one function and handed to another that keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leakline.attribution.scripts import Scripts
from leakline.attribution.stacks import Function, Stack
from leakline.attribution.syntax import Scope
from leakline.positions import Position, Span

# A share below this says nothing: what is found by syntax stands.
MIN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may add to a slot.

    Attributes:
        script_id: Its script.
        span: The expression.
        strong: Whether the syntax leaves little doubt of it.
    """

    script_id: int
    span: Span
    strong: bool


@dataclass(frozen=True, slots=True)
class Weight:
    """What the stacks say of a candidate.

    Attributes:
        share: Of the bytes that the program's own calls allocated for the slot, those on
            stacks that lead to the candidate's function, 0 to 1.
        proved: Whether that function was seen to add to a container of the slot, by a call of
            the same name as the candidate's.
    """

    share: float
    proved: bool


def weigh(
    stacks: Sequence[Stack], candidates: Sequence[Candidate], scripts: Scripts
) -> tuple[Weight, ...]:
    """Says of each candidate how much the stacks speak for it.

    Args:
        stacks: What allocated the slot's gain.
        candidates: The places that may add to it.
        scripts: The program's scripts.
    """
    scopes = [function_around(scripts, each.script_id, each.span.start) for each in candidates]
    functions = [_function(each, scope) for each, scope in zip(candidates, scopes, strict=True)]
    ballot = _Ballot(
        strong=frozenset(f for f, each in zip(functions, candidates, strict=True) if each.strong),
        known=frozenset(functions),
    )
    callers = _callers(stacks, functions, scopes, scripts)
    ballot.count(stacks, callers)
    ballot.doubt(stacks, callers)
    total = sum(stack.size for stack in stacks)
    weights: list[Weight] = []
    for each, scope, function in zip(candidates, scopes, functions, strict=True):
        share = ballot.votes.get(function, 0) / total if function is not None and total else 0.0
        called = ballot.proved.get(function, frozenset()) if function is not None else frozenset()
        weights.append(Weight(share, _is_among(each, called, scope, scripts)))
    return tuple(weights)


def _is_among(
    candidate: Candidate, called: frozenset[str], scope: Scope | None, scripts: Scripts
) -> bool:
    """Whether a place is a call by one of some names; any place is none of a language's own."""
    syntax = scripts.syntax(candidate.script_id)
    if syntax is None or scope is None or not called:
        return False
    calls = {name: syntax.calls_named(scope, name) for name in called}
    if not any(calls.values()):
        return True
    return any(candidate.span in spans for spans in calls.values())


class _Ballot:
    """Bytes by function."""

    def __init__(
        self, strong: frozenset[Function | None], known: frozenset[Function | None]
    ) -> None:
        self._strong = strong
        self._known = known
        self.votes: dict[Function, int] = {}
        self.proved: dict[Function, frozenset[str]] = {}

    def count(
        self, stacks: Sequence[Stack], callers: Mapping[Function, tuple[Function, ...]]
    ) -> None:
        """Count every stack for at most one function, or for those that its own one calls."""
        proofs: list[tuple[tuple[Function, ...], Function]] = []
        for stack in stacks:
            at = self._nearest(stack.functions, self._known) if stack.adds else None
            if at is not None:
                function = stack.functions[at]
                proofs.append((stack.functions[at:], function))
                names = self.proved.get(function, frozenset())
                self.proved[function] = names | {stack.calls[at].called}
                self._vote(function, stack.size)
        for stack in stacks:
            if stack.adds and self._nearest(stack.functions, self._known) is not None:
                continue
            kept_by = self._kept_by(stack.functions, proofs)
            if kept_by is not None:
                self._vote(kept_by, stack.size)
                continue
            called = next((callers[each] for each in stack.functions if each in callers), ())
            for each in called:
                self._vote(each, stack.size // len(called))

    def doubt(
        self, stacks: Sequence[Stack], callers: Mapping[Function, tuple[Function, ...]]
    ) -> None:
        """Let a function that no stack shows count as much as the one that calls it.

        Optimized code that took a function into its caller shows the caller's name only.
        """
        shown = {function for stack in stacks for function in stack.functions}
        for function, size in list(self.votes.items()):
            for called in callers.get(function, ()):
                if called not in shown:
                    self.votes.setdefault(called, size)
                    self.proved.pop(function, None)

    def _kept_by(
        self,
        functions: tuple[Function, ...],
        proofs: Sequence[tuple[tuple[Function, ...], Function]],
    ) -> Function | None:
        own = self._nearest(functions, self._strong)
        if own is None:
            own = self._nearest(functions, self._known)
        common, kept = max(
            ((_common(functions, proof), kept) for proof, kept in proofs),
            key=lambda each: each[0],
            default=(0, None),
        )
        # A function that holds a place and was called since the two ways parted.
        if own is not None and own < len(functions) - common:
            return functions[own]
        if common:
            return kept
        return functions[own] if own is not None else None

    def _nearest(self, functions: Sequence[Function], of: frozenset[Function | None]) -> int | None:
        return next((at for at, each in enumerate(functions) if each in of), None)

    def _vote(self, function: Function, size: int) -> None:
        self.votes[function] = self.votes.get(function, 0) + size


def _common(one: Sequence[Function], other: Sequence[Function]) -> int:
    """How many of the outermost calls two stacks have in common."""
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _callers(
    stacks: Sequence[Stack],
    functions: Sequence[Function | None],
    scopes: Sequence[Scope | None],
    scripts: Scripts,
) -> dict[Function, tuple[Function, ...]]:
    """The functions on the stacks that call one of some functions by its name."""
    by_name: dict[str, set[Function]] = {}
    for function, scope in zip(functions, scopes, strict=True):
        if function is not None and scope is not None and scope.name:
            by_name.setdefault(scope.name, set()).add(function)
    found: dict[Function, tuple[Function, ...]] = {}
    for caller in {each for stack in stacks for each in stack.functions} if by_name else ():
        syntax = scripts.syntax(caller[0])
        scope = syntax.function_at(caller[1]) if syntax is not None else None
        if syntax is None or scope is None:
            continue
        called = {
            function
            for name, those in by_name.items()
            if syntax.calls_named(scope, name)
            for function in those - {caller}
        }
        if called:
            found[caller] = tuple(sorted(called))
    return found


def function_around(scripts: Scripts, script_id: int, start: Position) -> Scope | None:
    """The function that a place of a script stands in; the root at top level."""
    syntax = scripts.syntax(script_id)
    return None if syntax is None else syntax.scope_at(start).function


def _function(candidate: Candidate, scope: Scope | None) -> Function | None:
    start = scope.function_start if scope is not None else None
    return None if start is None else (candidate.script_id, start)
