"""Reports of findings: text for people, JSON for programs, SARIF for code scanning.

Each is imported when it is first used: a command that reports no findings should not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakline.lazily import imported

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
    return imported(globals(), _HOMES, name)
