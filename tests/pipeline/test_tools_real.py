"""What a tool inside or beside a real program keeps is told apart from the program's leaks.

The tool is a session of ``node:inspector`` in the program's own process, as tools for tracing
and error reports open one: it keeps objects just as an attached DevTools does (V8 does not know
the two apart), and has no connection that could break.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.pipeline import analyze
from support.runtimes import free_port, require_more, require_node

SERVER = """import { createServer } from "node:http";
import { Session } from "node:inspector";

class Visit {
  constructor(url) {
    this.url = url;
    this.notes = [url, `${url}/notes`];
  }
}

const tool = new Session();
tool.connect();
tool.post("Runtime.enable");
globalThis.newest = null;

createServer((request, response) => {
  const visit = new Visit(request.url);
  KEEP
  response.end("ok");
}).listen(Number(process.argv[2]), "127.0.0.1");
"""

KEPT = {
    "a console": "console.log(visit);",
    "a debugger's handles": """globalThis.newest = visit;
  tool.post("Runtime.evaluate", { expression: "globalThis.newest", objectGroup: "watch" });
  globalThis.newest = null;""",
    "a caught error's stack": """tool.post("Runtime.evaluate", {
    expression: `new Error(${JSON.stringify(visit.url)})`, objectGroup: "watch",
  });""",
}


@pytest.mark.parametrize("what", KEPT)
@pytest.mark.parametrize("version", [24, 26])
async def test_what_a_tool_keeps_is_no_leak_of_the_program(
    what: str, version: int, tmp_path: Path
) -> None:
    (tmp_path / "server.mjs").write_text(SERVER.replace("KEEP", KEPT[what]), "utf-8")
    port, inspector = free_port(), free_port()
    node = require_node() if version == 24 else require_more("node26/bin/node")
    recording = await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/items/{{i}}", requests=40),
        rounds=3,
        command=[str(node), f"--inspect=127.0.0.1:{inspector}", "server.mjs", str(port)],
        workspace=tmp_path,
        on_progress=lambda _: None,
    )
    analysis = analyze(recording, workspace=tmp_path)
    assert analysis.findings == ()
    told = [note for note in analysis.notes if "DevTools" in note]
    assert len(told) == 1
    assert told[0].startswith("memory that only an attached DevTools or debugger holds grows")
