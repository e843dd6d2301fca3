"""What `leakline analyze` makes of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakline.cli.inputs import load_inputs
from leakline.errors import RecordingError, UsageError
from leakline.recording import RecordingWriter, Script, Target

MakeRecording = Callable[..., Path]


@pytest.fixture
def record(workspace: Path) -> MakeRecording:
    """Makes a recording of as many snapshots as counts are given."""

    def make(*counts: int | None, kind: str = "node", source_hash: str = "aa") -> Path:
        with RecordingWriter(workspace, kind) as writer:
            for count in counts:
                with writer.snapshot() as sink:
                    sink.write("{}")
                writer.add_round(sink, requests=count)
            writer.add_script(Script(id=7, url="file:///app/server.js", hash=source_hash))
            return writer.commit(Target(kind=kind, title="server.js")).path

    return make


def counts(paths: list[Path], requests: list[int] | None = None) -> list[int | None]:
    return [taken.requests for taken in load_inputs(paths, requests).rounds]


def test_a_recording_by_its_directory_or_its_manifest(record: MakeRecording) -> None:
    path = record(100, 200)
    assert counts([path]) == [100, 200]
    assert counts([path / "recording.json"]) == [100, 200]


def test_counts_can_be_given_for_a_recording(record: MakeRecording) -> None:
    assert counts([record(None, None)], [0, 100]) == [0, 100]


def test_single_snapshots_of_one_program_make_a_series(record: MakeRecording) -> None:
    paths = [record(None), record(None), record(None)]
    joined = load_inputs(paths, [0, 100, 200])
    assert [taken.snapshot.parent for taken in joined.rounds] == paths
    assert [taken.requests for taken in joined.rounds] == [0, 100, 200]
    assert joined.path == paths[-1]


def test_recordings_that_count_from_0_each_have_no_common_count(record: MakeRecording) -> None:
    assert counts([record(100), record(100)]) == [None, None]


def test_snapshot_files(workspace: Path) -> None:
    files = [workspace / "a.heapsnapshot", workspace / "b.heapsnapshot.gz"]
    for file in files:
        file.write_text("{}")
    assert counts(files) == [None, None]
    assert counts(files, [0, 50]) == [0, 50]


@pytest.mark.parametrize("other", [{"kind": "wrangler"}, {"source_hash": "bb"}])
def test_recordings_of_different_programs_are_refused(
    record: MakeRecording, other: dict[str, str]
) -> None:
    with pytest.raises(UsageError, match="are of different programs: analyse them one at a time"):
        load_inputs([record(None), record(None, **other)], None)


def test_recordings_and_files_together_are_refused(record: MakeRecording, workspace: Path) -> None:
    file = workspace / "a.heapsnapshot"
    file.write_text("{}")
    with pytest.raises(UsageError, match="cannot be analysed together"):
        load_inputs([record(None), file], None)


@pytest.mark.parametrize(
    ("requests", "problem"),
    [([0], "2 snapshots, but 1 request counts"), ([100, 0], "request counts go down")],
)
def test_counts_that_do_not_fit_are_refused(
    record: MakeRecording, requests: list[int], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        load_inputs([record(None, None)], requests)


def test_a_half_recording_is_refused(record: MakeRecording) -> None:
    path = record(100, 200)
    (path / "recording.json").unlink()
    with pytest.raises(RecordingError, match="not a complete recording"):
        load_inputs([path], None)
