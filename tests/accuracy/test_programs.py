"""Small real programs, run live: leaks are found on their line, healthy code stays silent."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.leaks import Finding, Severity
from leakline.pipeline import Analysis, analyze
from support.runtimes import require_node

PROGRAMS = Path(__file__).parents[2] / "fixtures"
LEAKS = sorted(path.parent for path in PROGRAMS.glob("leaks/*/expected.json"))
HEALTHY = sorted(path.parent for path in PROGRAMS.glob("healthy/*/expected.json"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run(program: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Analysis:
    """Measures a program where it stands; the recording goes to ``workspace``."""
    port, inspector = free_port(), free_port()
    expected = json.loads((program / "expected.json").read_text("utf-8"))
    monkeypatch.setenv("PORT", str(port))
    script = str(program / expected["run"][1])
    recording = await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/items/{{i}}", requests=60),
        rounds=3,
        command=[str(require_node()), f"--inspect=127.0.0.1:{inspector}", script],
        workspace=workspace,
        on_progress=lambda _: None,
    )
    return analyze(recording, workspace=program)


def warnings(analysis: Analysis) -> list[Finding]:
    return [each for each in analysis.findings if each.severity is Severity.WARNING]


def in_short(finding: Finding) -> dict[str, object]:
    place = finding.location
    line = place.span.start.line + 1 if place is not None and place.span is not None else None
    file = Path(place.path).name if place is not None and place.path is not None else None
    return {"code": finding.code, "root": finding.root, "file": file, "line": line}


@pytest.mark.parametrize("program", LEAKS, ids=lambda path: path.name)
async def test_a_leak_is_named_on_its_line(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = await run(program, tmp_path, monkeypatch)
    expected = json.loads((program / "expected.json").read_text("utf-8"))["findings"]
    told = [in_short(finding) for finding in analysis.findings]
    assert told == [
        {key: leak[key] for key in ("code", "root", "file", "line")} for leak in expected
    ]
    for finding, leak in zip(warnings(analysis), expected, strict=True):
        assert finding.growth_per_request == pytest.approx(leak["bytesPerRequest"], rel=0.05)


@pytest.mark.parametrize("program", HEALTHY, ids=lambda path: path.name)
async def test_a_healthy_program_gets_no_warning(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = await run(program, tmp_path, monkeypatch)
    assert [finding.message for finding in warnings(analysis)] == []
    expected = json.loads((program / "expected.json").read_text("utf-8"))["findings"]
    assert [in_short(finding) for finding in analysis.findings] == expected
