"""Two real programs of one folder: what is known of one outlives a measurement of the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lsp.editor import REAL_SERVER, Editor, open_editor, until
from support.runtimes import Program, free_port, require_node, run_program

SECONDS = 120.0
LEAKING = """import http from "node:http";

const {name} = [];
http
  .createServer((request, response) => {{
    {name}.push(`${{request.url}} ${{"x".repeat(100)}}`.split("").join(""));
    response.end();
  }})
  .listen(Number(process.env.PORT), "127.0.0.1");
"""


@asynccontextmanager
async def running(folder: Path, script: str) -> AsyncIterator[Program]:
    """Run a script of the folder under Node, at ports that it never had."""
    port, inspector = free_port(), free_port()
    command = [str(require_node()), f"--inspect=127.0.0.1:{inspector}", script]
    async with run_program(command, {"PORT": str(port)}, folder, port, inspector) as program:
        yield program


def growing(editor: Editor) -> list[str]:
    shown = [*editor.diagnostics("orders.mjs"), *editor.diagnostics("events.mjs")]
    return sorted(each.message.split("`")[1] for each in shown)


async def measure(editor: Editor, program: Program) -> None:
    given = {"inspect": program.inspector, "url": program.url + "{i}", "requests": 40, "rounds": 2}
    await editor.request("leakline/measure", **given)


async def test_a_program_clears_its_own_findings_only(tmp_path: Path) -> None:
    folder = tmp_path / "services"
    folder.mkdir()
    for name in ("orders", "events"):
        (folder / f"{name}.mjs").write_text(LEAKING.format(name=name))
    async with open_editor(folder, server=REAL_SERVER) as editor:
        for name in ("orders", "events"):
            async with running(folder, f"{name}.mjs") as program:
                await measure(editor, program)
        await until(lambda: growing(editor) == ["events", "orders"], SECONDS)

        mended = LEAKING.format(name="orders").replace("orders.push", "String")
        (folder / "orders.mjs").write_text(mended)
        async with running(folder, "./orders.mjs") as program:
            await measure(editor, program)
        await until(lambda: growing(editor) == ["events"], SECONDS)
        assert [line for line in editor.log() if "no longer" in line] == [
            "`orders` no longer grows"
        ]
