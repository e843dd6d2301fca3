"""Leak roots of several snapshots -> ranked findings."""

from leakline.leaks.analysis import find_leaks
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.leaks.series import Series, Snapshot

__all__ = ["Finding", "Series", "SeriesPoint", "Severity", "Snapshot", "find_leaks"]
