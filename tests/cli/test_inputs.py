"""What `leakline analyze` makes of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakline.cli.inputs import load_inputs
from leakline.errors import RecordingError, UsageError
from leakline.recording import RecordingWriter, Target

MakeRecording = Callable[..., Path]


@pytest.fixture
def record(workspace: Path) -> MakeRecording:
    """Makes a recording of as many snapshots as counts are given."""

    def make(*counts: int | None) -> Path:
        with RecordingWriter(workspace, "node") as writer:
            for count in counts:
                with writer.snapshot() as sink:
                    sink.write("{}")
                writer.add_round(sink, requests=count)
            return writer.commit(Target(kind="node", title="server.js")).path

    return make


def counts(paths: list[Path], requests: list[int] | None = None) -> list[int | None]:
    return [taken.requests for taken in load_inputs(paths, requests).rounds]


def test_a_recording_by_its_directory_or_its_manifest(record: MakeRecording) -> None:
    path = record(100, 200)
    assert counts([path]) == [100, 200]
    assert counts([path / "recording.json"]) == [100, 200]


def test_counts_can_be_given_for_a_recording(record: MakeRecording) -> None:
    assert counts([record(None, None)], [0, 100]) == [0, 100]


def test_snapshot_files(workspace: Path) -> None:
    files = [workspace / "a.heapsnapshot", workspace / "b.heapsnapshot.gz"]
    for file in files:
        file.write_text("{}")
    assert counts(files) == [None, None]
    assert counts(files, [0, 50]) == [0, 50]


def test_two_recordings_are_one_series_without_their_counts(record: MakeRecording) -> None:
    older, newer = record(100, 200), record(100, 200)
    whole = load_inputs([older, newer], None)
    assert [taken.snapshot.parent for taken in whole.rounds] == [older, older, newer, newer]
    assert [taken.requests for taken in whole.rounds] == [None] * 4
    counted = load_inputs([older, newer], [100, 200, 300, 400])
    assert [taken.requests for taken in counted.rounds] == [100, 200, 300, 400]


def test_a_recording_and_a_file_are_one_series(record: MakeRecording, workspace: Path) -> None:
    file = workspace / "a.heapsnapshot"
    file.write_text("{}")
    whole = load_inputs([record(None), file], None)
    assert whole.rounds[-1].snapshot == file


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
