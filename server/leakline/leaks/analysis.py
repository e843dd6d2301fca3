"""All detectors over one series."""

from __future__ import annotations

from leakline.leaks.accumulation import find_accumulation
from leakline.leaks.detectors import (
    accumulating_closures,
    accumulating_instances,
    growing_variable,
    large_retained,
)
from leakline.leaks.growth import find_growth
from leakline.leaks.model import Finding, Severity
from leakline.leaks.series import Series


def find_leaks(series: Series) -> tuple[Finding, ...]:
    """Findings, worst first: warnings by growth, then information by size.

    A slot that grows is not told of a second time for being large.
    """
    warnings: list[Finding] = []
    if len(series.snapshots) > 1:
        growing = find_growth([snapshot.slots for snapshot in series.snapshots], series.requests)
        piling = find_accumulation(series, growing)
        warnings += growing_variable.detect(series, growing)
        warnings += accumulating_closures.detect(series, piling)
        warnings += accumulating_instances.detect(series, piling)
    told = {(finding.root, finding.declaration) for finding in warnings}
    large = [
        finding
        for finding in large_retained.detect(series)
        if (finding.root, finding.declaration) not in told
    ]
    return tuple(sorted([*warnings, *large], key=_rank))


def _rank(finding: Finding) -> tuple[bool, float]:
    growth = finding.growth_per_request or finding.growth_per_snapshot or 0.0
    size = float(finding.retained_size)
    is_information = finding.severity is Severity.INFORMATION
    return is_information, -(size if is_information else growth)
