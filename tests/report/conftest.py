"""The finding of the seed Worker, as an analysis hands it on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakline.attribution.model import Evidence, EvidenceKind, Hop, SlotKind
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.positions import Position, SourceLocation, Span
from leakline.report import ReportInput

WriteLocation = Callable[..., SourceLocation]


@pytest.fixture
def place() -> WriteLocation:
    """Makes a location in /app/src/index.js of which one stretch of text is marked."""

    def make(
        line: int, text: str, marked: str, *, path: str | None = "/app/src/index.js"
    ) -> SourceLocation:
        before = text[: text.index(marked)]
        start = _utf16_length(before)
        span = Span(Position(line - 1, start), Position(line - 1, start + _utf16_length(marked)))
        url = f"file://{path}" if path else "webpack:///src/index.js"
        return SourceLocation(path=path, url=url, span=span, line_text=text)

    return make


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.fixture
def growing(place: WriteLocation) -> Finding:
    declaration = place(1, 'let responseText = "";', "responseText")
    return Finding(
        code="growing-variable",
        severity=Severity.WARNING,
        message="global `responseText` grows per request: "
        "+25 B/request, 10.0 kB retained after 400 requests",
        root="responseText",
        slot_kind=SlotKind.GLOBAL,
        series=tuple(SeriesPoint(100 * n, 2_500 * n, 2_500 * n) for n in range(1, 5)),
        growth_per_request=25.0,
        growth_per_snapshot=2_500.0,
        location=place(5, '    responseText += "served.\\n";', 'responseText += "served.\\n"'),
        declaration=declaration,
        other_writes=(place(9, "  responseText += more;", "responseText += more"),),
        trace=(
            Hop("GC roots"),
            Hop("context of module index.js"),
            Hop("variable `responseText`", declaration, suspect=True),
            Hop("string", None, suspect=True),
        ),
        evidence=Evidence(EvidenceKind.WRITE, "the only write that adds to it"),
        preview="tok-8843 in the heap",
        fingerprint="0f3a",
    )


@pytest.fixture
def large() -> Finding:
    return Finding(
        code="large-retained",
        severity=Severity.INFORMATION,
        message="global `table` retains 2.0 MB, 40 % of the heap",
        root="table",
        slot_kind=SlotKind.GLOBAL,
        series=(SeriesPoint(None, 2_000_000, None),),
        growth_per_request=None,
        growth_per_snapshot=None,
        location=None,
        declaration=None,
        other_writes=(),
        trace=(),
        evidence=Evidence(EvidenceKind.NONE, ""),
        preview="",
        fingerprint="77",
    )


@pytest.fixture
def report(growing: Finding) -> ReportInput:
    return ReportInput(
        findings=(growing,),
        target="seed-worker",
        runtime="workerd",
        recording="/app/.leakline/recordings/20261122T160000Z-seed-worker",
        snapshots=4,
        requests=400,
        heap_sizes=(4_100_000, 4_120_000, 4_130_000, 4_200_000),
        notes=("the source map of vendor.js could not be read",),
        base="/app",
        version="0.1.0",
    )
