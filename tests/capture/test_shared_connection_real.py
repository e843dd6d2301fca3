"""Real programs whose debugger shares its connection, as VS Code's does."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.capture.addresses import parse_inspector
from leakline.capture.finding import choose_target
from leakline.leaks import Severity
from leakline.pipeline import analyze
from support.js_debug import share_connection
from support.same_leak import BYTES_PER_REQUEST, FILE, GROWING_LINE, ROOT_NAME, SERVERS


@pytest.mark.parametrize("runtime", ["wrangler", "Node 24", "Node 26"])
async def test_the_same_leak_through_the_debugger(runtime: str, tmp_path: Path) -> None:
    async with (
        SERVERS[runtime](tmp_path) as program,
        share_connection(program.inspector) as (url, debugger),
    ):
        before = len(debugger.events)
        recording = await measure(
            inspector=url,
            load=LoadPlan(url=f"{program.url}{{i}}", requests=50),
            rounds=2,
            workspace=program.workspace,
            on_progress=lambda _: None,
        )
        assert "Debugger.paused" not in debugger.events[before:]
        # The debugger's session goes on, its scripts and breakpoints with it.
        assert "result" in await debugger.ask("Debugger.setBreakpointsActive", {"active": True})
        (script,) = (
            each for each in recording.scripts.values() if GROWING_LINE in (_text(each.source))
        )
        assert script.url.startswith("file://")
        # It has its own name, as without the debugger.
        direct = await choose_target(parse_inspector(program.inspector))
        assert recording.target.kind == direct.kind
        assert recording.target.title == Path(direct.title).name
        assert recording.path.name.endswith(f"Z-{direct.kind}")
        # Taken from where the scripts are while they are there: with wrangler, they go with it.
    lines = (program.workspace / FILE).read_text().splitlines()
    findings = analyze(recording, workspace=program.workspace).findings
    (finding,) = (each for each in findings if each.severity is Severity.WARNING)
    assert finding.root == ROOT_NAME
    assert finding.location is not None
    assert finding.location.path == str(program.workspace / FILE)
    assert finding.location.span is not None
    assert lines[finding.location.span.start.line].strip() == GROWING_LINE
    assert finding.growth_per_request == pytest.approx(BYTES_PER_REQUEST, rel=0.05)


def _text(path: Path | None) -> str:
    return "" if path is None else path.read_text("utf-8")
