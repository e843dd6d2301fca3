"""Snapshots, sources and maps are read within bounds."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from leakline.errors import RecordingError, SnapshotError
from leakline.recording import Script, open_snapshot, read_source, read_source_map

TEXT = b'{"snapshot":{}}' * 1000


def test_plain_and_packed_give_the_same(tmp_path: Path) -> None:
    plain, packed = tmp_path / "0.heapsnapshot", tmp_path / "misnamed.heapsnapshot"
    plain.write_bytes(TEXT)
    packed.write_bytes(gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:]))
    for path in (plain, packed):
        with open_snapshot(path) as view:
            assert view.readonly
            assert bytes(view) == TEXT


def test_array_may_outlive_the_block(tmp_path: Path) -> None:
    path = tmp_path / "0.heapsnapshot"
    path.write_bytes(TEXT)
    with open_snapshot(path) as view:
        array = np.frombuffer(view, np.uint8)
    assert array[0] == ord("{")


def test_error_in_the_block_comes_through(tmp_path: Path) -> None:
    path = tmp_path / "0.heapsnapshot"
    path.write_bytes(TEXT)
    with pytest.raises(OSError, match="mine"), open_snapshot(path):
        raise OSError("mine")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (gzip.compress(TEXT)[:-20], "broken gzip"),
        (b"\x1f\x8b" + b"x" * 50, "broken gzip"),
    ],
)
def test_broken_files(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "0.heapsnapshot"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=told), open_snapshot(path):
        pass


def test_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leakline.recording.contents._ALWAYS_UNPACKED_BYTES", 4 << 20)
    path = tmp_path / "0.heapsnapshot.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    with pytest.raises(SnapshotError, match="unpacks to more than"), open_snapshot(path):
        pass


def test_missing_file_and_directory(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(SnapshotError, match="there is no snapshot"), open_snapshot(path):
            pass


def test_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "7.js"
    path.write_bytes(b"a\r\nb")
    script = Script(id=7, url="file:///a.js", source=path, source_map=tmp_path / "gone")
    assert read_source(script) == "a\r\nb"
    with pytest.raises(RecordingError, match="cannot be read"):
        read_source_map(script)
    with pytest.raises(RecordingError, match="was not saved"):
        read_source(Script(id=7, url="file:///a.js"))
    path.write_bytes(b"\xff")
    with pytest.raises(RecordingError, match="is not UTF-8"):
        read_source(script)
    monkeypatch.setattr("leakline.recording.contents.MAX_SOURCE_BYTES", 0)
    with pytest.raises(RecordingError, match="is larger than"):
        read_source(script)
