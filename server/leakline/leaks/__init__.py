"""Leak roots of several snapshots -> ranked findings.

What computes is imported when it is first used: the language server shows findings, and should
not wait for numpy and the parsers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakline.lazily import imported
from leakline.leaks.model import Finding, SeriesPoint, Severity

if TYPE_CHECKING:
    from leakline.leaks.analysis import find_leaks
    from leakline.leaks.series import Series, Snapshot

__all__ = ["Finding", "Series", "SeriesPoint", "Severity", "Snapshot", "find_leaks"]

_LATER = {"find_leaks": "analysis", "Series": "series", "Snapshot": "series"}


def __getattr__(name: str) -> object:
    return imported(globals(), _LATER, name)
