"""Recordings that are damaged, foreign or hostile are told from good ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakline.errors import RecordingError, UsageError
from leakline.recording import (
    RecordingWriter,
    Script,
    Target,
    find_recordings,
    load_recording,
    load_snapshots,
)

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    with RecordingWriter(tmp_path, "node") as writer:
        with writer.snapshot() as sink:
            sink.write("{}")
        writer.add_round(sink, requests=10)
        writer.add_script(Script(id=7, url="file:///a.js"), "let a;", b"{}")
        return writer.commit(Target(kind="node")).path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.pop("schema"), "no valid 'schema'"),
        (lambda d: d.update(schema=2), "has schema version 2, not 1"),
        (lambda d: d.update(schema="1"), "no valid 'schema'"),
        (lambda d: d.update(rounds=[]), "holds no snapshot"),
        (lambda d: d.update(rounds={}), "no valid 'rounds'"),
        (lambda d: d.update(rounds=[5]), "a round is not an object"),
        (lambda d: d.update(target=None), "target is not an object"),
        (lambda d: d["target"].update(title=5), "no valid 'title'"),
        (lambda d: d["rounds"][0].update(requests=-1), "no valid 'requests'"),
        (lambda d: d["rounds"][0].update(requests=True), "no valid 'requests'"),
        (lambda d: d["rounds"][0].update(time="noon"), "'noon' is no time"),
        (lambda d: d["rounds"][0].update(snapshot=None), "names no snapshot"),
        (lambda d: d["rounds"][0].update(snapshot="9.heapsnapshot"), "is missing"),
        (lambda d: d["rounds"][0].update(snapshot="sources"), "is missing"),
        (lambda d: d["rounds"][0].update(snapshot="a\0b"), "no valid 'snapshot'"),
        (lambda d: d["rounds"][0].update(snapshot="/etc/passwd"), "lies outside"),
        (lambda d: d["rounds"][0].update(snapshot="../../../../etc/passwd"), "lies outside"),
        (lambda d: d["scripts"][0].update(source="/etc/passwd"), "lies outside"),
        (lambda d: d["scripts"][0].update(sourceMap="../x"), "lies outside"),
        (lambda d: d["scripts"][0].update(id="7"), "no valid 'id'"),
        (lambda d: d.update(load=5), "load is not an object"),
        (lambda d: d.update(load={"unit": "B", "of": []}), "nothing is counted in 'B'"),
        (lambda d: d.update(load={"unit": "click", "of": [5]}), "no valid 'of'"),
        (lambda d: d.update(load={"unit": "click", "of": []}), "no valid 'observed'"),
    ],
)
def test_damaged_manifest(recorded: Path, change: Change, told: str) -> None:
    manifest = recorded / "recording.json"
    document = json.loads(manifest.read_text())
    change(document)
    manifest.write_text(json.dumps(document))
    with pytest.raises(RecordingError, match=told) as caught:
        load_recording(recorded)
    assert "measure again" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "\xff"])
def test_manifest_that_is_none(recorded: Path, text: str) -> None:
    (recorded / "recording.json").write_text(text, encoding="latin-1")
    with pytest.raises(RecordingError, match="is damaged"):
        load_recording(recorded)


def test_link_out_of_the_recording(recorded: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    source = recorded / "sources/7.js"
    source.unlink()
    source.symlink_to(secret)
    with pytest.raises(RecordingError, match="lies outside"):
        load_recording(recorded)


def test_missing_recordings(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no recording at"):
        load_recording(tmp_path / "none")
    with pytest.raises(RecordingError, match="not a complete recording"):
        load_recording(tmp_path)
    assert find_recordings(tmp_path) == []
    (tmp_path / ".leakline").write_text("a file")
    assert find_recordings(tmp_path) == []


def test_bare_snapshots(tmp_path: Path) -> None:
    first, second = tmp_path / "a.heapsnapshot", tmp_path / "b.heapsnapshot.gz"
    first.touch()
    second.touch()
    recording = load_snapshots([first, second], [0, 100])
    assert [(each.snapshot, each.requests) for each in recording.rounds] == [
        (first, 0),
        (second, 100),
    ]
    assert (recording.path, recording.scripts, recording.workspace) == (tmp_path, {}, None)
    assert [each.requests for each in load_snapshots([first], None).rounds] == [None]


def test_bare_snapshots_that_make_no_sense(tmp_path: Path) -> None:
    file = tmp_path / "a.heapsnapshot"
    file.touch()
    with pytest.raises(UsageError, match="no snapshot was given"):
        load_snapshots([], None)
    with pytest.raises(UsageError, match="1 snapshots were given, but 2 request counts"):
        load_snapshots([file], [1, 2])
    with pytest.raises(UsageError, match="go down"):
        load_snapshots([file, file], [2, 1])
    with pytest.raises(RecordingError, match="there is no file"):
        load_snapshots([tmp_path / "none"], None)
    with pytest.raises(RecordingError, match="is not a regular file"):
        load_snapshots([tmp_path], None)
