"""Mends on a real program: measured, mended by code actions, measured again, no leak left."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from leakline.lsp.mends.model import Mend, TextChange
from leakline.lsp.places import from_position
from leakline.positions import Span
from lsp.editor import REAL_SERVER, Editor, open_editor, until
from lsp.test_mends import mended
from support.runtimes import free_port, require_node, run_program

FILES = {
    "server.mjs": """\
import { createServer } from "node:http";
import { bus } from "./bus.mjs";
import { page } from "./pages.ts";
import { nextTick } from "./waiting.mjs";
import { rows } from "./rows.mjs";

createServer(async (request, response) => {
  const ticked = nextTick();
  bus.dispatchEvent(new Event("tick"));
  await ticked;
  await rows();
  response.end(page(request.url ?? "/"));
}).listen(Number(process.env.PORT), "127.0.0.1");
""",
    "bus.mjs": """\
import { EventEmitter, setMaxListeners } from "node:events";

export const bus = new EventTarget();
export const changes = new EventEmitter();
setMaxListeners(0, bus, changes);
""",
    "pages.ts": """\
const pages = new Map<string, { body: string; lines: string[] }>();

export function page(path: string): string {
  const known = pages.get(path);
  if (known) return known.body;
  const made = { body: path.repeat(8), lines: path.split("") };
  pages.set(path, made);
  return made.body;
}
""",
    "waiting.mjs": """\
import { bus } from "./bus.mjs";

export function nextTick() {
  return new Promise((resolve) => {
    bus.addEventListener("tick", () => resolve());
  });
}
""",
    "rows.mjs": """\
import { changes } from "./bus.mjs";

export async function rows() {
  let changed = 0;
  const found = new Array(50).fill(0);
  changes.on("change", () => {
    changed += found.length;
  });
  await new Promise((done) => setImmediate(done));
  return changed;
}
""",
}

MENDS = {
    "pages.ts": "Leakline: Keep at most 41 entries in `pages`",
    "waiting.mjs": "Leakline: Listen to `tick` once",
    "rows.mjs": "Leakline: Remove the `change` listener when the function ends",
}


async def test_each_mend_ends_its_leak(tmp_path: Path) -> None:
    workspace = tmp_path / "program"
    workspace.mkdir()
    for name, text in FILES.items():
        (workspace / name).write_text(text)
    port, inspector = free_port(), free_port()
    command = [str(require_node()), f"--inspect=127.0.0.1:{inspector}", "server.mjs"]

    settings = {
        "url": f"http://127.0.0.1:{port}/{{i}}",
        "inspect": f"127.0.0.1:{inspector}",
        "requests": 40,
        "rounds": 3,
    }
    async with open_editor(workspace, server=REAL_SERVER, settings=settings) as editor:
        for name in FILES:
            editor.open(name)
        async with run_program(command, {"PORT": str(port)}, workspace, port, inspector):
            answer = await editor.request("leakline/measure")
        assert answer.findings >= len(MENDS)
        await until(lambda: all(warnings(editor, name) for name in MENDS))
        found = {name: warnings(editor, name)[0] for name in MENDS}
        for name, title in MENDS.items():
            edit = await mend(editor, name, title, found[name])
            (workspace / name).write_text(edit)
            editor.replace_all(name, edit)
        async with run_program(command, {"PORT": str(port)}, workspace, port, inspector):
            answer = await editor.request(
                "leakline/verify", fingerprint=found["pages.ts"].data["fingerprint"]
            )
        assert not answer.grows
        await until(lambda: not any(warnings(editor, name) for name in MENDS))


def warnings(editor: Editor, name: str) -> list[types.Diagnostic]:
    return [
        shown
        for shown in editor.diagnostics(name)
        if shown.severity == types.DiagnosticSeverity.Warning
    ]


async def mend(editor: Editor, name: str, title: str, finding: types.Diagnostic) -> str:
    """The text of a file after its mend, which is a preview."""
    actions = await editor.actions(name, finding.range.start.line, diagnostics=[finding])
    assert title in [action.title for action in actions]
    (action,) = [action for action in actions if action.title == title]
    edit = action.edit
    assert edit is not None
    (annotation,) = (edit.change_annotations or {}).values()
    assert annotation.needs_confirmation
    (change,) = edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.uri == editor.uri(name)
    changes = []
    for each in change.edits:
        assert isinstance(each, types.AnnotatedTextEdit)
        span = Span(from_position(each.range.start), from_position(each.range.end))
        changes.append(TextChange(span, each.new_text))
    return mended(FILES[name], Mend("", "", tuple(changes)))
