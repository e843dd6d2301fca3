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


NAMED_BY_NODE = PROGRAM.replace("`${round}.heapsnapshot`", "")


def test_a_directory_means_its_newest_series(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "app.cjs").write_text(NAMED_BY_NODE.lstrip())
    node = [require_node(), "app.cjs"]
    subprocess.run(node, cwd=workspace, check=True, timeout=60)
    older = sorted(workspace.glob("*.heapsnapshot"))
    for path in older:
        path.rename(path.with_name(path.name.replace("Heap.20", "Heap.19")))
    subprocess.run(node, cwd=workspace, check=True, timeout=60)
    done = run_leakline("analyze", ".")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("app.cjs:4:3: warning: global `seen` grows per snapshot")
    pid = older[0].name.split(".")[3]
    assert f"for another (process {pid}) give its files" in done.stdout
    assert "1 warning in 4 snapshots of " in done.stdout


def test_files_of_several_processes_are_no_series(
    run_leakline: RunLeakline, workspace: Path
) -> None:
    names = [f"Heap.20261122.09000{i}.{pid}.0.00{i}.heapsnapshot" for i, pid in ((1, 7), (2, 8))]
    for name in names:
        (workspace / name).write_text("{}")
    done = run_leakline("analyze", *names)
    assert done.returncode == 2
    assert done.stderr == (
        "leakline: error: the snapshots are of 2 processes (process 7, process 8): give those of "
        "one, or their directory for the newest\n"
    )


def test_a_directory_without_anything(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "src").mkdir()
    done = run_leakline("analyze", "src")
    assert done.returncode == 2
    assert "src holds neither a recording nor snapshots: give a recording" in done.stderr
    (workspace / "a.heapprofile").write_text("{}")
    done = run_leakline("analyze", "a.heapprofile")
    assert done.returncode == 2
    assert "is a sampling profile, which knows no variables" in done.stderr
