"""Whatever loads numpy first, loads it without the threads of its linear algebra."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "node24.heapsnapshot.gz"
THREADS = "import os, sys; print('numpy' in sys.modules, len(os.listdir('/proc/self/task')))"


@pytest.mark.parametrize(
    "program",
    ["leakline.worker.child", "leakline.lsp", "leakline.cli.analyze", "leakline.cli.heap_answers"],
)
def test_a_program_has_one_thread_once_it_is_loaded(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {program}; {THREADS}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "True 1\n"


def test_a_summary_needs_no_numpy(tmp_path: Path) -> None:
    path = tmp_path / "plain.heapsnapshot"
    path.write_bytes(gzip.decompress(FIXTURE.read_bytes()))
    program = (
        "import sys; from leakline.cli.entry import main; "
        f"main(['heap', 'summary', {str(path)!r}]); print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    *table, loaded = done.stdout.splitlines()
    assert table[0].split()[-1] == "constructor"
    assert len(table) > 20
    assert loaded == "False"
