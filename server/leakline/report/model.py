"""What a report is made of."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.leaks.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One analysis, as a report needs it.

    Attributes:
        findings: Worst first.
        target: What the inspector calls the program; may be empty.
        runtime: Name and version of the runtime; may be empty.
        recording: The recording's directory.
        snapshots: How many snapshots were compared.
        requests: Requests answered before the newest snapshot; None when nobody counted.
        heap_sizes: Sum of the shallow sizes in each snapshot, bytes, oldest first.
        notes: What the user should know about the analysis itself, one sentence each.
        base: Absolute path of the directory that paths are shown relative to; None shows them
            whole.
        version: Leakline's version.
        ignored: How many findings are left out since the user ignores them.
        unit: What is counted as requests.
    """

    findings: tuple[Finding, ...]
    target: str
    runtime: str
    recording: str
    snapshots: int
    requests: int | None
    heap_sizes: tuple[int, ...]
    notes: tuple[str, ...] = ()
    base: str | None = None
    version: str = ""
    ignored: int = 0
    unit: str = "request"

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return sum(finding.severity is Severity.WARNING for finding in self.findings)
