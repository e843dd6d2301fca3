"""The places that make a slot grow, best evidence first.

Allocation stacks of the last round come first, then the writes that the syntax shows; the
stacks choose between writes, and tell the line where the syntax shows none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leakline.attribution.anchor import Anchor, Write
from leakline.attribution.evidence import Told, by_stacks_alone, evidence
from leakline.attribution.model import Evidence
from leakline.attribution.on_stack import Seen, seen_on
from leakline.attribution.scripts import Scripts
from leakline.attribution.stacks import Stack
from leakline.attribution.syntax import Scope
from leakline.attribution.weighing import (
    MIN_SHARE,
    Candidate,
    Weight,
    function_around,
    weigh,
)
from leakline.positions import SourceLocation

_DEPENDENCIES = "/node_modules/"


@dataclass(frozen=True, slots=True)
class Lines:
    """The places that make a slot grow.

    Attributes:
        places: Best first; may be empty.
        evidence: Why the first is the one, or the declaration where there is none.
    """

    places: tuple[SourceLocation, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Line:
    """A place that may make a slot grow, in the script and in the original."""

    write: Write
    place: SourceLocation
    weight: Weight | None = None
    seen: Seen | None = None


class GrowthLines:
    """Finds growth lines of one slot.

    Args:
        scripts: The program's scripts.
        stacks: What allocated the slot's gain; may be empty.
        place: Gives the original place of an expression of a script.
    """

    def __init__(
        self,
        scripts: Scripts,
        stacks: Sequence[Stack],
        place: Callable[[Write], SourceLocation | None],
    ) -> None:
        self._scripts = scripts
        self._stacks = stacks
        self._place = place

    def find(self, name: str, anchor: Anchor, *, inside: bool) -> Lines:
        """Finds the lines.

        Args:
            name: The slot's display name.
            anchor: The slot in the syntax.
            inside: Whether it is the elements of the slot's container that grow.
        """
        ranked = sorted(anchor.writes, key=lambda write: inside and not write.nested)
        lines = self._weighed(ranked, inside=inside)
        if all(line.place.path is None for line in lines):
            # In a dependency that is not in the workspace: the user's own call comes first.
            own = self._own_calls(lines) if lines else []
            own = own or self._weighed(anchor.by_variable, inside=inside)
            lines = [line for line in own if line.place.path is not None] + lines
        elif _is_dependency(lines[0].place):
            lines += self._own_calls(lines)
        if self._stacks and not any(_speaks(line) for line in lines):
            lines = self._told_by_stacks(lines) + lines
        places = tuple(dict.fromkeys(line.place for line in lines))
        return Lines(places, self._evidence(name, lines, len(places)))

    def _weighed(self, writes: Sequence[Write], *, inside: bool) -> list[_Line]:
        """Those of some writes that have a place, in the order of what the stacks say."""
        pairs = [(write, place) for write in writes if (place := self._place(write)) is not None]
        if not self._stacks:
            return [_Line(*pair) for pair in pairs]
        candidates = [
            Candidate(write.script_id, write.span, write.certain or (inside and write.nested))
            for write, _ in pairs
        ]
        weights = weigh(self._stacks, candidates, self._scripts)
        lines = [_Line(*pair, weight) for pair, weight in zip(pairs, weights, strict=True)]
        if not any(weight.share >= MIN_SHARE for weight in weights):
            return lines
        return sorted(lines, key=_worth, reverse=True)

    def _told_by_stacks(self, lines: Sequence[_Line]) -> list[_Line]:
        """Places that no write of the syntax is at, where that says more than the syntax.

        An object may be allocated at one place and kept at another: where the syntax knows
        places, only the room that a container took says that they are not the ones.
        """
        if any(line.write.certain for line in lines):
            return []
        stacks = [stack for stack in self._stacks if stack.adds or not lines]
        seen = self._seen(lambda place: place.path is not None, "adds to", stacks)
        return [line for line in seen if line.seen is not None and (line.seen.exact or not lines)]

    def _own_calls(self, lines: Sequence[_Line]) -> list[_Line]:
        """Where the program calls the dependency that keeps more and more."""
        functions = {
            (line.write.script_id, scope.function_start)
            for line in lines
            if (scope := self._function_of(line.write)) is not None
        }
        stacks: list[Stack] = []
        for stack in self._stacks:
            at = next((at for at, each in enumerate(stack.functions) if each in functions), None)
            if at is not None:
                # The dependency may have called the program back: that is no call into it.
                stacks.append(Stack(stack.calls[at:], stack.size, adds=False))
        seen = self._seen(_is_own, "calls", stacks)
        return [line for line in seen if line.seen is not None and line.seen.exact]

    def _seen(
        self, accepts: Callable[[SourceLocation], bool], does: str, stacks: Sequence[Stack]
    ) -> list[_Line]:
        """The places that some stacks tell by themselves."""
        lines: list[_Line] = []
        for seen in seen_on(stacks, self._scripts, accepts) if stacks else ():
            write = Write(
                seen.script_id, seen.span, seen.span, nested=False, certain=False, does=does
            )
            place = self._place(write)
            if place is not None:
                lines.append(_Line(write, place, seen=seen))
        return lines

    def _evidence(self, name: str, lines: Sequence[_Line], places: int) -> Evidence:
        writes = [line.write for line in lines]
        if not lines or not _speaks(lines[0]):
            return evidence(name, writes, places, None)
        first = lines[0]
        function = self._function_name(first.write)
        if first.seen is not None:
            told = Told(function, first.seen.share, first.seen.proved, rivals=0)
            if first.write.does == "calls":
                return evidence(name, writes, places, told)
            return by_stacks_alone(name, told, exact=first.seen.exact)
        assert first.weight is not None
        share = first.weight.share
        rivals = {line.place for line in lines if line.weight and _worth(line) >= _worth(first)}
        told = Told(function, share, first.weight.proved, len(rivals) - 1)
        return evidence(name, writes, places, told)

    def _function_name(self, write: Write) -> str:
        scope = self._function_of(write)
        if scope is None or scope.parent is None:
            return "the top level"
        name = self._scripts.original_name(write.script_id, scope)
        return f"`{name}`" if name else "the function around it"

    def _function_of(self, write: Write) -> Scope | None:
        return function_around(self._scripts, write.script_id, write.span.start)


def _speaks(line: _Line) -> bool:
    """Whether the stacks say something of a line."""
    return line.seen is not None or (line.weight is not None and line.weight.share >= MIN_SHARE)


def _worth(line: _Line) -> tuple[float, bool]:
    """Orders places by what the stacks say of them."""
    return (line.weight.share, line.weight.proved) if line.weight else (0.0, False)


def _is_dependency(place: SourceLocation) -> bool:
    return place.path is None or _DEPENDENCIES in place.path.replace("\\", "/")


def _is_own(place: SourceLocation) -> bool:
    return not _is_dependency(place)
