"""Servers that esbuild has built, measured on Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.recording import Recording
from support import skips
from support.runtimes import EXAMPLES, free_port, require_node


def build_server(folder: Path, entry: str, output: str, *options: str) -> None:
    """Minify a server, with its source map."""
    require_node()
    esbuild = EXAMPLES / "node_modules" / ".bin" / "esbuild"
    if not esbuild.is_file():
        pytest.skip(skips.NO_WRANGLER)
    always = ["--minify", "--sourcemap", "--platform=node", "--format=esm", "--log-level=error"]
    command = [esbuild, entry, *always, *options, f"--outfile={output}"]
    subprocess.run(command, cwd=folder, check=True)


async def measure_server(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """Measure a server that listens at the port in ``PORT``."""
    port, inspector = free_port(), free_port()
    monkeypatch.setenv("PORT", str(port))
    return await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=50),
        rounds=3,
        command=[str(require_node()), f"--inspect=127.0.0.1:{inspector}", script],
        workspace=folder,
        on_progress=lambda _: None,
    )
