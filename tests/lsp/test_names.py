"""Which names mean a leak root: by scope, in every file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types

from leakline.attribution.model import SlotKind
from leakline.leaks.model import Finding
from leakline.lsp.documents import OpenDocument
from leakline.lsp.names import NameFinder
from leakline.lsp.server import LeaklineServer
from leakline.pipeline.model import Analysis
from leakline.positions import Position
from leakline.recording import Target
from leakline.turns import at_once
from lsp import play

STORE = """\
export const pages = new Map();
const state = { analytics: { timeline: [] }, timeline: 1 };
const local = [];
export { local as visits };
export default pages;

export class Limiter {
  windows = new Map();
  static all = [];
  hit(key) {
    this.windows.set(key, 1);
    Limiter.all.push(key);
  }
}

class Other {
  windows = 0;
  read() {
    return this.windows + state.timeline;
  }
}

export function write(path) {
  pages.set(path, path);
  state.analytics.timeline.push(path);
  local.push(path);
  const pagesOf = (pages) => pages.size;
  return pagesOf(new Map()) + new Other().windows;
}
"""
BARREL = 'export { pages as all } from "./store.js";\nexport * from "./store.js";\n'
USER = """\
import kept, { pages as p, visits, Limiter } from "./store.js";
import * as store from "./store.js";
import { all } from "./index.js";
import { visits as fromBarrel } from "./index.js";
import { pages } from "./elsewhere.js";

const limiter = new Limiter();
const other = { windows: 1 };
use(kept, p, visits, store.pages, all, fromBarrel, pages);
use(limiter.windows, other.windows, Limiter.all, store.visits);
"""
TYPED = """\
import { Limiter } from "./store.js";

export function size(limiter: Limiter, other: Set<string>): number {
  return limiter.windows.size + other.windows;
}
"""
FILES = {
    "store.js": STORE,
    "index.js": BARREL,
    "user.js": USER,
    "typed.ts": TYPED,
    "elsewhere.js": "export const pages = 1;\n",
}


def finding(folder: Path, root: str, kind: SlotKind, declared: str, grows: str) -> Finding:
    return replace(
        play.growing(folder),
        root=root,
        slot_kind=kind,
        declaration=play.place(folder / "store.js", STORE, declared),
        location=play.place(folder / "store.js", STORE, grows),
        trace=(),
        fingerprint=root,
    )


@pytest.fixture
def server(tmp_path: Path) -> LeaklineServer:
    play.lay_out(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    server = LeaklineServer()
    findings = (
        finding(tmp_path, "pages", SlotKind.GLOBAL, "pages", "pages.set(path, path)"),
        finding(
            tmp_path,
            "state.analytics.timeline",
            SlotKind.GLOBAL,
            "timeline: []",
            "state.analytics.timeline.push(path)",
        ),
        finding(tmp_path, "local", SlotKind.GLOBAL, "local", "local.push(path)"),
        finding(tmp_path, "Limiter.windows", SlotKind.FIELD, "windows", "this.windows.set(key, 1)"),
        finding(tmp_path, "Limiter.all", SlotKind.STATIC_FIELD, "all", "Limiter.all.push(key)"),
    )
    target = Target(kind="node", title="t")
    at_once(server.known.take(tmp_path, Analysis(tmp_path, target, findings, 2, 10, (1, 2))))
    return server


async def meant(server: LeaklineServer, folder: Path, name: str) -> dict[tuple[int, str], str]:
    """By line and text, what each name of a file means."""
    text = FILES[name]
    item = types.TextDocumentItem((folder / name).as_uri(), "javascript", 1, text)
    document: OpenDocument = server.documents.open(item)
    finder = NameFinder(server)
    found = {}
    for number, line in enumerate(text.split("\n")):
        for column in range(len(line)):
            at = await finder.at(document, Position(number, column))
            # Anywhere in an expression that makes it grow is no name.
            if at is not None and line[at.span.start.column : at.span.end.column].isidentifier():
                word = line[at.span.start.column : at.span.end.column]
                (one,) = at.findings
                found[number, f"{at.span.start.column}:{word}"] = one.root
    server.syntaxes.close()
    return found


def places(text: str, *wanted: tuple[str, str, str]) -> dict[tuple[int, str], str]:
    """The places of names: a text that stands once, the name in it, and what it means."""
    found = {}
    for around, word, root in wanted:
        assert text.count(around) == 1, around
        start = text.index(around) + around.rindex(word)
        number = text[:start].count("\n")
        column = start - (text.rfind("\n", 0, start) + 1)
        found[number, f"{column}:{word}"] = root
    return found


async def test_in_the_file_that_declares_them(server: LeaklineServer, tmp_path: Path) -> None:
    assert await meant(server, tmp_path, "store.js") == places(
        STORE,
        ("const pages = ", "pages", "pages"),
        ("default pages", "pages", "pages"),
        ("  pages.set", "pages", "pages"),
        ("const local", "local", "local"),
        ("{ local as", "local", "local"),
        ("  local.push", "local", "local"),
        ("state.analytics.timeline", "timeline", "state.analytics.timeline"),
        ("  windows = new Map", "windows", "Limiter.windows"),
        ("this.windows.set", "windows", "Limiter.windows"),
        ("static all", "all", "Limiter.all"),
        ("Limiter.all", "all", "Limiter.all"),
    )


async def test_in_files_that_import_them(server: LeaklineServer, tmp_path: Path) -> None:
    found = await meant(server, tmp_path, "user.js")
    assert {(number, name.partition(":")[2]): root for (number, name), root in found.items()} == {
        (0, "kept"): "pages",
        (0, "p"): "pages",
        (0, "visits"): "local",
        (2, "all"): "pages",
        (3, "fromBarrel"): "local",
        (8, "kept"): "pages",
        (8, "p"): "pages",
        (8, "visits"): "local",
        (8, "pages"): "pages",
        (8, "all"): "pages",
        (8, "fromBarrel"): "local",
        (9, "windows"): "Limiter.windows",
        (9, "all"): "Limiter.all",
        (9, "visits"): "local",
    }
    line = USER.split("\n")[8]
    assert (8, f"{line.index('store.pages') + 6}:pages") in found
    assert (8, f"{line.rindex('pages')}:pages") not in found, "another file's"
    line = USER.split("\n")[9]
    assert (9, f"{line.index('other.windows') + 6}:windows") not in found


async def test_a_type_tells_whose_field_it_is(server: LeaklineServer, tmp_path: Path) -> None:
    assert await meant(server, tmp_path, "typed.ts") == places(
        TYPED, ("limiter.windows", "windows", "Limiter.windows")
    )


async def test_names_mean_what_was_found_last(server: LeaklineServer, tmp_path: Path) -> None:
    item = types.TextDocumentItem((tmp_path / "store.js").as_uri(), "javascript", 1, STORE)
    document: OpenDocument = server.documents.open(item)
    finder = NameFinder(server)
    pages = Position(0, STORE.index("pages"))
    first = await finder.at(document, pages)
    assert first is not None
    (known,) = server.known.analyses[tmp_path]

    def again(*findings: Finding) -> None:
        at_once(server.known.take(tmp_path, replace(known, findings=findings)))

    again(*known.findings)
    assert await finder.at(document, pages) == first
    others = tuple(each for each in known.findings if each.root != "pages")
    (old,) = first.findings
    again(replace(old, message="grew on"), *others)
    second = await finder.at(document, pages)
    assert second is not None
    assert [each.message for each in second.findings] == ["grew on"]
    again(*others)
    assert await finder.at(document, pages) is None
    server.syntaxes.close()
