"""Programs that write their own snapshots, in a real Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from leakline.leaks import Finding
from leakline.pipeline import analyze
from leakline.recording import Recording, load_snapshots
from support.runtimes import require_node

PROGRAMS = Path(__file__).parent / "programs"
REQUESTS = 100

_DRIVER = """
import { writeHeapSnapshot } from "node:v8";
const { handle } = await import(process.argv[2]);
let served = 0;
for (let round = 0; round < 4; round++) {
  for (let i = 0; i < 100; i++) handle(served++);
  await new Promise((resolve) => setTimeout(resolve));
  writeHeapSnapshot(`${process.argv[3]}/${round}.heapsnapshot`);
}
"""


def record(program: str, directory: Path) -> Recording:
    """Serves a hundred requests in each of four rounds, with a snapshot after each.

    Args:
        program: A file of ``programs/`` that exports ``handle(number)``.
        directory: Gets the snapshots.
    """
    node, path = str(require_node()), str(PROGRAMS / program)
    command = [node, "--input-type=module", "-", path, str(directory)]
    subprocess.run(command, input=_DRIVER, text=True, check=True, timeout=60)
    paths = [directory / f"{round_}.heapsnapshot" for round_ in range(4)]
    return load_snapshots(paths, [REQUESTS * (round_ + 1) for round_ in range(4)])


def findings(recording: Recording) -> list[Finding]:
    """What is said of it."""
    return list(analyze(recording, workspace=PROGRAMS).findings)


def line_of(finding: Finding) -> str:
    """The text of the line that a finding stands on."""
    assert finding.location is not None
    assert finding.location.span is not None
    return finding.location.line_text.strip()
