"""Whatever loads numpy first, loads it without the threads of its linear algebra."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
