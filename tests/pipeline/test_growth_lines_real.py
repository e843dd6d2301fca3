"""Leakline measures a real Node whose growing line only the allocation stacks tell."""

from __future__ import annotations

import shutil
from pathlib import Path

from leakline.attribution.model import Confidence, EvidenceKind
from leakline.capture import LoadPlan, measure
from leakline.pipeline import analyze
from support.runtimes import ROOT, free_port, require_more


async def test_three_places_write_through_a_computed_helper(tmp_path: Path) -> None:
    # V8 of Node 22 and 24 forgets some stacks, see docs/decisions/allocation-stacks.md.
    node = require_more("node26/bin/node")
    program = Path(
        shutil.copytree(
            ROOT / "fixtures/stacks-decide",
            tmp_path / "program",
            ignore=shutil.ignore_patterns("recording"),
        )
    )
    port, inspector = free_port(), free_port()
    recording = await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=60),
        rounds=2,
        command=[
            "env",
            f"PORT={port}",
            str(node),
            f"--inspect=127.0.0.1:{inspector}",
            "server.mjs",
        ],
        workspace=program,
        on_progress=lambda _: None,
    )
    (finding,) = analyze(recording, workspace=program).findings
    assert finding.root == "tables.replies"
    assert finding.location is not None
    assert finding.location.path == str(program / "src/notes.js")
    assert finding.location.line_text.strip().startswith('tableOf("replies").set(id')
    assert finding.evidence.kind is EvidenceKind.ALLOCATION
    assert finding.evidence.confidence is Confidence.CERTAIN
    assert finding.evidence.text.endswith("% of the new bytes lead to `noteReply`")
