"""What a user sees on a terminal, and what a pipe gets."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leakline.cli.progress import ProgressBar
from leakline.progress import Progress


def test_progress_is_not_shown_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar.part(0.0, 1.0)(Progress("reading snapshot 1 of 4", 0.25))
    assert capfd.readouterr() == ("", "")


SCRIPT = """
import time
from leakline.cli.progress import ProgressBar
from leakline.progress import Progress
with ProgressBar() as bar:
    capture, analysis = bar.part(0.0, 0.8), bar.part(0.8, 1.0)
    for text, fraction, part in [
        ("round 1 of 3: [red]sending\\x1b[2J 100 requests", 0.5, capture),
        ("reading snapshot 2 of 4", 0.5, analysis),
    ]:
        part(Progress(text, fraction))
        time.sleep(0.3)
"""


def test_progress_on_a_terminal_says_how_far_and_what(tmp_path: Path) -> None:
    shown = run_on_a_terminal([sys.executable, "-c", SCRIPT], tmp_path)
    assert "\x1b[2J" not in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"40% 0:00:0\d round 1 of 3: \[red\]sending␛\[2J 100 requests", plain)
    assert re.search(r"90% 0:00:0\d reading snapshot 2 of 4", plain)


def run_on_a_terminal(command: list[str], directory: Path) -> str:
    """Runs a command with a terminal as its standard error; gives what the terminal got."""
    main_end, other_end = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=other_end,
    )
    os.close(other_end)
    shown = b""
    while True:
        try:
            piece = os.read(main_end, 65_536)
        except OSError:  # what Linux says when the other end is closed
            piece = b""
        if not piece:
            break
        shown += piece
    os.close(main_end)
    assert process.wait(timeout=10) == 0
    return shown.decode()
