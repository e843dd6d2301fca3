"""The report for people: one paragraph per finding, then one line that sums up."""

from __future__ import annotations

from itertools import pairwise

from rich.cells import cell_len

from leakline.attribution.model import Hop
from leakline.leaks.fit import counted_in, fit_of
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.positions import SourceLocation
from leakline.report.excerpt import excerpt
from leakline.report.figures import (
    format_bytes,
    format_growth,
    format_growth_per_snapshot,
    sparkline,
)
from leakline.report.model import ReportInput
from leakline.report.places import shown_place
from leakline.report.style import Painter, Style
from leakline.untrusted import visible

_SEVERITY_STYLE = {Severity.WARNING: Style.WARNING, Severity.INFORMATION: Style.INFORMATION}
_SUSPECT = "▌"
_NARROWEST = 20


def render_text(report: ReportInput, *, width: int, color: bool) -> str:
    """The report as text.

    Only source lines are cut to the width; nothing is wrapped, so that ``path:line:column``
    and the message stay on one line for other programs to read.

    Args:
        report: What to report.
        width: Terminal cells per line.
        color: Whether to paint it with escape sequences.

    Returns:
        Lines, each ended by a line feed.
    """
    paint = Painter(color=color)
    paragraphs = [_finding(finding, report.base, width, paint) for finding in report.findings]
    closing = [_note(note, paint) for note in report.notes]
    closing.append(_summary(report, paint))
    paragraphs.append(closing)
    return "\n".join("".join(f"{line}\n" for line in paragraph) for paragraph in paragraphs)


def _finding(finding: Finding, base: str | None, width: int, paint: Painter) -> list[str]:
    lines = [_headline(finding, base, paint)]
    lines += _source(finding, base, width, paint)
    lines += ["", *_figures(finding)]
    if finding.trace:
        lines += ["", *_trace(finding.trace, base, paint)]
    return lines


def _headline(finding: Finding, base: str | None, paint: Painter) -> str:
    place = shown_place(finding.location, base) if finding.location else "source unknown"
    severity = paint(f"{finding.severity.value}:", _SEVERITY_STYLE[finding.severity])
    code = paint(f"[{visible(finding.code)}]", Style.FAINT)
    return f"{paint(f'{place}:', Style.PLACE)} {severity} {visible(finding.message)} {code}"


def _source(finding: Finding, base: str | None, width: int, paint: Painter) -> list[str]:
    """The growing expression underlined, and why it is the one."""
    gutter = 3
    lines: list[str] = []
    found = excerpt(finding.location, max(width - 10, _NARROWEST)) if finding.location else None
    if found is not None:
        number = str(found.number)
        gutter = max(gutter, len(number))
        carets = paint("^" * found.length, Style.MARK)
        lines += [
            f"  {paint(f'{number:>{gutter}} |', Style.FAINT)} {found.text}",
            f"  {paint(' ' * gutter + ' |', Style.FAINT)} {' ' * found.indent}{carets}",
        ]
    remarks = [finding.evidence.in_words]
    if finding.location is not None:
        remarks.append(finding.location.note)
    if finding.declaration is not None and finding.declaration != finding.location:
        remarks.append(f"declared at {shown_place(finding.declaration, base)}")
    remarks += [f"also added to at {shown_place(place, base)}" for place in finding.other_writes]
    lines += [f"  {' ' * gutter} = {visible(remark)}" for remark in remarks if remark]
    return lines


def _figures(finding: Finding) -> list[str]:
    """The root in each snapshot, as a table."""
    series = finding.series
    if len(series) == 1:
        return [f"    retained {_size(series[0])}{_elements_in_words(series[0])}"]
    columns = [_numbers(series)]
    if any(point.requests is not None for point in series):
        columns.append([f"{finding.unit}s", *(_count(point.requests) for point in series)])
    columns.append(["retained", *(_size(point) for point in series)])
    columns.append(
        ["growth", "", *(_growth(old, new, finding.unit) for old, new in pairwise(series))]
    )
    if any(point.element_count is not None for point in series):
        columns.append(["elements", *(_count(point.element_count) for point in series)])
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    table = [
        "    " + "   ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    line = sparkline([point.retained_size for point in series])
    first_and_last = f"{_size(series[0])} to {_size(series[-1])}"
    fit = fit_of(series).in_words(counted_in(finding), finding.unit)
    return [
        *(row.rstrip() for row in table),
        f"    {line} {first_and_last}{f'; {fit}' if fit else ''}",
    ]


def _numbers(series: tuple[SeriesPoint, ...]) -> list[str]:
    """The first snapshot is where the rounds start from."""
    return ["round", "start", *(str(number) for number in range(1, len(series)))]


def _size(point: SeriesPoint) -> str:
    return format_bytes(point.retained_size)


def _count(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _elements_in_words(point: SeriesPoint) -> str:
    return "" if point.element_count is None else f", {point.element_count:,} elements"


def _growth(old: SeriesPoint, new: SeriesPoint, unit: str) -> str:
    grown = new.retained_size - old.retained_size
    if old.requests is None or new.requests is None or new.requests <= old.requests:
        return format_growth_per_snapshot(grown).removesuffix("/snapshot")
    return format_growth(grown / (new.requests - old.requests), unit)


def _trace(trace: tuple[Hop, ...], base: str | None, paint: Painter) -> list[str]:
    """The path from the GC root, the suspect segment marked."""
    legend = f"; {_SUSPECT} marks the suspect segment" if any(h.suspect for h in trace) else ""
    labels = [visible(hop.label) for hop in trace]
    column = min(60, max(map(cell_len, labels)))
    lines = [paint(f"    leak trace from the GC root{legend}", Style.FAINT)]
    for hop, label in zip(trace, labels, strict=True):
        mark = paint(_SUSPECT, Style.MARK) if hop.suspect else " "
        shown = paint(label, Style.MARK) if hop.suspect else label
        place = _hop_place(hop.location, base)
        gap = " " * max(2, column - cell_len(label) + 2) if place else ""
        lines.append(f"    {mark} {shown}{gap}{paint(place, Style.FAINT)}")
    return lines


def _hop_place(location: SourceLocation | None, base: str | None) -> str:
    return shown_place(location, base) if location is not None else ""


def _note(note: str, paint: Painter) -> str:
    return f"{paint('note:', Style.INFORMATION)} {visible(note)}"


def _summary(report: ReportInput, paint: Painter) -> str:
    warnings = report.warnings
    remarks = len(report.findings) - warnings
    parts: list[str] = []
    if warnings:
        parts.append(_plural(warnings, "warning"))
    elif report.snapshots > 1:
        parts.append("no growth found")
    if remarks:
        parts.append(_plural(remarks, "remark"))
    if report.ignored:
        parts.append(f"{report.ignored} ignored")
    verdict = ", ".join(parts) or "nothing found"
    style = Style.WARNING if warnings else Style.GOOD
    return f"{paint(verdict, style)} {_measured(report)}"


def _measured(report: ReportInput) -> str:
    """What the verdict rests on."""
    program = visible(" on ".join(part for part in (report.target, report.runtime) if part))
    of = f" of {program}" if program else ""
    after = f" after {_plural(report.requests, report.unit)}" if report.requests is not None else ""
    text = f"in {_plural(report.snapshots, 'snapshot')}{of}{after}"
    if report.heap_sizes:
        first, last = report.heap_sizes[0], report.heap_sizes[-1]
        change = f"{format_bytes(first)} to " if len(report.heap_sizes) > 1 else ""
        text += f"; heap {change}{format_bytes(last)}"
    return text


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
