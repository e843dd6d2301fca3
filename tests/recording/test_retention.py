"""Which recordings stay."""

from __future__ import annotations

import os
import time
from collections import namedtuple
from pathlib import Path

import pytest

from leakline.recording import RecordingWriter, Target, find_recordings, prune

Usage = namedtuple("Usage", "total used free")


def record(workspace: Path, size: int = 10) -> Path:
    with RecordingWriter(workspace, "node") as writer:
        with writer.snapshot() as sink:
            sink.write("x" * size)
        writer.add_round(sink, requests=None)
        return writer.commit(Target("node")).path


def test_newest_stay(tmp_path: Path) -> None:
    paths = [record(tmp_path) for _ in range(4)]
    assert prune(tmp_path, keep=2) == (paths[1], paths[0])
    assert find_recordings(tmp_path) == [paths[3], paths[2]]
    assert prune(tmp_path, keep=2) == ()
    assert prune(tmp_path / "nothing") == ()


def test_ten_stay_by_default(tmp_path: Path) -> None:
    paths = [record(tmp_path) for _ in range(12)]
    prune(tmp_path)
    assert find_recordings(tmp_path) == paths[:1:-1]


def test_no_more_than_a_tenth_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [record(tmp_path, 30_000) for _ in range(4)]
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(700_000, 0, 700_000_000))
    assert prune(tmp_path) == (paths[1], paths[0])
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(7_000, 0, 7_000_000))
    assert prune(tmp_path) == (paths[2],)  # the newest stays, however large
    assert find_recordings(tmp_path) == [paths[3]]


def test_what_a_crash_left_goes_after_a_day(tmp_path: Path) -> None:
    whole = record(tmp_path)
    left, running = RecordingWriter(tmp_path, "node"), RecordingWriter(tmp_path, "node")
    yesterday = time.time() - 25 * 3600
    os.utime(left.path, (yesterday, yesterday))
    assert prune(tmp_path) == (left.path,)
    assert running.path.is_dir()
    assert find_recordings(tmp_path) == [whole]


def test_nothing_else_in_the_directory_is_touched(tmp_path: Path) -> None:
    for _ in range(2):
        last = record(tmp_path)
    (last.parent / "mine").mkdir()
    (last.parent / "notes.txt").write_text("keep")
    prune(tmp_path, keep=1)
    assert sorted(path.name for path in last.parent.iterdir()) == sorted(
        [last.name, "mine", "notes.txt"]
    )
