"""A worker's child whose analysis is a play: what happens is the recording's name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import leakline.pipeline
from leakline.attribution.model import Evidence, EvidenceKind, SlotKind
from leakline.config.project import ProjectConfig
from leakline.errors import RecordingError, SourceMapError
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.pipeline.model import Analysis
from leakline.progress import OnProgress, Progress
from leakline.recording import Target
from leakline.worker import child


def _play(
    recording: Path,
    *,
    workspace: Path | None,
    config: ProjectConfig,
    on_progress: OnProgress,
) -> Analysis:
    on_progress(Progress("begun", 0.0))
    match recording.name:
        case "prints":
            print("a stray line")
            os.write(1, b"raw bytes\n")
            subprocess.run([sys.executable, "-c", "print('from a grandchild')"], check=True)
            assert sys.stdin.read() == ""
        case "damaged":
            raise RecordingError("round 2 is missing", "measure again")
        case "unforeseen":
            raise ZeroDivisionError("no\nrounds")
        case "too-large":
            raise MemoryError
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            os._exit(3)
        case "slow":
            time.sleep(60)
        case "map-error":
            raise SourceMapError("a")
    on_progress(Progress("done", 1.0))
    findings = tuple(_finding(n) for n in range(120)) if recording.name == "many" else ()
    return Analysis(
        recording=recording,
        target=Target(kind="node", title=str(workspace)),
        findings=findings,
        ignored=findings[:2],
        snapshots=1,
        requests=config.requests,
        heap_sizes=(os.getpid(),),
        notes=("x" * 300_000,),
    )


def _finding(number: int) -> Finding:
    return Finding(
        code="large-retained",
        severity=Severity.INFORMATION,
        message="global `x` is large",
        root="x",
        slot_kind=SlotKind.GLOBAL,
        series=(SeriesPoint(None, 1),),
        growth_per_request=None,
        growth_per_snapshot=None,
        location=None,
        declaration=None,
        other_writes=(),
        trace=(),
        evidence=Evidence(EvidenceKind.NONE, ""),
        preview="",
        fingerprint=f"{number:x}",
    )


def _load(paths: tuple[Path, ...]) -> Path:
    return paths[0]


leakline.pipeline.analyze = _play
child._load = _load
child.main()
