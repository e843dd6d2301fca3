"""A listener in a React effect is taken off when the component goes, where that is safe."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from lsp.test_mends import listening
from support.runtimes import require_node

# As much of React as the program needs: what a component sets after it has gone is dropped.
REACT = """\
let mounted = null;
export const useState = (first) => {
  const own = mounted;
  return [first, (value) => { if (own.here) own.set.push(value); }];
};
export const useEffect = (effect) => {
  const cleanUp = effect();
  if (cleanUp) mounted.cleanUps.push(cleanUp);
};
export default { useState, useEffect };
export function mount(component) {
  mounted = { here: true, set: [], cleanUps: [] };
  component();
  return mounted;
}
export function unmount(instance) {
  instance.here = false;
  for (const cleanUp of instance.cleanUps) cleanUp();
}
"""
WIDTH = """\
import { useEffect, useState } from "react";

export function Width() {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    // Follows the window.
    window.addEventListener("resize", () => setWidth(window.innerWidth));
    setWidth(window.innerWidth);
  }, []);
  return width;
}
"""
DRIVER = """\
import { getEventListeners } from "node:events";
globalThis.window = Object.assign(new EventTarget(), { innerWidth: 1 });
const { mount, unmount } = await import("react");
const { Width } = await import("./width.mjs");
const set = [];
for (let round = 0; round < 20; round++) {
  const one = mount(Width);
  window.innerWidth = round;
  window.dispatchEvent(new Event("resize"));
  unmount(one);
  window.dispatchEvent(new Event("resize"));
  set.push(one.set);
}
process.stdout.write(JSON.stringify([getEventListeners(window, "resize").length, set]));
"""

NAMED = WIDTH.replace(
    '    window.addEventListener("resize", () => setWidth(window.innerWidth));\n',
    "    const width = () => { setWidth(window.innerWidth); };\n"
    '    window.addEventListener("resize", width, true);\n',
)
OF_REACT = (
    WIDTH.replace("{ useEffect, useState }", "React")
    .replace("useEffect(", "React.useEffect(")
    .replace("useState(", "React.useState(")
)
TABS = WIDTH.replace("  ", "\t").replace("\n", "\r\n")
TAKEN = WIDTH + "\nexport const onResize = 1;\n"


def run(folder: Path, text: str) -> tuple[int, list[object]]:
    (folder / "node_modules/react").mkdir(parents=True, exist_ok=True)
    (folder / "node_modules/react/index.mjs").write_text(REACT)
    (folder / "node_modules/react/package.json").write_text('{"exports": "./index.mjs"}')
    (folder / "width.mjs").write_bytes(text.encode())
    (folder / "driver.mjs").write_text(DRIVER)
    done = subprocess.run(
        [str(require_node()), "driver.mjs"], cwd=folder, capture_output=True, check=True
    )
    listeners, *seen = json.loads(done.stdout)
    return listeners, seen


@pytest.mark.parametrize(
    "text",
    [WIDTH, NAMED, OF_REACT, TABS, TAKEN],
    ids=["inline", "named", "React.", "tabs and CRLF", "name taken"],
)
def test_the_mended_component_does_the_same_and_leaves_nothing(tmp_path: Path, text: str) -> None:
    left, seen = run(tmp_path, text)
    result = listening(text, "window.add")
    assert result is not None
    assert run(tmp_path, result) == (0, seen)
    assert left == 20


def test_what_it_writes() -> None:
    assert listening(WIDTH, "window.add") == WIDTH.replace(
        '    window.addEventListener("resize", () => setWidth(window.innerWidth));\n'
        "    setWidth(window.innerWidth);\n",
        "    const onResize = () => setWidth(window.innerWidth);\n"
        '    window.addEventListener("resize", onResize);\n'
        "    setWidth(window.innerWidth);\n"
        '    return () => window.removeEventListener("resize", onResize);\n',
    )


def test_in_typescript() -> None:
    text = WIDTH.replace("useState(0)", "useState<number>(0)").replace(
        "() => setWidth(", "(): void => setWidth("
    )
    result = listening(text, "window.add", "typescript")
    assert result is not None
    assert "const onResize = (): void => setWidth(window.innerWidth);" in result


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("}, []);", "}, [width]);"),
        ("}, []);", "});"),
        ("useEffect(() =>", "useEffect(async () =>"),
        ('from "react"', 'from "./mine.js"'),
        ("() => setWidth(window.innerWidth)", "() => setWidth(measure())"),
        ("() => setWidth(window.innerWidth)", "() => { log(1); setWidth(1); }"),
        ("() => setWidth(window.innerWidth)", "() => { count += 1; setWidth(count); }"),
        ("const [width, setWidth] = useState(0)", "const [width, setWidth] = mine(0)"),
        ("window.addEventListener", "find().addEventListener"),
        ("    setWidth(window.innerWidth);\n", "    if (width) return;\n    setWidth(1);\n"),
        ("    setWidth(window.innerWidth);\n", "    return () => log(1);\n"),
        ("export function Width() {", "export function Width(setWidth2, useEffect) {"),
        (
            "const [width, setWidth] = useState(0);",
            "const [width] = useState(0); function setWidth(n) { all.push(n); }",
        ),
    ],
)
def test_where_it_is_not_clear_the_effect_stays(part: str, other: str) -> None:
    assert part in WIDTH
    text = WIDTH.replace(part, other)
    assert listening(text, "window.add" if "window.add" in text else "find().add") is None


def test_listening_once_to_what_ends_all_is_no_mend() -> None:
    text = 'new Promise((ok, no) => { signal.addEventListener("abort", () => no(1)); });\n'
    assert listening(text, "signal.") is None
