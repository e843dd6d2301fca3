"""All detectors over one series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from leakline.leaks.accumulation import Accumulation, find_accumulation
from leakline.leaks.detectors import (
    accumulating_closures,
    accumulating_instances,
    detached_dom,
    duplicate_strings,
    growing_variable,
    large_retained,
    sliced_string,
    unused_capture,
)
from leakline.leaks.grown import Growth
from leakline.leaks.growth import find_growth
from leakline.leaks.model import Finding, Severity
from leakline.leaks.series import Series


def find_leaks(series: Series) -> tuple[Finding, ...]:
    """Findings, worst first: warnings by growth, then information by size.

    One growth is one warning, told by the detector that knows most of it. A slot that grows is
    not told of a second time for being large.
    """
    growing: list[Growth] = []
    piling: list[Accumulation] = []
    if len(series.snapshots) > 1:
        growing = find_growth([snapshot.slots for snapshot in series.snapshots], series.requests)
        piling = find_accumulation(series, growing)
    found, growing, piling = unused_capture.explain(series, growing, piling)
    slices, growing = sliced_string.explain(series, growing)
    elements, growing = detached_dom.explain(series, growing)
    found += slices + elements
    found += growing_variable.detect(series, growing)
    found += accumulating_closures.detect(series, piling)
    found += accumulating_instances.detect(series, piling)
    for detect in (sliced_string.detect, large_retained.detect):
        found += _not_told(detect(series), found)
    warnings = [finding for finding in found if finding.severity is Severity.WARNING]
    for detect in (detached_dom.detect, duplicate_strings.detect):
        found += _not_told(detect(series), warnings)
    ranked = sorted(found, key=_rank)
    return tuple(replace(finding, unit=series.unit) for finding in ranked)


def _not_told(findings: Iterable[Finding], told: Iterable[Finding]) -> list[Finding]:
    """Those whose slot no other finding is about."""
    slots = {(finding.root, finding.declaration) for finding in told}
    return [each for each in findings if (each.root, each.declaration) not in slots]


def _rank(finding: Finding) -> tuple[bool, float]:
    growth = finding.growth_per_request or finding.growth_per_snapshot or 0.0
    size = float(finding.retained_size)
    is_information = finding.severity is Severity.INFORMATION
    return is_information, -(size if is_information else growth)
