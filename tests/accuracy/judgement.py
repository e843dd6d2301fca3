"""What Leakline said of a program, against what it should have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accuracy.programs import ExpectedFinding, Program
from leakline.leaks import Finding, Severity

GROWTH_TOLERANCE = 0.05

# Codes that are never warnings.
INFORMATIONS = frozenset({"duplicate-strings", "large-retained"})


@dataclass(frozen=True)
class Match:
    """One expected finding and what was said in its place.

    Attributes:
        expected: What should be said.
        said: The finding that was taken for it; None when there is none.
        growth_known: Whether the true growth holds for this runtime.
    """

    expected: ExpectedFinding
    said: Finding | None
    growth_known: bool

    @property
    def found(self) -> bool:
        return self.said is not None

    @property
    def right_code(self) -> bool:
        return self.said is not None and self.said.code in self.expected.codes

    @property
    def right_root(self) -> bool:
        return self.said is not None and _root_fits(self.said, self.expected)

    @property
    def right_line(self) -> bool:
        return self.said is not None and _line_fits(self.said, self.expected)

    @property
    def growth_error(self) -> float | None:
        """By what share the growth is off; None where nothing can be compared."""
        if self.said is None or self.expected.growth is None or not self.growth_known:
            return None
        if self.said.growth_per_request is None:
            return 1.0
        low, high = self.expected.growth
        said = self.said.growth_per_request
        nearest = min(max(said, low), high)
        return (said - nearest) / nearest

    @property
    def right_growth(self) -> bool:
        error = self.growth_error
        return error is not None and abs(error) <= GROWTH_TOLERANCE


@dataclass(frozen=True)
class Judgement:
    """All that was said of a program.

    Attributes:
        program: The program.
        matches: One for each expected warning.
        extra: Warnings that nobody expected.
        in_order: Whether the findings stand in the expected order.
    """

    program: Program
    matches: tuple[Match, ...]
    extra: tuple[Finding, ...]
    in_order: bool

    def complaints(self) -> list[str]:
        """What is wrong, one sentence each; empty when all is right."""
        told: list[str] = []
        for match in self.matches:
            wanted, said = match.expected, match.said
            if said is None:
                told.append(f"`{wanted.roots[0]}` was not found")
                continue
            if not match.right_code:
                told.append(f"{said.code} instead of {' or '.join(wanted.codes)}")
            if not match.right_root:
                told.append(f"root `{said.root}` instead of `{'`, `'.join(wanted.roots)}`")
            if not match.right_line:
                told.append(f"at {place(said)} instead of {_places(wanted)}")
            error = match.growth_error
            if error is None:
                if match.growth_known:
                    told.append("the true growth is not in expected.json")
            elif not match.right_growth:
                told.append(
                    f"{said.growth_per_request} B/request instead of {wanted.growth} ({error:+.1%})"
                )
        told += [f"extra {said.code} `{said.root}` at {place(said)}" for said in self.extra]
        if not self.in_order:
            told.append("the findings are not in the order of their growth")
        return told


def judge(program: Program, findings: Sequence[Finding], runtime: str) -> Judgement:
    """Compares findings with what a program expects.

    A finding stands for an expected one when its root or its line is right; the one that has
    more right is preferred. When both are wrong, one of about the right growth is taken: the
    leak was seen, but not understood. Informations are not judged, nor is the growth on other
    runtimes than the program's first: objects have other sizes there.
    """
    left = [finding for finding in findings if finding.severity is Severity.WARNING]
    warned = [each for each in program.findings if not set(each.codes) <= INFORMATIONS]
    wanted = [each for each in warned if not each.optional]
    at_home = runtime == program.runtimes[0]
    matches: list[Match] = []
    places: list[int] = []
    order = list(left)
    for expected in wanted:
        scored = [(_rightness(said, expected), said) for said in left]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best is None or best[0] == 0:
            matches.append(Match(expected, None, at_home))
            continue
        left.remove(best[1])
        places.append(order.index(best[1]))
        matches.append(Match(expected, best[1], at_home))
    optional = [each for each in warned if each.optional]
    extra = [said for said in left if not any(_root_fits(said, each) for each in optional)]
    return Judgement(program, tuple(matches), tuple(extra), places == sorted(places))


def place(finding: Finding) -> str:
    """Where a finding stands, for people: ``app.js:12``."""
    at = finding.location
    if at is None:
        return "no place"
    name = at.path or at.name or at.url
    return f"{name}:{at.span.start.line + 1}" if at.span is not None else f"{name} (no line)"


def _rightness(said: Finding, expected: ExpectedFinding) -> int:
    right = _line_fits(said, expected) + _root_fits(said, expected)
    return 2 * right or _about_as_large(said, expected)


def _about_as_large(said: Finding, expected: ExpectedFinding) -> bool:
    if expected.growth is None or said.growth_per_request is None:
        return False
    low, high = expected.growth
    return low / 2 <= said.growth_per_request <= high * 2


def _root_fits(said: Finding, expected: ExpectedFinding) -> bool:
    return said.root.replace("`", "") in {root.replace("`", "") for root in expected.roots}


def _line_fits(said: Finding, expected: ExpectedFinding) -> bool:
    at = said.location
    if at is None or at.span is None:
        return False
    line = at.span.start.line + 1
    return any(
        f"/{name}".endswith(f"/{file}") and line in lines
        for file, lines in expected.lines.items()
        for name in (at.path or "", at.url)
    )


def _places(expected: ExpectedFinding) -> str:
    return " or ".join(f"{file}:{line}" for file, lines in expected.lines.items() for line in lines)
