"""Snapshots and profiles that others made."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from leakline.errors import RecordingError
from leakline.pipeline import analyze
from leakline.recording import (
    AliveBytes,
    SnapshotSeries,
    find_snapshot_series,
    load_snapshots,
    read_heap_profile,
)
from support.runtimes import require_node

LEAKING = """
const v8 = require("node:v8");
const kept = [];
function leak() {
  for (let i = 0; i < 500; i++) kept.push([...String(kept.length).padEnd(900, "x")].join(""));
}
for (let round = 0; round < 3; round++) { leak(); v8.writeHeapSnapshot(); }
console.log(process.pid, kept.length);
"""


def put(path: Path, text: str = '{"strings":["a"]}\n', when: float | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if when is not None:
        os.utime(path, (when, when))
    return path


def test_series_by_process_and_time(tmp_path: Path) -> None:
    def node(time: str, pid: int, number: int, thread: int = 0) -> Path:
        return put(tmp_path / f"Heap.20261122.{time}.{pid}.{thread}.{number:03}.heapsnapshot")

    late = node("180000", 7, 1)
    second, first = node("090100", 7, 2), node("090000", 7, 1)
    other, thread = node("090030", 8, 1), node("090040", 8, 2, thread=3)
    tools = [
        put(tmp_path / f"saved/Heap-20261122T10{minute}00.heapsnapshot") for minute in (10, 20)
    ]
    named = [
        put(tmp_path / f"run-{number}.heapsnapshot", when=1_700_000_000 + number)
        for number in (9, 10)
    ]
    assert find_snapshot_series(tmp_path) == (
        SnapshotSeries("process 7", (late,)),
        SnapshotSeries("DevTools", tuple(tools)),
        SnapshotSeries("process 7", (first, second)),
        SnapshotSeries("process 8, thread 3", (thread,)),
        SnapshotSeries("process 8", (other,)),
        SnapshotSeries("run-#", tuple(named)),
    )


def test_what_is_half_hidden_or_ours_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "half.heapsnapshot", '{"nodes":[1,2,')
    put(tmp_path / "empty.heapsnapshot", "")
    put(tmp_path / ".cache/a.heapsnapshot")
    put(tmp_path / "node_modules/a.heapsnapshot")
    put(tmp_path / ".leakline/recordings/one/0.heapsnapshot")
    (tmp_path / "folder.heapsnapshot").mkdir()
    assert find_snapshot_series(tmp_path) == ()


def test_series_that_node_wrote_is_analysed(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text(LEAKING)
    run = subprocess.run(
        [str(require_node()), "server.js"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    (series,) = find_snapshot_series(tmp_path)
    assert (series.maker, len(series.paths)) == (f"process {run.stdout.split()[0]}", 3)
    findings = analyze(load_snapshots(series.paths, None), workspace=tmp_path).findings
    assert [each.root for each in findings if each.growth_per_snapshot] == ["kept"]


def test_profile_that_node_wrote(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text(
        LEAKING.replace("v8.writeHeapSnapshot()", "globalThis.held = kept")
    )
    options = ["--heap-prof", "--heap-prof-interval=1024", "--heap-prof-name=a.heapprofile"]
    command = [str(require_node()), *options, "server.js"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    profile = read_heap_profile(tmp_path / "a.heapprofile")
    (leak,) = (each for each in profile if each.function == "leak")
    assert leak.url.endswith("/server.js")
    assert leak.line == LEAKING.split("\n").index("function leak() {")
    assert leak.size > 500_000


def frame(url: str, line: int, size: int, *children: object) -> dict[str, object]:
    place = {"functionName": "f", "url": url, "lineNumber": line, "columnNumber": 4}
    return {"callFrame": place, "selfSize": size, "children": children}


def test_profile_sums_up_and_leaves_out_what_has_no_place(tmp_path: Path) -> None:
    deep = frame("file:///a.js", 1, 5)
    for _ in range(200):
        deep = frame("file:///a.js", 1, 0, deep)
    built_in = frame("", -1, 3)
    tree = frame(
        "", -1, 99, frame("file:///a.js", 1, 10, deep), frame("file:///b.js", 2, 70, built_in)
    )
    file = put(tmp_path / "a.heapprofile", json.dumps({"head": tree, "samples": []}))
    assert read_heap_profile(file) == (
        AliveBytes("file:///b.js", "f", 2, 4, 73),
        AliveBytes("file:///a.js", "f", 1, 4, 15),
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"head": 5}', '{"head": {"callFrame": {}}}', "[" * 100_000]
)
def test_what_is_no_profile(tmp_path: Path, text: str) -> None:
    with pytest.raises(RecordingError, match="is not a sampling heap profile"):
        read_heap_profile(put(tmp_path / "a.heapprofile", text))
    with pytest.raises(RecordingError, match="cannot be read"):
        read_heap_profile(tmp_path / "missing")
