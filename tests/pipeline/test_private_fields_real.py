"""Private fields, as fields and as the WeakMaps of older targets, under their own names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.pipeline import analyze
from support import skips
from support.runtimes import EXAMPLES, free_port, require_node

SERVER = """import { createServer } from "node:http";

class Room {
  static #names = new Set<string>();
  #state = { users: 0, history: [] as { url: string }[] };

  say(url: string): number {
    this.#state.history.push({ url });
    Room.#names.add(`${url} was here`);
    return Room.#names.size;
  }
}

const room = new Room();

createServer((request, response) => {
  response.end(String(room.say(request.url ?? "")));
}).listen(Number(process.env.PORT), "127.0.0.1");
"""


@pytest.fixture(params=["es2021", "es2022"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The server, minified for an older and a newer target."""
    require_node()
    esbuild = EXAMPLES / "node_modules" / ".bin" / "esbuild"
    if not esbuild.is_file():
        pytest.skip(skips.NO_WRANGLER)
    (tmp_path / "room.ts").write_text(SERVER, "utf-8")
    options = ["--minify", "--sourcemap", "--platform=node", "--format=esm"]
    options += [f"--target={request.param}", "--outfile=dist/room.mjs", "--log-level=error"]
    subprocess.run([esbuild, "room.ts", *options], cwd=tmp_path, check=True)
    return tmp_path


async def test_a_minified_class_is_told_in_the_words_of_its_author(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, inspector = free_port(), free_port()
    monkeypatch.setenv("PORT", str(port))
    recording = await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=50),
        rounds=3,
        command=[str(require_node()), f"--inspect=127.0.0.1:{inspector}", "dist/room.mjs"],
        workspace=project,
        on_progress=lambda _: None,
    )
    lines = {
        each.root: each.location.span.start.line + 1
        for each in analyze(recording, workspace=project).findings
        if each.location is not None and each.location.span is not None
    }
    assert lines == {"room.#state.history": 8, "Room.#names": 9}
