"""Snapshots and profiles that a real Node puts into the open folder."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from lsp.editor import REAL_SERVER, Editor, open_editor, until
from support.runtimes import require_more, require_node

SECONDS = 90.0

WRITING = """
const v8 = require("node:v8");
const kept = [];

function leak() {
  for (let i = 0; i < 500; i++) kept.push([...String(kept.length).padEnd(900, "x")].join(""));
}

for (let round = 0; round < 3; round++) {
  leak();
  v8.writeHeapSnapshot();
}
"""

NEAR_LIMIT = """
const sessions = [];

function remember(i) {
  sessions.push([..."session ".padEnd(20000, String(i))].join(""));
}

for (let i = 0; ; i++) remember(i);
"""

PROFILED = """
const kept = [];

function remember() {
  for (let i = 0; i < 500; i++) kept.push([...String(i).padEnd(900, "x")].join(""));
}

for (let round = 0; round < 3; round++) remember();
globalThis.keep = () => kept;
"""


async def run(*command: str | Path, cwd: Path) -> int:
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait()


def made(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))


async def shown(editor: Editor, name: str, growing: str) -> str:
    """The message of the one warning, once all three snapshots are in it."""
    await until(
        lambda: any("3 snapshots" in each.message for each in editor.diagnostics(name)), SECONDS
    )
    (found,) = editor.diagnostics(name)
    line = (editor.workspace / name).read_text().split("\n")[found.range.start.line]
    assert growing in line
    return found.message


async def test_snapshots_that_the_program_writes(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text(WRITING)
    # Half a file from another day, which must not disturb.
    half = tmp_path / "Heap.20200101.000000.7.0.001.heapsnapshot"
    half.write_text('{"snapshot":{')
    async with open_editor(tmp_path, server=REAL_SERVER) as editor:
        editor.open("server.js")
        assert await run(require_node(), "server.js", cwd=tmp_path) == 0
        message = await shown(editor, "server.js", "kept.push(")
        assert message.startswith("global `kept` grows per snapshot: +")
        assert editor.messages() == []
        # Once they are gone, so is what was known of them.
        for path in made(tmp_path, "*.heapsnapshot"):
            path.unlink()
        await until(lambda: not editor.diagnostics("server.js"), SECONDS)


async def test_snapshots_that_node_writes_near_its_limit(tmp_path: Path) -> None:
    node = require_more("node22/bin/node")
    (tmp_path / "leak.js").write_text(NEAR_LIMIT)
    options = ["--max-old-space-size=20", "--heapsnapshot-near-heap-limit=3"]
    async with open_editor(tmp_path, server=REAL_SERVER) as editor:
        editor.open("leak.js")
        assert await run(node, *options, "leak.js", cwd=tmp_path) != 0
        message = await shown(editor, "leak.js", "sessions.push(")
    assert message.startswith("global `sessions` grows per snapshot: +")


async def test_a_profile_stands_on_the_lines_until_they_change(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text(PROFILED)
    (tmp_path / "other.js").write_text("function remember() {}\n")
    options = ["--heap-prof", "--heap-prof-interval=1024"]
    async with open_editor(tmp_path, server=REAL_SERVER) as editor:
        editor.open("server.js")
        editor.open("other.js")
        assert await run(require_node(), *options, "server.js", cwd=tmp_path) == 0
        assert len(made(tmp_path, "*.heapprofile")) == 1
        deadline = time.monotonic() + SECONDS
        while not (lenses := await editor.lenses("server.js")):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        line = PROFILED.split("\n").index("function remember() {")
        (lens,) = (each for each in lenses if each.range.start.line == line)
        assert lens.command is not None
        assert lens.command.title.endswith("B still alive from `remember` (heap profile)")
        assert await editor.lenses("other.js") == []
        editor.edit("server.js", (0, 0), (0, 0), "// new\n")
        assert await editor.lenses("server.js") == []
        editor.edit("server.js", (0, 0), (1, 0), "")
        assert len(await editor.lenses("server.js")) == len(lenses)


async def test_what_is_no_profile_is_logged_only(tmp_path: Path) -> None:
    profile = tmp_path / "a.heapprofile"
    profile.write_text("{")
    os.utime(profile, (1_700_000_000, 1_700_000_000))
    async with open_editor(tmp_path, server=REAL_SERVER) as editor:
        await until(lambda: any("a.heapprofile was left out" in line for line in editor.log()))
        assert editor.messages() == []
