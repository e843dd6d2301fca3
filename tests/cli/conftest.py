"""Runs the command line, in this process or as a user would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leakline.attribution.model import Evidence, EvidenceKind, SlotKind
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.pipeline import Analysis
from leakline.positions import Position, SourceLocation, Span
from leakline.recording import Target

RunLeakline = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _own_signal_handlers() -> Iterator[None]:
    """``main`` takes signals over; the test run gets them back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    directory = tmp_path / "app"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture
def run_leakline(workspace: Path) -> RunLeakline:
    """Runs ``leakline`` as a process, in the empty working directory unless told otherwise."""

    def run(
        *arguments: str | Path, cwd: Path = workspace, timeout: float = 180, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "leakline", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def growing(workspace: Path) -> Analysis:
    """An analysis that found the seed Worker's leak."""
    span = Span(Position(4, 4), Position(4, 16))
    path = str(workspace / "src" / "index.js")
    finding = Finding(
        code="growing-variable",
        severity=Severity.WARNING,
        message="global `responseText` grows per request: +25 B/request",
        root="responseText",
        slot_kind=SlotKind.GLOBAL,
        series=(SeriesPoint(100, 2_500), SeriesPoint(200, 5_000)),
        growth_per_request=25.0,
        growth_per_snapshot=2_500.0,
        location=SourceLocation(path, f"file://{path}", span, '    responseText += "x";'),
        declaration=None,
        other_writes=(),
        trace=(),
        evidence=Evidence(EvidenceKind.WRITE, "the only write"),
        preview="",
        fingerprint="0f3a",
    )
    return Analysis(
        recording=workspace / ".leakline" / "recordings" / "one",
        target=Target(kind="wrangler", title="seed-worker", runtime="wrangler/v4.164.0"),
        findings=(finding,),
        snapshots=2,
        requests=200,
        heap_sizes=(4_000_000, 4_100_000),
    )


@pytest.fixture
def steady(growing: Analysis) -> Analysis:
    """An analysis that found nothing."""
    return Analysis(
        recording=growing.recording,
        target=growing.target,
        findings=(),
        snapshots=2,
        requests=200,
        heap_sizes=(4_000_000, 4_000_000),
    )
