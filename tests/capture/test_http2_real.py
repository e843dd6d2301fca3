"""Others' requests over HTTP/2, counted on a real Node."""

from __future__ import annotations

import asyncio
from pathlib import Path

from leakline.capture import Observation, measure
from support.processes import end_group
from support.runtimes import free_port, require_node

SERVER = """
const http2 = require("node:http2");
const server = http2.createServer((request, response) => response.end("answer"));
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  const client = http2.connect(`http://127.0.0.1:${process.env.PORT}`);
  const ask = () => client.request({ ":path": "/" }).resume().on("end", () => setTimeout(ask, 5));
  ask();
});
"""


async def test_requests_over_http2_are_counted(tmp_path: Path) -> None:
    inspector = f"127.0.0.1:{free_port()}"
    (tmp_path / "server.js").write_text(SERVER)
    process = await asyncio.create_subprocess_exec(
        *("env", f"PORT={free_port()}", str(require_node()), f"--inspect={inspector}"),
        "server.js",
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        assert b"Debugger listening" in await process.stderr.readline()
        recording = await measure(
            inspector=inspector,
            load=Observation(requests=30),
            rounds=1,
            workspace=tmp_path,
            on_progress=lambda _: None,
        )
    finally:
        await end_group(process.pid)
        await process.wait()
    first, second = (each.requests or 0 for each in recording.rounds)
    # Counted once each: the client sends fewer than 200 in a second.
    assert first >= 30
    assert second - first >= 30
