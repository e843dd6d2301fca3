"""Programs and recordings that make it hard: a coarser finding or none, never a wrong line."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from leakline.leaks import Finding
from leakline.pipeline import Analysis, analyze
from leakline.recording import load_recording, load_snapshots
from support.runtimes import require_node

MAIN = """\
import v8 from "node:v8";
import { keep as keepA } from "./a/store.mjs";
import { keep as keepB } from "./b/store.mjs";

const ring = { name: "ring" };
ring.self = ring;
ring.inner = { back: ring, rows: [] };

const __proto__ = [];
const مخزن = new Map();
const faces = { "🙂": [] };
const closures = [];

function many(n) {
  const shared = { n };
  closures.push(() => shared);
}

for (let i = 0; i < 100_000; i++) many(i);
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < 100; i++) {
    const text = `${round} and ${i} `.repeat(20);
    ring.inner.rows.push({ a: text + 1 });
    __proto__.push({ b: text + 2 });
    مخزن.set(text, { c: text + 3 });
    faces["🙂"].push({ d: text + 4 });
    keepA(text + 5);
    keepB(text + 6);
    many(text);
  }
  v8.writeHeapSnapshot(`${round}.heapsnapshot`);
}
export const all = () => [ring, __proto__, مخزن, faces, closures];
"""
STORE = (
    "{padding}const cache = [];\nexport const keep = (text) => {{\n  cache.push({{ text }});\n}};\n"
)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """Of a program with 100,000 contexts of one scope, rings, odd names and two equal ones."""
    folder = tmp_path_factory.mktemp("odd")
    for name, padding in (("a", ""), ("b", "\n\n\n")):
        (folder / name).mkdir()
        (folder / name / "store.mjs").write_text(STORE.format(padding=padding), "utf-8")
    (folder / "main.mjs").write_text(MAIN, "utf-8")
    subprocess.run(
        [require_node(), "main.mjs"], cwd=folder, check=True, timeout=120, capture_output=True
    )
    paths = [folder / f"{i}.heapsnapshot" for i in range(3)]
    return analyze(load_snapshots(paths, [100, 200, 300]), workspace=folder)


def place(finding: Finding) -> tuple[str, str]:
    assert finding.location is not None, finding
    assert finding.location.path is not None
    return "/".join(Path(finding.location.path).parts[-2:]), finding.location.line_text.strip()


def test_odd_programs_are_told_by_their_lines(analysis: Analysis) -> None:
    told = {place(finding): finding.root for finding in analysis.findings}
    main = next(file for file, _ in told if file.endswith("main.mjs"))
    assert told == {
        (main, "ring.inner.rows.push({ a: text + 1 });"): "ring.inner.rows",
        (main, "__proto__.push({ b: text + 2 });"): "__proto__",
        (main, "مخزن.set(text, { c: text + 3 });"): "مخزن",
        (main, 'faces["🙂"].push({ d: text + 4 });'): "faces",
        (main, "closures.push(() => shared);"): "closures",
        ("a/store.mjs", "cache.push({ text });"): "cache",
        ("b/store.mjs", "cache.push({ text });"): "cache",
    }


def test_of_two_files_of_one_name_each_has_its_line(analysis: Analysis) -> None:
    lines = {}
    for finding in analysis.findings:
        if finding.root == "cache":
            assert finding.location is not None
            assert finding.location.span is not None
            lines[place(finding)[0]] = finding.location.span.start.line
    assert lines == {"a/store.mjs": 2, "b/store.mjs": 5}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A copy of the recording of the real seed Worker."""
    with as_file(files("leakline.cli").joinpath("demo")) as packed:
        return Path(shutil.copytree(packed, tmp_path / "recording"))


@pytest.mark.parametrize("text", ["", "}{ ??? `${", "let responseText"])
def test_a_text_that_is_not_what_ran_names_no_line(recording: Path, text: str) -> None:
    (recording / "sources" / "8.js").write_text(text, "utf-8")
    analysis = analyze(load_recording(recording))
    (finding,) = analysis.findings
    assert finding.growth_per_request == 25
    assert finding.location is None
    (note,) = analysis.notes
    assert note == (
        f"the source of index.js in the recording has {len(text)} characters, the script that "
        "ran had 6,396: what grows in it has no line"
    )


@pytest.mark.parametrize("text", ["}{ ??? `${ ", "\0", "(", "class X { #a = "])
def test_a_script_that_cannot_be_parsed_names_no_line(recording: Path, text: str) -> None:
    script = recording / "sources" / "8.js"
    length = len(script.read_text("utf-8"))
    script.write_text((text * length)[:length], "utf-8")
    (finding,) = analyze(load_recording(recording)).findings
    assert finding.growth_per_request == 25
    assert finding.location is None
    assert finding.evidence.text == "the source of index.js cannot be parsed"


def test_a_script_whose_source_was_not_kept_names_no_line(recording: Path) -> None:
    manifest = json.loads((recording / "recording.json").read_text("utf-8"))
    for script in manifest["scripts"]:
        script["source"] = None
    (recording / "recording.json").write_text(json.dumps(manifest), "utf-8")
    (finding,) = analyze(load_recording(recording)).findings
    assert finding.growth_per_request == 25
    assert finding.location is None
    assert finding.evidence.text == "the source of index.js is not at hand"


def test_50_mb_of_generated_source(recording: Path) -> None:
    script = recording / "sources" / "8.js"
    filler = "function unused(a) { return [a, { a }, `${a}`]; }\n"
    text = script.read_text("utf-8") + "\n" + filler * (50_000_000 // len(filler))
    script.write_text(text, "utf-8")
    manifest = json.loads((recording / "recording.json").read_text("utf-8"))
    for each in manifest["scripts"]:
        if each["source"] == "sources/8.js":
            each["length"] = len(text)
    (recording / "recording.json").write_text(json.dumps(manifest), "utf-8")
    analysis = analyze(load_recording(recording))
    (finding,) = analysis.findings
    assert finding.growth_per_request == 25
    assert finding.location is None
    (note,) = analysis.notes
    assert note == (
        "index.js is longer than 32,000,000 characters and was not looked into: what grows in "
        "it has no line"
    )
