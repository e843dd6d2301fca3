"""The whole way in a real Neovim, on a real Node server, by standard LSP alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lsp.real_editors import measure_in
from support import skips
from support.runtimes import run_node

SCRIPT = Path(__file__).with_name("neovim.lua")
SECONDS = 240


async def test_measuring_in_neovim(tmp_path: Path) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip(skips.NO_NEOVIM)
    async with run_node("node-server", tmp_path) as program:
        file = program.workspace / "server.js"
        lines = file.read_text().split("\n")
        growth = next(n for n, line in enumerate(lines) if "auditLog.push" in line)
        declared = next(n for n, line in enumerate(lines) if "auditLog = " in line)
        command = (neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n")
        seen = await measure_in(
            (*command, "-c", f"luafile {SCRIPT}", str(file)),
            program,
            tmp_path,
            SECONDS,
            workspace=str(program.workspace),
        )
    assert seen["messages"] == []
    (found,) = seen["diagnostics"]
    assert found["lnum"] == growth
    assert found["severity"] == 2  # a warning
    assert found["message"].startswith("global `auditLog` grows per request: +")
    assert seen["page"].endswith("/growing-variable.md")
    assert "B/request" in seen["hover"]
    assert "Leak trace" in seen["hover"]
    (lens,) = seen["lenses"]
    assert lens["range"]["start"]["line"] == declared
    kinds = [report["kind"] for report in seen["progress"]]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert kinds.count("report") > 3
    assert [line.strip() for line in seen["ignored"]] == [
        "// leakline-ignore-next-line growing-variable: say why",
        "auditLog.push(line);",
    ]
    assert seen["moved"]["severity"] == 2
    assert "changed since the snapshot: measure again" in seen["edited"]["message"]
