"""wrangler's inspector serves one client: who finds it taken is told so."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from pathlib import Path

import pytest
import websockets

from support.runtimes import Program
from support.workspaces import left_behind

from .conftest import RunLeakline


@pytest.mark.parametrize("command", ["measure", "capture"])
async def test_another_client_holds_wranglers_inspector(
    command: str, wrangler_seed: Program, run_leakline: RunLeakline, workspace: Path
) -> None:
    def address() -> str:
        with urllib.request.urlopen(f"http://{wrangler_seed.inspector}/json", timeout=10) as reply:
            return str(json.load(reply)[0]["webSocketDebuggerUrl"])

    load = ["--url", wrangler_seed.url, "--requests", "2"] if command == "measure" else []
    async with websockets.connect(
        await asyncio.to_thread(address), user_agent_header=None, proxy=None, ping_interval=None
    ) as debugger:
        await debugger.send(json.dumps({"id": 1, "method": "Debugger.enable"}))
        done = await asyncio.to_thread(
            run_leakline, command, "--inspect", wrangler_seed.inspector, *load
        )
        await debugger.send(json.dumps({"id": 2, "method": "Debugger.enable"}))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("leakline: error: ")
    assert "takes only one client" in line
    assert left_behind(workspace) == []
