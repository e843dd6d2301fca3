"""Snapshots that Node wrote by itself, without a recording, of a program with a source map."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from leakline.pipeline import analyze
from leakline.recording import load_snapshots
from support import skips
from support.runtimes import EXAMPLES, require_node

PROGRAM = """\
import v8 from "node:v8";

interface Entry { at: number; text: string }

const journal: Entry[] = [];

function remember(text: string): void {
  journal.push({ at: journal.length, text });
}

export const keep = () => remember;
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < 100; i++) remember(JSON.stringify({ round, i }));
  v8.writeHeapSnapshot(`${round}.heapsnapshot`);
}
"""


@pytest.fixture(params=["linked", "inline", "external"])
def snapshots(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """Three snapshots of the program, built with each kind of source map that esbuild makes."""
    node = require_node()
    esbuild = EXAMPLES / "node_modules" / ".bin" / "esbuild"
    if not esbuild.is_file():
        pytest.skip(skips.NO_WRANGLER)
    source = tmp_path / "src" / "journal.ts"
    source.parent.mkdir()
    source.write_text(PROGRAM, "utf-8")
    options = [f"--sourcemap={request.param}", "--minify", "--format=esm", "--log-level=error"]
    build = [esbuild, "src/journal.ts", *options, "--outfile=dist/journal.mjs"]
    subprocess.run(build, cwd=tmp_path, check=True)
    subprocess.run([node, "dist/journal.mjs"], cwd=tmp_path, check=True, timeout=60)
    return [tmp_path / f"{i}.heapsnapshot" for i in range(3)]


def test_the_line_is_found_through_the_scripts_map(snapshots: list[Path], tmp_path: Path) -> None:
    analysis = analyze(load_snapshots(snapshots, [100, 200, 300]), workspace=tmp_path)
    (finding,) = analysis.findings
    assert finding.root == "journal"
    assert finding.location is not None
    assert finding.location.path == str(tmp_path / "src" / "journal.ts")
    assert finding.location.span is not None
    assert str(finding.location.span.start.for_display()) == "8:3"
