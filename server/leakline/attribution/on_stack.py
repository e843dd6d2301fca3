"""The lines that allocation stacks tell by themselves.

A stack names functions, and for each the function that it called next: the line is where the
one calls the other by its name. Where it allocated by itself, or calls by a name that is not
in its text, the line is where the function begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leakline.attribution.scripts import Scripts
from leakline.attribution.stacks import Call, Function, Stack
from leakline.positions import Position, SourceLocation, Span


@dataclass(frozen=True, slots=True)
class Seen:
    """A place that allocation stacks tell.

    Attributes:
        script_id: Its script.
        span: The call or assignment, else the function's beginning.
        share: Of the bytes that the program's own calls allocated for the slot, those that
            were allocated during this function, 0 to 1.
        proved: Whether it is where a container of the slot took more room.
        exact: Whether it is an expression, not the function around it.
    """

    script_id: int
    span: Span
    share: float
    proved: bool
    exact: bool


def seen_on(
    stacks: Sequence[Stack], scripts: Scripts, accepts: Callable[[SourceLocation], bool]
) -> tuple[Seen, ...]:
    """The places on some stacks, those of the most bytes first.

    Args:
        stacks: What allocated a slot's gain. Where some are of a container's room, these tell
            the places.
        scripts: The program's scripts.
        accepts: Whether a function may be told, by its place; the innermost such one is.
    """
    accepted: dict[Function, bool] = {}

    def may_tell(function: Function) -> bool:
        if function not in accepted:
            place = scripts.place(*function)
            accepted[function] = place is not None and accepts(place)
        return accepted[function]

    told = [stack for stack in stacks if stack.adds] or list(stacks)
    found: dict[Function, dict[Span, bool]] = {}
    for stack in told:
        call = next((call for call in stack.calls if may_tell(call.function)), None)
        if call is None:
            continue
        spans, exact = _places(call, scripts, adds=stack.adds and call is stack.calls[0])
        for span in spans:
            known = found.setdefault(call.function, {})
            known[span] = known.get(span, False) or exact
    total = sum(stack.size for stack in stacks)
    seen = [
        Seen(function[0], span, _size(stacks, function) / total, told[0].adds, exact)
        for function, places in found.items()
        for span, exact in places.items()
    ]
    return tuple(sorted(seen, key=lambda each: (not each.exact, -each.share)))


def made_on(stacks: Sequence[Stack], scripts: Scripts, name: str) -> tuple[Seen, ...]:
    """Where the functions on some stacks call one of this name, or make instances by it.

    Args:
        stacks: What allocated the things themselves, not what they hold.
        scripts: The program's scripts.
        name: The name of the function or class in the script.

    Returns:
        Those of the most bytes first; each stack tells its innermost such function.
    """
    sizes: dict[tuple[int, Span], int] = {}
    for stack in stacks:
        for script_id, start in stack.functions:
            syntax = scripts.syntax(script_id)
            scope = syntax.function_at(start) if syntax is not None else None
            spans = syntax.calls_named(scope, name) if syntax is not None and scope else ()
            for span in spans:
                key = (script_id, span)
                sizes[key] = sizes.get(key, 0) + stack.size
            if spans:
                break
    total = sum(stack.size for stack in stacks)
    seen = [
        Seen(script_id, span, size / total, proved=True, exact=True)
        for (script_id, span), size in sizes.items()
    ]
    return tuple(sorted(seen, key=lambda each: -each.share))


def _places(call: Call, scripts: Scripts, *, adds: bool) -> tuple[tuple[Span, ...], bool]:
    script_id, start = call.function
    syntax = scripts.syntax(script_id)
    scope = syntax.function_at(start) if syntax is not None else None
    if syntax is not None and scope is not None:
        spans = syntax.calls_named(scope, call.called) if call.called else ()
        if not spans and adds:
            spans = syntax.additions(scope)
        if spans:
            return spans, True
    return (Span(start, Position(start.line, start.column + 1)),), False


def _size(stacks: Sequence[Stack], function: Function) -> int:
    return sum(stack.size for stack in stacks if function in stack.functions)
