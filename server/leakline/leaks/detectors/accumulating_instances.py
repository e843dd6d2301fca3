"""Instances of one class pile up."""

from __future__ import annotations

from collections.abc import Sequence

from leakline.attribution.made import Made
from leakline.leaks.accumulation import Accumulation, accumulation_finding
from leakline.leaks.model import Finding
from leakline.leaks.series import Series

CODE = "accumulating-instances"


def detect(series: Series, accumulations: Sequence[Accumulation]) -> list[Finding]:
    """Findings for the classes whose instances pile up, the fastest first."""
    found = (
        accumulation_finding(series, each, CODE)
        for each in accumulations
        if each.maker.kind is Made.INSTANCE
    )
    return [finding for finding in found if finding is not None]
