"""Room on the disk, asked before and while a snapshot is written."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest

from leakline.errors import RecordingError
from leakline.recording import RecordingWriter
from leakline.recording.space import RESERVED_BYTES
from support.workspaces import left_behind

Usage = namedtuple("Usage", "total used free")


def free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, size))


def test_no_room_for_the_heap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, RESERVED_BYTES + 2_999_999)
    told = r"needs about 271 MB of disk, but .* has 271 MB: make room"
    with (
        RecordingWriter(tmp_path, "node") as writer,
        pytest.raises(RecordingError, match=told),
        writer.snapshot(1_000_000),
    ):
        pytest.fail("it began")
    assert left_behind(tmp_path) == []


def test_room_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, RESERVED_BYTES + 3_000_000)
    with RecordingWriter(tmp_path, "node") as writer, writer.snapshot(1_000_000) as sink:
        sink.write("x")
        assert sink.size == 1


def write_endlessly(writer: RecordingWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer.snapshot(None) as sink:
        free(monkeypatch, RESERVED_BYTES - 1)
        for _ in range(1000):
            assert sink.size < 32 << 20
            sink.write("x" * 100_000)


def test_endless_snapshot_stops_before_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        RecordingWriter(tmp_path, "node") as writer,
        pytest.raises(RecordingError, match=r"fills the disk: less than 268 MB are left"),
    ):
        write_endlessly(writer, monkeypatch)
    assert left_behind(tmp_path) == []


def test_a_disk_that_does_not_tell_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_: Path) -> Usage:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("shutil.disk_usage", silent)
    with RecordingWriter(tmp_path, "node") as writer, writer.snapshot(1 << 40) as sink:
        sink.write("x")
        assert sink.size == 1
