"""The accuracy table, as text and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from accuracy.judgement import Judgement
from accuracy.programs import Program, Runtime

_JUDGED = ("found", "root", "line")

# What stands below this heading in docs/accuracy.md is written by peers/run.py.
PEERS_HEADING = "## What other tools say of the same recordings\n"


@dataclass(frozen=True)
class Origin:
    """Where a page's figures come from.

    Attributes:
        seconds: How long the run took.
        live: Whether the programs ran; else recordings that were kept were analysed again.
    """

    seconds: float
    live: bool

    def in_words(self, count: int) -> str:
        if not self.live:
            return f"{count} recordings that an earlier run had kept were analysed for this page."
        minutes = round(self.seconds / 60)
        return (
            f"One run of `bench/accuracy/run.py --write` wrote this: {count} measurements in "
            f"{minutes} minutes. A time is the longest of its row, from start to findings."
        )


@dataclass(frozen=True)
class Result:
    """One program on one runtime.

    Attributes:
        program: The program.
        runtime: Where it ran.
        requests: Requests per round.
        judgement: What came of it; None when it could not be measured.
        failure: Why it could not; else empty.
        seconds: From its start to the findings.
    """

    program: Program
    runtime: Runtime
    requests: int
    judgement: Judgement | None
    failure: str
    seconds: float

    @property
    def is_right(self) -> bool:
        return not self.complaints

    @property
    def complaints(self) -> list[str]:
        """What is wrong, one sentence each."""
        return [self.failure] if self.judgement is None else self.judgement.complaints()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Expected, found, right root, right line."""
        if self.judgement is None:
            required = [each for each in self.program.findings if not each.optional]
            return (len(required) if self.program.leaks else 0, 0, 0, 0)
        matches = self.judgement.matches
        return (
            len(matches),
            sum(match.found for match in matches),
            sum(match.right_root for match in matches),
            sum(match.right_line for match in matches),
        )

    @property
    def growth(self) -> tuple[int, int]:
        """Right growth, and where the true growth is known."""
        matches = self.judgement.matches if self.judgement is not None else ()
        known = [match for match in matches if match.growth_error is not None]
        return sum(match.right_growth for match in known), len(known)

    @property
    def extra(self) -> int:
        return len(self.judgement.extra) if self.judgement is not None else 0


def line(result: Result) -> str:
    """One program's line, with what is wrong on the lines below it."""
    mark = "ok  " if result.is_right else "FAIL"
    head = (
        f"{mark} {result.program.name:34} {result.runtime.name:7} {result.requests:4} "
        f"{_cells(result)}"
        f" {result.seconds:5.1f} s"
    )
    return "\n".join([head, *(f"       {each}" for each in result.complaints)])


def _cells(result: Result) -> str:
    expected, found, root, place = result.counts
    if not result.program.leaks:
        return f"{'silent' if not result.extra else f'{result.extra} warnings':34}"
    told = [
        f"{name} {part}/{expected}"
        for name, part in zip(_JUDGED, (found, root, place), strict=True)
    ]
    return f"{' '.join(told)} {_growth(result):>8}"


def _growth(result: Result) -> str:
    if result.judgement is None:
        return ""
    errors = [match.growth_error for match in result.judgement.matches]
    return " ".join("" if error is None else f"{error:+.1%}" for error in errors)


def _rates(results: Sequence[Result]) -> dict[str, tuple[int, int]]:
    expected, found, root, place = (sum(result.counts[i] for result in results) for i in range(4))
    growth = [result.growth for result in results]
    extra = sum(result.extra for result in results)
    healthy = [result for result in results if not result.program.leaks]
    quiet = sum(result.judgement is not None and not result.extra for result in healthy)
    return {
        "recall": (found, expected),
        "precision": (found, found + extra),
        "right root": (root, expected),
        "right line": (place, expected),
        "growth within 5 %": (sum(right for right, _ in growth), sum(known for _, known in growth)),
        "healthy programs without a warning": (quiet, len(healthy)),
    }


def summary(results: Sequence[Result]) -> str:
    """The rates over all results."""
    return "\n".join(
        f"{name:36} {part:3} of {whole:3} {_share(part, whole)}"
        for name, (part, whole) in _rates(results).items()
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%}" if whole else "     -"


def page(results: Sequence[Result], origin: Origin, old: str) -> str:
    """The text of ``docs/accuracy.md``, with the peers' section of the old one."""
    _, heading, peers = old.partition(PEERS_HEADING)
    ordered = sorted(results, key=lambda r: (r.program.name, r.runtime.name, r.requests))
    wrong = [result for result in ordered if not result.is_right]
    rates = [
        f"| {name} | {part} of {whole} | {_share(part, whole).strip()} |"
        for name, (part, whole) in _rates(results).items()
    ]
    return "\n".join(
        [
            "# Accuracy",
            "",
            "Every program in `fixtures/` is started, measured over three rounds after a warm-up,",
            "and analysed, as `leakline measure` does. What is said is compared with what is true:",
            "the slot, the line, and the growth per request, which `fixtures/measure_growth.py`",
            "measured without Leakline on the runtime that stands first. Leaking programs get 60",
            "requests per round; healthy ones are measured three times, with 37, 60 and 100.",
            "",
            origin.in_words(len(results)),
            "",
            "Where the growth depends on when V8 collects garbage (it flattens strings that were",
            "joined by `+`) or on how full a hash table is, `expected.json` gives a range. A table",
            "of small integers shows nothing in a snapshot but its size: it is told once it has",
            "doubled twice. A buffer that is never emptied in the whole measurement looks like a",
            "leak: measure more requests than it holds.",
            "",
            "| | | |",
            "|---|---|---|",
            *rates,
            "",
            "## What went wrong",
            "",
            *(_wrong_items(wrong) or ["Nothing in this run."]),
            "",
            "## Programs that leak",
            "",
            "| program | runtimes | what it does | found | root | line | growth off by | time |",
            "|---|---|---|---|---|---|---|---|",
            *(_leak_row(group) for group in _by_program(ordered, leaks=True)),
            "",
            "## Programs that do not",
            "",
            "| program | runtimes | requests per round | what it does | warnings | time |",
            "|---|---|---|---|---|---|",
            *(_healthy_row(group) for group in _by_program(ordered, leaks=False)),
            "",
            heading + peers,
        ]
    )


def _by_program(results: Sequence[Result], *, leaks: bool) -> Iterator[list[Result]]:
    chosen = (result for result in results if result.program.leaks == leaks)
    for _, group in groupby(chosen, key=lambda result: result.program.name):
        yield list(group)


def _wrong_items(wrong: Sequence[Result]) -> list[str]:
    return [
        f"- {result.program.path.name} on {result.runtime.name}, {result.requests} requests per "
        f"round: {'; '.join(result.complaints).splitlines()[-1]}"
        for result in wrong
    ]


def _leak_row(group: Sequence[Result]) -> str:
    program = group[0].program
    expected, found, root, place = (sum(each.counts[i] for each in group) for i in range(4))
    at_home = [each for each in group if each.runtime.name == program.runtimes[0]]
    cells = [
        program.path.name,
        _runtimes(group),
        program.about,
        _of(found, expected),
        _of(root, expected),
        _of(place, expected),
        " ".join(_growth(each) for each in at_home).replace("%", " %"),
        _time(group),
    ]
    return f"| {' | '.join(cells)} |"


def _healthy_row(group: Sequence[Result]) -> str:
    told = sum(each.extra for each in group)
    missing = sum(each.judgement is None for each in group)
    cells = [
        group[0].program.path.name,
        _runtimes(group),
        ", ".join(str(each) for each in sorted({each.requests for each in group})),
        group[0].program.about,
        f"{told or 'none'}{f', {missing} not measured' if missing else ''}",
        _time(group),
    ]
    return f"| {' | '.join(cells)} |"


def _runtimes(group: Sequence[Result]) -> str:
    """The runtimes that were used, the program's first one first."""
    used = {each.runtime.name for each in group}
    return ", ".join(name for name in group[0].program.runtimes if name in used)


def _time(group: Sequence[Result]) -> str:
    return f"{max(each.seconds for each in group):.1f} s"


def _of(part: int, whole: int) -> str:
    if part == whole:
        return "yes"
    return "no" if part == 0 else f"{part} of {whole}"
