"""An exported Map gets a bound where all that other files do with it can be seen."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from leakline.lsp.mends.bounded_map import bound_variable
from leakline.lsp.mends.importers import uses_elsewhere
from lsp import play
from lsp.editor import open_editor, until
from lsp.test_mends import code_of, mended
from support.runtimes import require_node

CACHE = """\
// Pages by path, for "./server.js" and "./cache.js".
export const pages = new Map();
export const title = "pages";
"""
SERVER = """\
import { pages as known, title } from "./cache.js";

export function page(path) {
  const found = known.get(path);
  if (found) return found;
  const made = `${title} ${path}`.repeat(3);
  known.set(path, made);
  return made;
}

export function count(pages) {
  return pages.filter((known) => known.length > 1);
}
"""
DRIVER = """\
import { pages } from "./cache.js";
import { page, count } from "./server.js";
const out = [];
for (let round = 0; round < 3; round++)
  for (let i = 0; i < 400; i++) out.push(page(`/${i % 250}`).length);
process.stdout.write(JSON.stringify([pages.size, out, count(["a", "bc"])]));
"""
FILES = {"cache.js": CACHE, "server.js": SERVER, "package.json": '{"type": "module"}'}


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def bound(folder: Path, opened: dict[str, str] | None = None) -> str | None:
    """The text of ``cache.js`` after the mend; None where none is offered."""
    file = folder / "cache.js"
    text = file.read_bytes().decode()
    code = code_of(text)
    binding = code.syntax.root.lookup("pages")
    assert binding is not None
    names = [name for name, meant in code.syntax.exports.items() if meant is binding]
    uses = uses_elsewhere([folder], file, names, opened or {})
    mend = bound_variable(code, binding, 100, uses)
    return None if mend is None else mended(text, mend)


def run(folder: Path) -> tuple[int, list[object]]:
    """How many entries are left, and what the program answered."""
    (folder / "driver.mjs").write_text(DRIVER)
    done = subprocess.run(
        [str(require_node()), "driver.mjs"], cwd=folder, capture_output=True, check=True
    )
    (folder / "driver.mjs").unlink()
    size, *answers = json.loads(done.stdout)
    return size, answers


TABS = {name: text.replace("  ", "\t").replace("\n", "\r\n") for name, text in FILES.items()}
EXPORTED_LATER = {
    **FILES,
    "cache.js": CACHE.replace("export const pages", "const pages")
    + "export { pages, pages as store };\n",
    "server.js": SERVER.replace("pages as known", "store as known"),
}
READ_IN_A_SECOND = {**FILES, "size.js": 'import * as a from "./server.js";\nimport "./cache.js";\n'}
OF_ITS_NAME = {
    **FILES,
    "other/cache.js": "export const pages = [];\n",
    "other/user.js": 'import * as all from "./cache.js";\nexport const kind = "cache";\n',
}


@pytest.mark.parametrize(
    "files",
    [FILES, TABS, EXPORTED_LATER, READ_IN_A_SECOND, OF_ITS_NAME],
    ids=["alias", "tabs and CRLF", "export clause", "imported for its effects", "another file"],
)
def test_the_mended_program_answers_the_same_and_grows_no_more(
    tmp_path: Path, files: dict[str, str]
) -> None:
    lay_out(tmp_path, files)
    grown, answers = run(tmp_path)
    text = bound(tmp_path)
    assert text is not None
    (tmp_path / "cache.js").write_bytes(text.encode())
    kept, same = run(tmp_path)
    assert (grown, kept) == (250, 100)
    assert same == answers
    assert ("\r\n" in text) == ("\r\n" in files["cache.js"])
    assert "\n  " not in text or "\t" not in text


UNKNOWN = {
    "a namespace": {"all.js": 'import * as all from "./cache.js";\nexport default all;\n'},
    "handed on": {"all.js": 'export { pages } from "./cache.js";\n'},
    "all handed on": {"all.js": 'export * from "./cache";\n'},
    "a dynamic import": {"all.js": 'export const all = await import("./cache.js");\n'},
    "an unknown import": {"all.js": "export const all = (name) => import(name);\n"},
    "a path in a template": {"all.js": "export const all = (n) => import(`./${n}.js`);\n"},
    "required": {"all.cjs": 'exports.all = require("./cache.js");\n'},
    "a bundler's path": {"all.js": 'import { pages } from "@/cache";\npages.forEach(alert);\n'},
    "mocked": {"all.test.js": 'vi.mock("./cache.js", () => ({ pages: new Map() }));\n'},
    "a worker": {"all.js": 'new Worker(new URL("./cache.js", import.meta.url));\n'},
    "a component": {"all.vue": '<script>import { pages } from "./cache.js";</script>\n'},
    "an entry": {"package.json": '{"type": "module", "exports": {".": "./cache.js"}}'},
    "looped over": {"all.js": 'import { pages } from "./cache.js";\nfor (const p of pages) p;\n'},
    "only read": {
        "all.js": 'import { pages } from "./cache.js";\nexport const has = (p) => pages.has(p);\n'
    },
    "a table": {
        "all.js": 'import { pages } from "./cache.js";\nexport const a = (p) => pages.set(p, 1);\n'
    },
    "broken": {"all.js": 'import { pages from "./cache.js";\npages.clear(;\n'},
    "exported on": {"all.js": 'import { pages } from "./cache.js";\nexport { pages };\n'},
}


@pytest.mark.parametrize("files", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_where_a_use_may_be_another_nothing_is_offered(
    tmp_path: Path, files: dict[str, str]
) -> None:
    lay_out(tmp_path, {**FILES, **files})
    assert bound(tmp_path) is None


def test_open_texts_count_and_installed_packages_do_not(tmp_path: Path) -> None:
    package = {
        "node_modules/cache/index.js": "export * from '../../cache.js';\n",
        "all.js": 'import cache from "cache";\nexport default cache;\n',
    }
    lay_out(tmp_path, {**FILES, **package})
    assert bound(tmp_path) is not None
    edited = SERVER + "export const every = () => [...known];\n"
    assert bound(tmp_path, {str((tmp_path / "server.js").resolve()): edited}) is None


async def test_it_is_offered_where_the_map_is_declared(workspace: Path) -> None:
    cache = play.CACHE.replace("pageCache.set(path", "if (!pageCache.has(path)) pageCache.set(path")
    (workspace / "cache.js").write_text(cache)
    (workspace / "user.js").write_text(play.USER.replace("pages.size", "pages.size || 0"))
    play.record(workspace, "cache")
    async with open_editor(workspace) as editor:
        editor.open("cache.js")
        await until(lambda: editor.diagnostics("cache.js"))
        title = "Leakline: Keep at most {} entries in `pageCache`"

        async def offered() -> list[str]:
            actions = await editor.actions("cache.js", 0, 16)
            return [each.title for each in actions if "Keep at most" in each.title]

        assert await offered() == [title.format(1000)]
        editor.open("user.js", play.USER + "export const all = () => [...pages];\n")
        assert await offered() == []
