"""What the console of an attached DevTools keeps, in a real Node."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import websockets

from leakline.capture import LoadPlan, measure
from leakline.pipeline import analyze
from support.runtimes import free_port, require_node

SERVER = """import { createServer } from "node:http";

class Visit {
  constructor(url) {
    this.url = url;
  }
}

createServer((request, response) => {
  console.log(new Visit(request.url));
  response.end("ok");
}).listen(Number(process.argv[2]), "127.0.0.1");
"""


async def debugger_url(inspector: int) -> str:
    """The program's web socket, once its inspector answers."""
    async with aiohttp.ClientSession() as client:
        for _ in range(600):
            try:
                async with client.get(f"http://127.0.0.1:{inspector}/json/list") as answer:
                    (target,) = await answer.json(content_type=None)
                    return str(target["webSocketDebuggerUrl"])
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise AssertionError("the inspector does not answer")


async def test_what_an_open_console_keeps_is_no_leak_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "server.mjs").write_text(SERVER, "utf-8")
    port, inspector = free_port(), free_port()
    node = await asyncio.create_subprocess_exec(
        str(require_node()),
        f"--inspect=127.0.0.1:{inspector}",
        "server.mjs",
        str(port),
        cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        url = await debugger_url(inspector)
        async with websockets.connect(
            url, max_size=None, ping_interval=None, compression=None, proxy=None
        ) as console:
            await console.send(json.dumps({"id": 1, "method": "Runtime.enable"}))
            reading = asyncio.create_task(read(console))
            recording = await measure(
                inspector=f"127.0.0.1:{inspector}",
                load=LoadPlan(url=f"http://127.0.0.1:{port}/items/{{i}}", requests=40),
                rounds=3,
                workspace=tmp_path,
                on_progress=lambda _: None,
            )
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    finally:
        if node.returncode is None:
            node.kill()
        await node.wait()
    analysis = analyze(recording, workspace=tmp_path)
    assert analysis.findings == ()
    (note,) = analysis.notes
    assert note.startswith("memory that only an attached DevTools or debugger holds grows")


async def read(console: websockets.ClientConnection) -> None:
    """Read what the inspector tells, as a client does."""
    async for _ in console:
        pass
