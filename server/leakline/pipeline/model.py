"""The result of analysing one recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leakline.leaks.model import Finding
from leakline.recording import Load, Target


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
        ignored: Findings that the user does not want to hear of, by a comment in the source or
            by ``.leakline.toml``. They are not among ``findings``.
        contents: By URL, the texts of the sources that findings point into and that are no
            files on this machine, as the source maps gave them.
        load: What was done in each round; None where nothing was, or nobody knows.
        program: What tells the program from others, see
            :func:`~leakline.recording.program.names_of`.
    """

    recording: Path
    target: Target
    findings: tuple[Finding, ...]
    snapshots: int
    requests: int | None
    heap_sizes: tuple[int, ...]
    notes: tuple[str, ...] = ()
    ignored: tuple[Finding, ...] = ()
    contents: Mapping[str, str] = field(default_factory=dict)
    load: Load | None = None
    program: frozenset[str] = frozenset()
