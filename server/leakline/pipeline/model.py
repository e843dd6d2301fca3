"""The result of analysing one recording."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leakline.leaks.model import Finding
from leakline.recording import Target


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in one recording.

    Attributes:
        recording: The recording's directory.
        target: The program.
        findings: Worst first.
        snapshots: How many snapshots the analysis used.
        requests: Requests answered before the newest of them; None when nobody counted.
        heap_sizes: Sum of the shallow sizes in each snapshot, bytes, oldest first.
        notes: What the user should know about the analysis itself, one sentence each.
    """

    recording: Path
    target: Target
    findings: tuple[Finding, ...]
    snapshots: int
    requests: int | None
    heap_sizes: tuple[int, ...]
    notes: tuple[str, ...] = ()
