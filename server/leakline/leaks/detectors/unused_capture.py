"""A closure keeps a captured variable alive that no live closure can use."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leakline.attribution.model import Evidence, EvidenceKind
from leakline.attribution.trace import leak_trace
from leakline.leaks.accumulation import Accumulation, accumulation_finding
from leakline.leaks.figures import format_bytes
from leakline.leaks.fingerprint import fingerprint
from leakline.leaks.grown import Growth
from leakline.leaks.holders import large_limit, nearest_above
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.leaks.rate import growth_rate
from leakline.leaks.rounds import grows_in_every_round, rounds_of
from leakline.leaks.series import Series
from leakline.leaks.unused import Unused, bytes_below, find_unused

CODE = "unused-capture"

# From this share of a growth on, what no closure can use is worth telling of.
MIN_TOLD_SHARE = 0.5


def explain(
    series: Series, growing: Sequence[Growth], piling: Sequence[Accumulation]
) -> tuple[list[Finding], list[Growth], list[Accumulation]]:
    """Tells of what is kept unused, and of the growth that would end without it.

    Args:
        series: At least one snapshot.
        growing: The slots that grow.
        piling: The places whose products pile up.

    Returns:
        The findings; the growths and the accumulations that are left.
    """
    unused = find_unused(series)
    rising = [each for each in unused if grows_in_every_round(each.rounds, series.requests)]
    told = _Told(series, rising)
    growths = [growth for growth in growing if not told.explains_growth(growth)]
    piles = [pile for pile in piling if not told.explains_pile(pile)]
    found = [_warning(series, each) for each in _one_per_scope(rising, told.elsewhere)]
    found += [_part_of(series, each, whole) for each, whole in told.elsewhere.items() if whole]
    limit = large_limit(series.newest.graph)
    found += [
        _information(series, each)
        for each in unused
        if each not in rising and each.sizes[-1] >= limit
    ]
    return [finding for finding in found if finding is not None], growths, piles


def _one_per_scope(rising: Sequence[Unused], elsewhere: Collection[Unused]) -> list[Unused]:
    """Variables of one scope go together: the one that grows the most speaks for the others."""
    most: dict[tuple[int, int], Unused] = {}
    for each in sorted(rising, key=lambda each: -sum(each.rounds)):
        if each not in elsewhere:
            most.setdefault((each.variable.script_id, each.variable.scope_start), each)
    return list(most.values())


class _Told:
    """Decides by whom a growth is told.

    A growth that would end if the unused variables were let go is theirs. One that would go on,
    as that of a list to which a closure is added with each request, is told as before, and they
    are told as a part of it.

    Attributes:
        elsewhere: The variables whose growth is told by another finding, with what that calls
            the slot; empty where they are the smaller part of it.
    """

    def __init__(self, series: Series, rising: Sequence[Unused]) -> None:
        self._series = series
        self._rising = rising
        self.elsewhere: dict[Unused, str] = {}

    def explains_growth(self, growth: Growth) -> bool:
        """Whether a slot's growth would end without the unused variables."""
        requests = self._series.requests
        below: dict[Unused, tuple[int, ...]] = {}
        for each in self._rising:
            rounds = rounds_of(bytes_below(self._series, each, growth.values))
            if sum(rounds) >= MIN_TOLD_SHARE * sum(each.rounds):
                below[each] = rounds
        if not below:
            return False
        unused = [sum(column) for column in zip(*below.values(), strict=True)]
        rest = [own - part for own, part in zip(growth.own, unused, strict=True)]
        if not grows_in_every_round(rest, requests):
            most = max(below, key=lambda each: sum(below[each]))
            self.elsewhere.update({each: "" for each in below if each is not most})
            return True
        located = self._series.locate(growth.path, inside=growth.inside)
        for each, rounds in below.items():
            mostly = sum(rounds) >= MIN_TOLD_SHARE * sum(growth.own)
            self.elsewhere[each] = f"`{located.name}`" if located is not None and mostly else ""
        return False

    def explains_pile(self, pile: Accumulation) -> bool:
        """Whether most of what piles up hangs from an unused variable."""
        graph = self._series.newest.graph
        for each in self._rising:
            if not any(
                (keeper.script_id, keeper.start) == (pile.maker.script_id, pile.maker.start)
                for keeper in each.newest.keepers
            ):
                continue
            hanging = nearest_above(graph, each.newest.values)[pile.nodes] >= 0
            if hanging.mean() >= MIN_TOLD_SHARE:
                return True
            finding = accumulation_finding(self._series, pile, CODE)
            grown = pile.sizes[-1] - pile.sizes[0]
            mostly = sum(each.rounds) >= MIN_TOLD_SHARE * grown
            self.elsewhere.setdefault(each, finding.root if finding is not None and mostly else "")
        return False


def _warning(series: Series, each: Unused) -> Finding | None:
    rate = growth_rate(each.rounds, series.requests, series.unit)
    words = f"which no live closure can use, grows {rate.in_words(each.sizes[-1])}"
    return _finding(series, each, words, Severity.WARNING)


def _part_of(series: Series, each: Unused, whole: str) -> Finding | None:
    words = f"which no live closure can use, is most of what {whole} grows by"
    return _finding(series, each, words, Severity.INFORMATION)


def _information(series: Series, each: Unused) -> Finding | None:
    words = f"which no live closure can use, keeps {format_bytes(each.sizes[-1])}"
    return _finding(series, each, words, Severity.INFORMATION)


def _finding(series: Series, each: Unused, words: str, severity: Severity) -> Finding | None:
    located = series.locate(each.path)
    if located is None or not located.exact:
        return None
    keepers = each.names_of_keepers(series.scripts)
    by = " and ".join(keepers) if keepers else "a function without a name"
    growing = severity is Severity.WARNING
    rate = growth_rate(each.rounds, series.requests, series.unit) if growing else None
    requests = series.requests[-len(each.sizes) :]
    points = zip(requests, each.sizes, each.counts, strict=True)
    return Finding(
        code=CODE,
        severity=severity,
        message=f"{located.kind.value} `{located.name}`, {words}",
        root=located.name,
        slot_kind=located.kind,
        series=tuple(SeriesPoint(*point) for point in points),
        growth_per_request=rate.per_request if rate is not None else None,
        growth_per_snapshot=rate.per_snapshot if rate is not None else None,
        location=located.declaration or located.location,
        declaration=located.declaration,
        other_writes=located.writes,
        trace=leak_trace(
            series.newest, series.scripts, each.path, located.name, located.declaration
        ),
        evidence=Evidence(
            EvidenceKind.DECLARATION,
            f"`{located.name}` is declared here; its scope is kept by {by}, which cannot use it",
        ),
        preview="",
        fingerprint=fingerprint(CODE, located.scope, located.name),
    )
