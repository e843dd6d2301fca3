"""Files that are no snapshot, or not a whole one, end in one line and status 2."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.runtimes import require_node

RunLeakline = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A snapshot by a real Node."""
    file = tmp_path_factory.mktemp("snapshot") / "real.heapsnapshot"
    script = f"require('node:v8').writeHeapSnapshot({json.dumps(str(file))})"
    subprocess.run([require_node(), "-e", script], check=True, timeout=60)
    return file.read_bytes()


def test_the_real_snapshot_is_read(
    run_leakline: RunLeakline, workspace: Path, snapshot: bytes
) -> None:
    (workspace / "real.heapsnapshot").write_bytes(snapshot)
    (workspace / "real.heapsnapshot.gz").write_bytes(gzip.compress(snapshot, 1))
    done = run_leakline("analyze", "real.heapsnapshot", "real.heapsnapshot.gz")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("no growth found")


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.5, 0.9999])
def test_a_truncated_snapshot(
    run_leakline: RunLeakline, workspace: Path, snapshot: bytes, share: float
) -> None:
    (workspace / "cut.heapsnapshot").write_bytes(snapshot[: int(len(snapshot) * share)])
    fails_in_one_line(run_leakline("analyze", "cut.heapsnapshot"), "cut.heapsnapshot")


def test_a_truncated_archive(run_leakline: RunLeakline, workspace: Path, snapshot: bytes) -> None:
    packed = gzip.compress(snapshot, 1)
    (workspace / "cut.heapsnapshot.gz").write_bytes(packed[: len(packed) // 2])
    fails_in_one_line(run_leakline("analyze", "cut.heapsnapshot.gz"), "cut.heapsnapshot.gz")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("package.json", b'{"name": "app", "version": "1.0.0"}'),
        ("list.heapsnapshot", b"[1, 2, 3]"),
        ("binary.heapsnapshot", bytes(range(256)) * 64),
        ("page.heapsnapshot", b"<!doctype html><title>404</title>"),
        ("profile.heapsnapshot", b'{"head": {"callFrame": {}}, "samples": []}'),
        ("not-packed.heapsnapshot.gz", b"plain text"),
    ],
)
def test_a_foreign_file(
    run_leakline: RunLeakline, workspace: Path, name: str, content: bytes
) -> None:
    (workspace / name).write_bytes(content)
    fails_in_one_line(run_leakline("analyze", name), name)


def test_a_file_that_is_not_there(run_leakline: RunLeakline) -> None:
    fails_in_one_line(run_leakline("analyze", "none.heapsnapshot"), "none.heapsnapshot")


def test_a_directory_that_is_no_recording(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "src").mkdir()
    fails_in_one_line(run_leakline("analyze", "src"), "src holds neither a recording nor snapshots")


def test_a_recording_of_a_later_version(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "recording.json").write_text('{"schema": 999}')
    fails_in_one_line(run_leakline("analyze", "recording.json"), "schema version 999")


def test_no_report_is_written(run_leakline: RunLeakline, workspace: Path) -> None:
    (workspace / "a.heapsnapshot").write_text("{}")
    fails_in_one_line(
        run_leakline("analyze", "a.heapsnapshot", "--output", "report.json"), "a.heapsnapshot"
    )
    assert [path.name for path in workspace.iterdir()] == ["a.heapsnapshot"]


def fails_in_one_line(done: subprocess.CompletedProcess[str], part: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("leakline: error: ")
    assert part in done.stderr
    assert done.stderr.count("\n") == 1
