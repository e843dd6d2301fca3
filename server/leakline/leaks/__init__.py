"""Leak roots of several snapshots -> ranked findings.

What computes is imported when it is first used: the language server shows findings, and should
not wait for numpy and the parsers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from leakline.leaks.model import Finding, SeriesPoint, Severity

if TYPE_CHECKING:
    from leakline.leaks.analysis import find_leaks
    from leakline.leaks.series import Series, Snapshot

__all__ = ["Finding", "Series", "SeriesPoint", "Severity", "Snapshot", "find_leaks"]

_LATER = {"find_leaks": "analysis", "Series": "series", "Snapshot": "series"}


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(f"leakline.leaks.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
