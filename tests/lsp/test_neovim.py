"""The whole way in a real Neovim, on a real Node server, by standard LSP alone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from lsp.editor import REAL_SERVER
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
        given = {
            "server": list(REAL_SERVER),
            "workspace": str(program.workspace),
            "seen": str(tmp_path / "seen.json"),
            "settings": {
                "url": program.url + "{i}",
                "inspect": program.inspector,
                "requests": 50,
                "rounds": 2,
            },
        }
        process = await asyncio.create_subprocess_exec(
            *(neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n"),
            *("-c", f"luafile {SCRIPT}", str(file)),
            env={**os.environ, "LEAKLINE_TEST": json.dumps(given), "HOME": str(tmp_path)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert "failure" not in seen, (seen, output)
    assert seen["messages"] == []
    (found,) = seen["diagnostics"]
    assert found["lnum"] == growth
    assert found["severity"] == 2  # a warning
    assert found["message"].startswith("global `auditLog` grows per request: +")
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
