"""Mechanical mends: what the edited text is, and where none is offered."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from leakline.attribution.syntax import LanguageName, analyze_script
from leakline.attribution.syntax.pointing import class_of_field
from leakline.lsp.documents import split_lines
from leakline.lsp.mends.bounded_map import bound_field, bound_variable
from leakline.lsp.mends.listeners import listener_mends
from leakline.lsp.mends.model import Code, Mend
from leakline.positions import Position
from support.runtimes import ROOT, require_node

TSC = ROOT / "client-vscode/node_modules/typescript/bin/tsc"

CACHE = """\
import { render } from "./render.js";

// Pages by path.
const pages = new Map();

export function page(path) {
  let found = pages.get(path);
  if (found === undefined) {
    found = render(path);
    pages.set(path, found);
  }
  return found;
}
"""

BOUNDED = """\
import { render } from "./render.js";

/** Keeps the entries that were used last, so many at most. */
class BoundedMap extends Map {
  #limit;

  constructor(limit) {
    super();
    this.#limit = limit;
  }

  get(key) {
    const value = super.get(key);
    if (super.delete(key)) super.set(key, value);
    return value;
  }

  set(key, value) {
    super.delete(key);
    super.set(key, value);
    if (this.size > this.#limit) super.delete(this.keys().next().value);
    return this;
  }
}

// Pages by path.
const pages = new BoundedMap(100);

export function page(path) {
  let found = pages.get(path);
  if (found === undefined) {
    found = render(path);
    pages.set(path, found);
  }
  return found;
}
"""


def code_of(text: str, language: LanguageName = "javascript") -> Code:
    return Code.of(analyze_script(text, language, line_ends="editor"))


def place_of(text: str, marked: str) -> Position:
    before = text[: text.index(marked)]
    return Position(before.count("\n"), len(before.rpartition("\n")[2]))


def mended(text: str, mend: Mend) -> str:
    """Apply a mend as an editor does, from the end to the start."""
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(text.index(line, starts[-1]) + len(line) + (2 if "\r\n" in text else 1))

    def offset(position: Position) -> int:
        return starts[position.line] + position.column

    for change in sorted(mend.changes, key=lambda each: each.span, reverse=True):
        start, end = offset(change.span.start), offset(change.span.end)
        text = text[:start] + change.text + text[end:]
    return text


def bound(text: str, name: str, language: LanguageName = "javascript") -> str | None:
    code = code_of(text, language)
    if "." in name:
        owner, _, field = name.partition(".")
        scope = class_of_field(code.syntax, place_of(text, field))
        assert scope is not None
        assert scope.name == owner
        mend = bound_field(code, scope, field, 100)
    else:
        binding = code.syntax.root.lookup(name)
        assert binding is not None
        mend = bound_variable(code, binding, 100, None)
    return None if mend is None else mended(text, mend)


def test_a_map_that_is_a_cache_gets_a_bound() -> None:
    assert bound(CACHE, "pages") == BOUNDED


def test_lines_end_and_start_as_those_around() -> None:
    text = CACHE.replace("  ", "\t").replace("\n", "\r\n")
    assert bound(text, "pages") == BOUNDED.replace("  ", "\t").replace("\n", "\r\n")


GUARDS = [
    "if (!kept.has(key)) kept.set(key, make(key)); return kept.get(key);",
    "if (!kept.has(key)) { const made = make(key); made.a = 1; kept.set(key, made); }",
    "const hit = kept.get(key); if (hit) return hit; const v = make(key); kept.set(key, v);",
    "if (kept.has(key)) return kept.get(key); const v = await make(key); kept.set(key, v);",
    "let v = kept.get(key); if (!v) kept.set(key, v = make(key)); return v.clone();",
]


@pytest.mark.parametrize("body", GUARDS)
def test_all_usual_forms_of_a_cache_are_known(body: str) -> None:
    text = f"const kept = new Map();\nasync function of(key) {{ {body} }}\n"
    result = bound(text, "kept")
    assert result is not None
    assert "const kept = new BoundedMap(100);" in result
    assert body in result


NO_CACHES = {
    "counter": "kept.set(key, (kept.get(key) ?? 0) + 1);",
    "counter by a variable": "const n = kept.get(key); kept.set(key, n + 1);",
    "lists by key": "let l = kept.get(key); if (!l) { l = []; kept.set(key, l); } l.push(1);",
    "lists by another name": "const l = kept.get(key); if (l) { l.push(1); return; }"
    " kept.set(key, [1]);",
    "objects that are changed": "let o = kept.get(key); if (!o) { o = {}; kept.set(key, o); }"
    " o.seen = true;",
    "sessions": "kept.set(key, {});} function found(key) { return kept.get(key);",
    "always set": "const old = kept.get(key); kept.set(key, make(old));",
    "looped over": "for (const each of kept) { use(each); } if (!kept.has(key)) kept.set(key, 1);",
    "all values": "if (!kept.has(key)) kept.set(key, 1); return [...kept.values()];",
    "handed on": "if (!kept.has(key)) kept.set(key, 1); use(kept);",
    "another key": "if (!kept.has(other)) kept.set(key, 1);",
    "only written": "kept.set(key, 1);",
    "only read": "return kept.get(key);",
}


@pytest.mark.parametrize("body", NO_CACHES.values(), ids=NO_CACHES.keys())
def test_what_is_no_cache_stays_as_it_is(body: str) -> None:
    assert bound(f"const kept = new Map();\nfunction of(key) {{ {body} }}\n", "kept") is None


@pytest.mark.parametrize(
    "declared",
    [
        "const kept = new Map(table)",
        "let kept = new Map(); kept = other()",
        "export const kept = new Map()",
        "const kept = new WeakMap()",
        "const kept = make()",
        "class Map {} const kept = new Map()",
    ],
)
def test_what_is_no_map_of_ones_own_stays_as_it_is(declared: str) -> None:
    text = f"{declared};\nfunction of(key) {{ if (!kept.has(key)) kept.set(key, 1); }}\n"
    assert bound(text, "kept") is None


def test_a_name_that_is_taken_is_not_taken_again() -> None:
    result = bound("import { BoundedMap } from 'x';\n" + CACHE, "pages")
    assert result is not None
    assert "class LimitedMap extends Map" in result
    assert "new LimitedMap(100)" in result


TYPED = """\
interface Page {
  body: string;
}

export class Pages {
  private readonly kept: Map<string, Page> = new Map();
  #seen = new Map<string, number>();
  open = new Map<string, number>();

  page(path: string): Page {
    const found = this.kept.get(path);
    if (found) return found;
    const made = { body: path };
    this.kept.set(path, made);
    return made;
  }

  seen(path: string): number {
    if (!this.#seen.has(path)) this.#seen.set(path, Date.now());
    if (!this.open.has(path)) this.open.set(path, Date.now());
    return this.#seen.get(path) ?? 0;
  }
}
"""


def test_private_fields_in_typescript_get_a_bound_and_the_compiler_agrees(tmp_path: Path) -> None:
    once = bound(TYPED, "Pages.kept", "typescript")
    assert once is not None
    assert "private readonly kept: Map<string, Page> = new BoundedMap(100);" in once
    assert once.index("class BoundedMap<K, V> extends Map<K, V>") < once.index("export class Pages")
    twice = bound(once, "Pages.#seen", "typescript")
    assert twice is not None
    assert "#seen = new BoundedMap<string, number>(100);" in twice
    assert twice.count("class ") == 2
    assert bound(TYPED, "Pages.open", "typescript") is None, "others may use it"
    node = shutil.which("node")
    if node is None or not TSC.is_file():
        return
    (tmp_path / "pages.ts").write_text(twice)
    options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022"]
    options += ["--noImplicitOverride", "--erasableSyntaxOnly", "--module", "esnext"]
    run = subprocess.run(
        [node, TSC, *options, "pages.ts"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stdout == ""


def listening(text: str, marked: str, language: LanguageName = "javascript") -> str | None:
    mends = listener_mends(code_of(text, language), place_of(text, marked))
    assert len(mends) <= 1
    return mended(text, mends[0]) if mends else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'new Promise((resolve) => bus.addEventListener("tick", resolve));',
            'new Promise((resolve) => bus.addEventListener("tick", resolve, { once: true }));',
        ),
        (
            'new Promise((f) => bus.addEventListener("t", (e) => f(e.detail), true));',
            (
                'new Promise((f) => bus.addEventListener("t", (e) => f(e.detail), { capture: true, '
                "once: true }));"
            ),
        ),
        (
            'new Promise((f) => bus.addEventListener("t", () => { f(1); }, { passive: true }));',
            (
                'new Promise((f) => bus.addEventListener("t", () => { f(1); },'
                " { once: true, passive: true }));"
            ),
        ),
        (
            'new Promise((ok, no) => { bus.on("end", () => no(new Error("ended"))); });',
            'new Promise((ok, no) => { bus.once("end", () => no(new Error("ended"))); });',
        ),
    ],
)
def test_a_listener_that_settles_a_promise_listens_once(before: str, after: str) -> None:
    marked = "bus.on" if "bus.on" in before else "bus.add"
    assert listening(f"{before}\n", marked) == f"{after}\n"


@pytest.mark.parametrize(
    "text",
    [
        'bus.addEventListener("tick", draw);',
        'function f(resolve) { bus.addEventListener("tick", resolve); }',
        'new Promise((done) => { bus.on("tick", () => { count += 1; done(); }); });',
        'new Promise((done) => { bus.on("tick", () => done(draw())); });',
        "new Promise((done) => { bus.on(name, () => done()); });",
        'new Promise((done) => { bus.addEventListener("t", done, { once: true }); });',
        'new Promise((done) => { bus.addEventListener("t", done, options); });',
    ],
)
def test_a_listener_with_other_work_goes_on_listening(text: str) -> None:
    assert listening(f"{text}\n", "bus.") is None


REMOVED = """\
async function handle(request) {
  let stopped = false;
  shutdown.addEventListener("abort", () => {
    stopped = true;
  });
  const rows = await load(request);
  // As long as there is time.
  if (stopped) return `
stopped`;
  return rows;
}
"""

MENDED = """\
async function handle(request) {
  let stopped = false;
  const onAbort = () => {
    stopped = true;
  };
  shutdown.addEventListener("abort", onAbort);
  try {
    const rows = await load(request);
    // As long as there is time.
    if (stopped) return `
stopped`;
    return rows;
  } finally {
    shutdown.removeEventListener("abort", onAbort);
  }
}
"""


def test_a_listener_of_one_call_is_removed_when_the_call_ends() -> None:
    assert listening(REMOVED, "shutdown.add") == MENDED


def test_an_emitters_listener_with_a_name_is_taken_off() -> None:
    text = (
        "function count(bus: Bus): number {\n"
        "  let n = 0;\n"
        "  const onRow = (): void => { n += 1; };\n"
        '  bus.on("row", onRow);\n'
        "  read(bus);\n"
        "  return n;\n"
        "}\n"
    )
    assert listening(text, "bus.on", "typescript") == text.replace(
        "  read(bus);\n  return n;\n",
        '  try {\n    read(bus);\n    return n;\n  } finally {\n    bus.off("row", onRow);\n  }\n',
    )


@pytest.mark.parametrize(
    "body",
    [
        # It works for others, or for longer than the call.
        'bus.on("t", () => { draw(); }); await work();',
        'bus.on("t", () => { total += 1; }); await work();',
        'let n = 0; bus.on("t", () => { n += 1; }); return () => n;',
        'let n = 0; const get = () => n; bus.on("t", () => { n += 1; }); return get;',
        'const o = {}; bus.on("t", () => { o.n = 1; }); return o;',
        # The end is not where it seems.
        'let n = 0; if (x) { bus.on("t", () => { n += 1; }); }',
        'let n = 0; bus.on("t", () => { n += 1; });',
        'let n = 0; bus.on("t", () => { n += 1; }); later(); function later() {} return n;',
        'let n = 0; find().on("t", () => { n += 1; }); await work(); return n;',
        'let b = bus; let n = 0; b.on("t", () => { n += 1; }); b = null; return n;',
        "let n = 0; bus.on(name, () => { n += 1; }); await work(); return n;",
    ],
)
def test_a_listener_whose_scope_is_not_clear_stays(body: str) -> None:
    assert listening(f"let total = 0;\nasync function f() {{ {body} }}\n", ".on(") is None


SIGNALLED = """\
import { getEventListeners } from "node:events";

const controller = new AbortController();
const seen = [];

async function handle(signal, last) {
  let stopped = false;
  signal.addEventListener("abort", () => { stopped = true; }, true);
  await null;
  if (last) controller.abort();
  seen.push(stopped);
}

for (let n = 0; n < 20; n++) await handle(controller.signal, n === 19);
console.log(getEventListeners(controller.signal, "abort").length, seen.join());
"""


def test_a_signals_listeners_are_gone_and_the_program_does_the_same(tmp_path: Path) -> None:
    result = listening(SIGNALLED, "signal.add")
    assert result is not None
    printed = []
    for text in (SIGNALLED, result):
        (tmp_path / "program.mjs").write_text(text)
        command = [str(require_node()), "program.mjs"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        printed.append(done.stdout.split())
    seen = ",".join(["false"] * 19 + ["true"])
    assert printed == [["20", seen], ["0", seen]]
