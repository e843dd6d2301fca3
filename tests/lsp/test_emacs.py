"""The whole way in a real Emacs with eglot, on a real Node server, by standard LSP alone."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from lsp.real_editors import measure_in
from support import skips
from support.runtimes import run_node

SCRIPT = Path(__file__).with_name("emacs.el")
SECONDS = 400


@cache
def find_emacs() -> str | None:
    """Emacs with eglot; None where either is missing."""
    emacs = shutil.which("emacs")
    if emacs is None:
        return None
    run = subprocess.run(
        [emacs, "--batch", "--eval", "(require 'eglot)"], capture_output=True, check=False
    )
    return emacs if run.returncode == 0 else None


async def test_measuring_in_emacs(tmp_path: Path) -> None:
    emacs = find_emacs()
    if emacs is None:
        pytest.skip(skips.NO_EMACS)
    async with run_node("node-server", tmp_path) as program:
        file = program.workspace / "server.js"
        lines = file.read_text().split("\n")
        growth = next(n for n, line in enumerate(lines) if "auditLog.push" in line)
        command = (emacs, "--batch", "-l", str(SCRIPT))
        seen = await measure_in(command, program, tmp_path, SECONDS, file=str(file))
    (found,) = seen["diagnostics"]
    assert found["line"] == growth
    assert "warning" in found["type"]
    assert "global `auditLog` grows per request: +" in found["text"]
    assert "B/request" in seen["hover"]
    assert "Leak trace" in seen["hover"]
    # eglot shows progress from version 1.10 on; before, it gets messages.
    messages, kinds = seen["messages"], seen["progress"]
    if kinds:
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        assert kinds.count("report") > 3
        assert messages == []
    else:
        assert messages[0].startswith("Leakline: measuring growth: ")
        assert messages[-1] == "Leakline: measuring growth: 1 leak"
    comment = "// leakline-ignore-next-line growing-variable: say why\n"
    assert comment in seen["text"]
