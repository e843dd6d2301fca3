"""Reports of findings: text for people, JSON for programs, SARIF for code scanning.

Each is imported when it is first used: a command that reports no findings should not wait.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leakline.report.document import render_json
    from leakline.report.model import ReportInput
    from leakline.report.sarif import render_sarif
    from leakline.report.text import render_text

__all__ = ["ReportInput", "render_json", "render_sarif", "render_text"]

_HOMES = {
    "ReportInput": "model",
    "render_json": "document",
    "render_sarif": "sarif",
    "render_text": "text",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"leakline.report.{_HOMES[name]}"), name)
