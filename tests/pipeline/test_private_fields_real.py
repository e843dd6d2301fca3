"""Private fields, as fields and as the WeakMaps of older targets, under their own names."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakline.pipeline import analyze
from support.built import build_server, measure_server

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
    (tmp_path / "room.ts").write_text(SERVER, "utf-8")
    build_server(tmp_path, "room.ts", "dist/room.mjs", f"--target={request.param}")
    return tmp_path


async def test_a_minified_class_is_told_in_the_words_of_its_author(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await measure_server(project, "dist/room.mjs", monkeypatch)
    lines = {
        each.root: each.location.span.start.line + 1
        for each in analyze(recording, workspace=project).findings
        if each.location is not None and each.location.span is not None
    }
    assert lines == {"room.#state.history": 8, "Room.#names": 9}
