"""A finding in words, for hovers and lenses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from leakline.leaks.fit import counted_in, fit_of
from leakline.leaks.model import Finding, SeriesPoint
from leakline.lsp.pages import page_uri
from leakline.lsp.places import Place
from leakline.positions import SourceLocation
from leakline.report.figures import (
    format_bytes,
    format_growth,
    format_growth_per_snapshot,
    sparkline,
)
from leakline.report.rules import RULES

FindPlace = Callable[[SourceLocation | None], Place | None]

# A trace that is longer is shown with its ends only.
_MOST_HOPS = 12
_CODE_SPAN = re.compile(r"(`[^`\n]*`)")
_SPECIAL = re.compile(r"([\\*_\[\]<>#|!&~`])")


def figures(finding: Finding) -> str:
    """Size and growth: ``24.7 kB, +25 B/request``."""
    growth = _growth(finding)
    size = format_bytes(finding.retained_size)
    return f"{size}, {growth}" if growth else size


def trace_line(finding: Finding) -> str:
    """The leak trace in one line."""
    labels = [hop.label for hop in finding.trace]
    return f"{finding.slot_kind.value} `{finding.root}` ({figures(finding)}): " + (
        " → ".join(labels) if labels else "no leak trace is known"
    )


def hover_text(
    finding: Finding, find: FindPlace, *, markdown: bool, values: bool, whole: bool = False
) -> str:
    """All about a finding.

    Args:
        finding: The finding.
        find: Tells where a location is now.
        markdown: Whether the client shows Markdown; else plain text is made.
        values: Whether values from the heap may be shown.
        whole: Whether all hops of a long leak trace are shown.
    """
    write = _Markdown() if markdown else _Plain()
    hops = None if not finding.trace else _all_hops(finding) if whole else _shortened(finding)
    parts = [write.title(finding), write.prose(_summary(finding))]
    if len(finding.series) > 1:
        parts.append(write.series(finding))
    if hops is not None:
        parts.append(write.trace(finding, find, hops))
    place = find(finding.location)
    if finding.evidence.text:
        parts.append(write.prose(f"Evidence, {finding.evidence.in_words}"))
    if place is not None:
        parts.append(write.growth_line(place))
        if place.changed:
            parts.append(write.prose("The line has changed since the snapshot: measure again"))
    rule = RULES.get(finding.code)
    if rule is not None:
        parts.append(write.mend(rule.advice))
    if values and finding.preview:
        parts.append(write.value(finding.preview))
    return "\n\n".join(parts)


def _summary(finding: Finding) -> str:
    last = finding.series[-1]
    after = "" if last.requests is None else f" after {last.requests} {finding.unit}s"
    if last.element_count is not None:
        after = f" in {last.element_count} {counted_in(finding)}{after}"
    growth = _growth(finding)
    rate = f", {growth}" if growth else ""
    fit = fit_of(finding.series).in_words(counted_in(finding), finding.unit)
    return f"{format_bytes(last.retained_size)} retained{after}{rate}{f'; {fit}' if fit else ''}"


def _growth(finding: Finding) -> str:
    if finding.growth_per_request is not None:
        return format_growth(finding.growth_per_request, finding.unit)
    if finding.growth_per_snapshot is not None:
        return format_growth_per_snapshot(finding.growth_per_snapshot)
    return ""


def _rounds(series: tuple[SeriesPoint, ...]) -> list[tuple[str, str]]:
    return [
        (
            str(point.requests) if point.requests is not None else f"snapshot {number}",
            format_bytes(point.retained_size),
        )
        for number, point in enumerate(series, start=1)
    ]


def _all_hops(finding: Finding) -> list[int | None]:
    return list(range(len(finding.trace)))


def _shortened(finding: Finding) -> list[int | None]:
    """Indices of the hops to show; None where some are left out."""
    count = len(finding.trace)
    if count <= _MOST_HOPS:
        return list(range(count))
    half = _MOST_HOPS // 2
    return [*range(half), None, *range(count - half, count)]


def _file_and_line(place: Place) -> str:
    name = place.uri.partition("?")[0].rsplit("/", 1)[-1]
    return f"{name}:{place.span.start.line + 1}"


class _Markdown:
    def title(self, finding: Finding) -> str:
        code, page = _prose(finding.code), page_uri(finding.code)
        about = code if page is None else f"[{code}]({page})"
        return f"**{finding.slot_kind.value}** {_code(finding.root)} · {about}"

    def prose(self, text: str) -> str:
        return _prose(text)

    def series(self, finding: Finding) -> str:
        series = finding.series
        bars = sparkline([point.retained_size for point in series])
        rows = [f"| {requests} | {size} |" for requests, size in _rounds(series)]
        head = f"{finding.unit}s" if series[-1].requests is not None else "round"
        return "\n".join([f"| {head} | retained {bars} |", "|---:|---:|", *rows])

    def trace(self, finding: Finding, find: FindPlace, hops: list[int | None]) -> str:
        lines = ["Leak trace (suspect segment in bold):", ""]
        for index in hops:
            if index is None:
                lines.append("- …")
                continue
            hop = finding.trace[index]
            label = f"**{_prose(hop.label)}**" if hop.suspect else _prose(hop.label)
            place = find(hop.location)
            lines.append(f"- {label}{'' if place is None else ' — ' + _link(place)}")
        return "\n".join(lines)

    def growth_line(self, place: Place) -> str:
        return f"Grows at {_link(place)}"

    def mend(self, advice: str) -> str:
        return f"**How to mend:** {_prose(advice)}"

    def value(self, preview: str) -> str:
        text = json.dumps(preview, ensure_ascii=False)
        longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}\n{text}\n{fence}"


class _Plain:
    def title(self, finding: Finding) -> str:
        return f"{finding.slot_kind.value} {finding.root} ({finding.code})"

    def prose(self, text: str) -> str:
        return text

    def series(self, finding: Finding) -> str:
        series = finding.series
        bars = sparkline([point.retained_size for point in series])
        unit = f" {finding.unit}s" if series[-1].requests is not None else ""
        rows = [f"  {requests}{unit}: {size}" for requests, size in _rounds(series)]
        return "\n".join([f"Rounds: {bars}", *rows])

    def trace(self, finding: Finding, find: FindPlace, hops: list[int | None]) -> str:
        lines = ["Leak trace (suspect segment marked >):"]
        for index in hops:
            if index is None:
                lines.append("    …")
                continue
            hop = finding.trace[index]
            place = find(hop.location)
            where = "" if place is None else f" ({_file_and_line(place)})"
            lines.append(f"  {'>' if hop.suspect else ' '} {hop.label}{where}")
        return "\n".join(lines)

    def growth_line(self, place: Place) -> str:
        return f"Grows at {_file_and_line(place)}"

    def mend(self, advice: str) -> str:
        return f"How to mend: {advice}"

    def value(self, preview: str) -> str:
        return f"Value: {json.dumps(preview, ensure_ascii=False)}"


def _prose(text: str) -> str:
    """Text for Markdown. Only code spans in it are markup: names come from the heap."""
    parts = _CODE_SPAN.split(" ".join(text.split()))
    return "".join(
        part if index % 2 else _SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def _code(name: str) -> str:
    name = " ".join(name.split())
    longest = max((len(run) for run in re.findall(r"`+", name)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if name.startswith("`") or name.endswith("`") else ""
    return f"{fence}{pad}{name}{pad}{fence}"


def _link(place: Place) -> str:
    target = place.uri.replace("(", "%28").replace(")", "%29")
    return f"[{_prose(_file_and_line(place))}]({target}#L{place.span.start.line + 1})"
