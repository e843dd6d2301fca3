"""The demo finds the leak of the real Worker whose recording is in the package."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

RunLeakline = Callable[..., subprocess.CompletedProcess[str]]


def test_it_shows_the_growing_line(run_leakline: RunLeakline) -> None:
    done = run_leakline("demo")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "src/index.js:5:5: warning: global `responseText` grows per request: "
        "+25 B/request, 10.0 kB retained after 400 requests [growing-variable]"
    )
    assert lines[1] == r'    5 |     responseText += "one more request served.\n";'
    assert lines[2].rstrip("^") == "      |     "
    assert lines[-1].startswith("1 warning in 4 snapshots of ")


def test_it_takes_less_than_2_seconds(run_leakline: RunLeakline) -> None:
    def seconds() -> float:
        start = time.perf_counter()
        run_leakline("demo")
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 2


def test_it_leaves_nothing_behind(run_leakline: RunLeakline, workspace: Path) -> None:
    run_leakline("demo")
    assert list(workspace.iterdir()) == []
