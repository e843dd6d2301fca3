"""`leakline heap`: what a user sees of a snapshot, and what stays hidden."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from heap.building import Heap, small
from leakline.cli import main

ROOT = Path(__file__).parents[2]
SNAPSHOT = ROOT / "fixtures" / "snapshots" / "workerd.heapsnapshot.gz"
DEMO = ROOT / "server" / "leakline" / "cli" / "demo"
SECRET = "hunter2-the-secret"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["heap", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    return json.loads(run(capsys, *arguments, "--format", "json"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A heap with a secret in a string, a hostile name, a scope, and a detached element."""
    heap: Heap = small()
    for size in (40, 40):
        heap.edge(1, heap.node("string", SECRET, size), "property", "password")
    evil = heap.node("object", "Evil\x1b[2J\u202e", 64)
    heap.edge(1, evil, "property", "evil\nline")
    context = heap.node("object", "system / Context", 32)
    heap.edge(3, context, "internal", "context")
    heap.edge(context, evil, "context", "captured")
    heap.edge(context, heap.node("string", SECRET, 56), "context", "token")
    heap.edge(1, heap.node("native", f"<div id={SECRET}>", 8, detachedness=2), "property", "div")
    path = tmp_path / "made.heapsnapshot"
    path.write_bytes(heap.file())
    return path


QUESTIONS = [
    ("statistics",),
    ("summary",),
    ("summary", "--objects", "(string)"),
    ("dominators",),
    ("containment",),
    ("strings",),
    ("detached",),
    ("closures",),
    ("contexts",),
    ("retainers", "9"),
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("form", ["text", "json"])
def test_values_are_hidden_and_nothing_steers_the_terminal(
    question: tuple[str, ...], form: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *rest = question
    text = run(capsys, name, made, *rest, "--format", form)
    assert SECRET not in text
    assert text.endswith("\n")
    if form == "text":
        assert all(character.isprintable() for line in text.split("\n") for character in line)
    else:
        json.loads(text)


@pytest.mark.parametrize("question", ["strings", "contexts", "containment"])
def test_values_are_shown_when_asked_for(
    question: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SECRET in run(capsys, question, made, "--values")
    assert SECRET in run(capsys, question, made, "--values", "--format", "json")


def test_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "statistics", SNAPSHOT)
    assert "total                      327,166\n" in text
    found = data(capsys, "statistics", SNAPSHOT)
    assert (found["total"], found["typedArrays"], found["v8Heap"]) == (327166, 4608, 248646)


def test_summary(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "summary", SNAPSHOT, "--limit", "2")
    heading, first, _, more = text.splitlines()
    assert heading.split() == ["count", "shallow", "retained", "distance", "constructor"]
    assert first.split() == ["1,246", "35,324", "109,592", "3", "Function"]
    assert more.endswith(" more")
    found = data(capsys, "summary", SNAPSHOT, "--limit", "2")
    assert found["classes"][0] == {
        "className": "Function",
        "location": None,
        "count": 1246,
        "shallowSize": 35324,
        "retainedSize": 109592,
        "distance": 3,
    }


def test_compare(capsys: pytest.CaptureFixture[str]) -> None:
    older, newer = (DEMO / f"{number}.heapsnapshot.gz" for number in (0, 3))
    rows = data(capsys, "compare", older, newer)["classes"]
    strings = next(row for row in rows if row["className"] == "(string)")
    assert (strings["new"], strings["deleted"]) == (1, 1)
    assert strings["sizeDelta"] == 10012 - 2512
    assert "+7,500" in run(capsys, "compare", older, newer)
    objects = data(capsys, "compare", older, newer, "--objects", "(string)")
    assert [row["shallowSize"] for row in objects["new"]] == [10012]
    assert run(capsys, "compare", newer, newer) == "no difference\n"


def test_compare_a_plain_file_with_itself(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plain = tmp_path / "one.heapsnapshot"
    plain.write_bytes(gzip.decompress((DEMO / "0.heapsnapshot.gz").read_bytes()))
    assert run(capsys, "compare", plain, plain) == "no difference\n"


def test_from_summary_to_retainers(capsys: pytest.CaptureFixture[str]) -> None:
    newest = DEMO / "3.heapsnapshot.gz"
    (biggest, *_) = data(capsys, "summary", newest, "--objects", "(string)")["nodes"]
    found = data(capsys, "retainers", newest, str(biggest["id"]))
    assert found["node"] == biggest
    first = found["paths"][0]["hops"]
    assert first[-1]["id"] == 1
    text = run(capsys, "retainers", newest, str(biggest["id"]))
    assert text.splitlines()[-1].endswith("in (root)")


def test_a_recording_gives_its_newest_snapshot_and_script_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert data(capsys, "statistics", DEMO) == data(
        capsys, "statistics", DEMO / "3.heapsnapshot.gz"
    )
    places = {row["location"]["url"] for row in data(capsys, "closures", DEMO)["closures"]}
    assert any(place is not None and place.endswith("index.js") for place in places)


def test_closures_have_places_from_1_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert "shapes.js:1:1" in run(capsys, "closures", SNAPSHOT)
    (first, *_) = data(capsys, "closures", SNAPSHOT)["closures"]
    assert (first["location"]["line"], first["location"]["column"]) == (0, 0)


def test_contexts(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (scope,) = data(capsys, "contexts", made)["contexts"]
    assert [one["name"] for one in scope["variables"]] == ["captured", "token"]
    assert scope["variables"][1]["value"]["name"] is None
    assert scope["usedBy"] == "held"
    assert "  token: (string) @" in run(capsys, "contexts", made)


def test_detached(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Detached <div>" in run(capsys, "detached", made)
    assert f"<div id={SECRET}>" in run(capsys, "detached", made, "--values")
    assert run(capsys, "detached", SNAPSHOT) == "no detached nodes\n"


@pytest.mark.parametrize("question", ["dominators", "containment", "summary"])
def test_output_is_bounded(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(run(capsys, question, SNAPSHOT, "--limit", "7").splitlines()) <= 9


def failure(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["heap", *map(str, arguments)]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.count("\n") == 1
    return caught.err


def test_failures_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "@999999999" in failure(capsys, "retainers", SNAPSHOT, "999999999")
    assert "missing.heapsnapshot" in failure(capsys, "summary", tmp_path / "missing.heapsnapshot")
    bad = tmp_path / "bad.heapsnapshot"
    bad.write_bytes(b"{")
    assert "bad.heapsnapshot: the file ends" in failure(capsys, "statistics", bad)
    cut = tmp_path / "cut.heapsnapshot.gz"
    cut.write_bytes(gzip.compress(b"{}" * 1000)[:20])
    assert "broken gzip" in failure(capsys, "statistics", cut)
    assert "--help" in failure(capsys, "retainers", SNAPSHOT, "abc")
    assert "--help" in failure(capsys, "no-such-question", SNAPSHOT)
