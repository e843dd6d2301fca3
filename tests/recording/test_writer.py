"""A recording is on disk whole, or not at all, and for its owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from leakline.errors import RecordingError
from leakline.recording import (
    Load,
    Recording,
    RecordingWriter,
    Script,
    Target,
    find_recordings,
    load_recording,
    read_source,
    read_source_map,
)
from support import skips
from support.workspaces import left_behind

TARGET = Target(kind="node", title="server.js", url="file:///srv/server.js", runtime="node/v24")
LOAD = Load("request", ("GET /", "GET /leak/{i}"))


def write(workspace: Path, name: str = "node") -> Recording:
    with RecordingWriter(workspace, name) as writer:
        with writer.snapshot() as sink:
            sink.write('{"snapshot":')
            sink.write("{}}")
        writer.add_round(sink, requests=100, heap_used=4096, isolate=2, errors=3)
        writer.add_script(Script(id=3, url="node:fs"))
        writer.add_script(
            Script(id=7, url="file:///../../etc/x", source_map_url="x.map", source_map_base="b"),
            "let a;\r\nlet b;\n",
            b"{}",
        )
        return writer.commit(TARGET, LOAD)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    recording = write(tmp_path)
    assert load_recording(recording.path) == recording
    assert load_recording(recording.path / "recording.json") == recording
    assert (recording.target, recording.load) == (TARGET, LOAD)
    assert recording.workspace == tmp_path
    (only,) = recording.rounds
    assert (only.requests, only.heap_used, only.isolate, only.errors) == (100, 4096, 2, 3)
    assert only.snapshot.read_text() == '{"snapshot":{}}'
    assert only.time is not None
    assert read_source(recording.scripts[7]) == "let a;\r\nlet b;\n"
    assert read_source_map(recording.scripts[7]) == b"{}"
    assert read_source_map(recording.scripts[3]) is None


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (LOAD, "GET /, GET /leak/{i}"),
        (
            Load("request", ("GET /1", "GET /2", "GET /3", "GET /4")),
            "GET /1, GET /2, GET /3 and others",
        ),
        (Load("click", ("#a\n\x1b[31m",)), "clicks on #a \u241b[31m"),
        (Load("load"), "loading the page anew"),
        (Load("call", ("handle",), observed=True), "calls of others"),
        (Load("request", observed=True), "requests of others"),
    ],
)
def test_a_load_in_words(load: Load, words: str) -> None:
    assert load.in_words == words


def test_for_the_owner_only_and_ignored_by_git(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path)
    finally:
        os.umask(before)
    data = tmp_path / ".leakline"
    assert (data / ".gitignore").read_text() == "*\n"
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [data, *data.rglob("*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}


def test_files_are_never_named_by_the_program(tmp_path: Path) -> None:
    recording = write(tmp_path, name="../../../etc/passwd\n")
    assert recording.path.parent == tmp_path / ".leakline/recordings"
    assert recording.path.name.endswith("Z-etc-passwd")
    assert sorted(path.name for path in recording.path.rglob("*") if path.is_file()) == [
        "0.heapsnapshot",
        "7.js",
        "7.map",
        "recording.json",
    ]


def test_newest_first(tmp_path: Path) -> None:
    first, second, third = (write(tmp_path).path for _ in range(3))
    assert find_recordings(tmp_path) == [third, second, first]


def test_one_that_is_being_written_is_not_listed(tmp_path: Path) -> None:
    whole = write(tmp_path)
    with RecordingWriter(tmp_path, "node") as writer:
        assert find_recordings(tmp_path) == [whole.path]
        with pytest.raises(RecordingError, match="not a complete recording"):
            load_recording(writer.path)
    assert left_behind(tmp_path) == [whole.path.name]


@pytest.mark.parametrize("where", ["before", "within a snapshot", "after"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_failure_leaves_nothing(tmp_path: Path, where: str, error: type[BaseException]) -> None:
    def fail_at(moment: str) -> None:
        if moment == where:
            raise error

    def run() -> None:
        with RecordingWriter(tmp_path, "node") as writer:
            fail_at("before")
            with writer.snapshot() as sink:
                sink.write("{")
                fail_at("within a snapshot")
            writer.add_round(sink, requests=1)
            fail_at("after")
            writer.commit(TARGET)

    with pytest.raises(error):
        run()
    assert left_behind(tmp_path) == []


def test_failed_snapshot_leaves_its_number_free(tmp_path: Path) -> None:
    def fail(writer: RecordingWriter) -> None:
        with writer.snapshot() as sink:
            sink.write("{")
            raise ValueError("half a snapshot")

    with RecordingWriter(tmp_path, "node") as writer:
        with pytest.raises(ValueError, match="half a snapshot"):
            fail(writer)
        with writer.snapshot() as sink:
            sink.write("{}")
        writer.add_round(sink, requests=None)
        recording = writer.commit(TARGET)
    assert [each.snapshot.name for each in recording.rounds] == ["0.heapsnapshot"]
    assert recording.rounds[0].snapshot.read_text() == "{}"


def test_empty_recording_is_refused(tmp_path: Path) -> None:
    with (
        RecordingWriter(tmp_path, "node") as writer,
        pytest.raises(RecordingError, match="no sn"),
    ):
        writer.commit(TARGET)
    assert left_behind(tmp_path) == []


def test_lone_surrogates_keep_the_columns(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path, "node") as writer:
        with writer.snapshot() as sink:
            sink.write('{"a":"\ud800"}')
        writer.add_round(sink, requests=None)
        writer.add_script(Script(id=1, url=""), "'\ud800' + '\U0001f600'")
        recording = writer.commit(TARGET)
    assert read_source(recording.scripts[1]) == "'\ufffd' + '\U0001f600'"


def test_link_that_waits_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    with RecordingWriter(tmp_path, "node") as writer:
        (writer.path / "0.heapsnapshot").symlink_to(victim)
        with pytest.raises(RecordingError, match="cannot be written"), writer.snapshot():
            pass
    assert victim.read_text() == "precious"


def test_workspace_that_cannot_be_written(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip(skips.RUNS_AS_ROOT)
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingError, match=r"cannot be written \(Permission denied\)"):
        RecordingWriter(tmp_path, "node")


def test_file_in_the_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / ".leakline").write_text("")
    with pytest.raises(RecordingError, match="cannot be written") as caught:
        RecordingWriter(tmp_path, "node")
    assert "\n" not in str(caught.value)
