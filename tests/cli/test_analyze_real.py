"""Bare snapshots that a real Node wrote itself: no inspector, no recording."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from support.runtimes import require_node

RunLeakline = Callable[..., subprocess.CompletedProcess[str]]

PROGRAM = """
const v8 = require("node:v8");
const seen = [];
function handle(i) {
  seen.push({ i, text: `request ${i} `.padEnd(200).split("").join("") });
}
for (let round = 0; round < 4; round++) {
  for (let i = 0; i < 100; i++) handle(round * 100 + i);
  v8.writeHeapSnapshot(`${round}.heapsnapshot`);
}
globalThis.keep = () => [seen, handle];
"""


def test_growth_is_found_from_files_alone(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "app.cjs").write_text(PROGRAM.lstrip())
    subprocess.run([require_node(), "app.cjs"], cwd=workspace, check=True, timeout=60)
    files = [f"{number}.heapsnapshot" for number in range(4)]
    done = run_leakline("analyze", *files, "--requests", "100,200,300,400")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("app.cjs:4:3: warning: global `seen` grows per request: +")
    assert lines[-1].startswith("1 warning in 4 snapshots of ")
    assert "after 400 requests" in lines[-1]


def test_without_counts_growth_is_per_snapshot(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "app.cjs").write_text(PROGRAM.lstrip())
    subprocess.run([require_node(), "app.cjs"], cwd=workspace, check=True, timeout=60)
    done = run_leakline("analyze", *[f"{number}.heapsnapshot" for number in range(4)])
    assert done.returncode == 1
    assert "B/snapshot" in done.stdout.splitlines()[0]
    assert "/request" not in done.stdout
