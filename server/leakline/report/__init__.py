"""Reports of findings: text for people, JSON for programs, SARIF for code scanning."""

from leakline.report.document import render_json
from leakline.report.model import ReportInput
from leakline.report.sarif import render_sarif
from leakline.report.text import render_text

__all__ = ["ReportInput", "render_json", "render_sarif", "render_text"]
