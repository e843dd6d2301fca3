"""A bad file takes no more than one and a half times the memory of a good one of its size."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from leakline.heap import kernels_are_compiled

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc"),
    pytest.mark.skipif(not kernels_are_compiled, reason="interpreted loops take too long"),
]

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "node24.heapsnapshot.gz"
MEASURE = """
import resource, sys
from pathlib import Path
import numpy
import concurrent.futures.thread
from leakline.errors import SnapshotError
from leakline.heap import read_graph
from leakline.recording import open_snapshot
limit = 1 << 30
def peak():
    # Not ru_maxrss: a process inherits that from its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
before = peak()
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    file = open_snapshot(Path(sys.argv[1]))
    graph = read_graph(file.__enter__(), "file")
    graph.work_out()
    graph.class_totals
    end = "good"
except SnapshotError:
    end = "bad"
print(end, peak() - before)
"""


@cache
def good() -> bytes:
    return gzip.decompress(FIXTURE.read_bytes())


def measured(raw: bytes, directory: Path) -> tuple[str, int]:
    """How a fresh process ends with a file, and the kilobytes it needed; under a limit of 1 GB."""
    path = directory / "file.heapsnapshot"
    path.write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    end, kilobytes = done.stdout.split()
    return end, int(kilobytes)


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> float:
    end, kilobytes = measured(good(), tmp_path_factory.mktemp("good"))
    assert end == "good"
    assert kilobytes > len(good()) / 1024
    return 1.5 * kilobytes


def padded(start: bytes, piece: bytes, end: bytes = b"") -> bytes:
    """A file of the good one's size, most of it one piece again and again."""
    return start + piece * ((len(good()) - len(start) - len(end)) // len(piece)) + end


def head(section: bytes) -> bytes:
    """The good file up to the inside of a section."""
    raw = good()
    return raw[: raw.index(b'"' + section + b'":[') + len(section) + 4]


def with_count(raw: bytes, name: bytes) -> bytes:
    return re.sub(rb'"%s":\d+' % name, rb'"%s":1000000000000' % name, raw, count=1)


def changed(section: bytes, piece: bytes) -> bytes:
    """The good file with something else in the middle of a section."""
    raw = good()
    begin = raw.index(b'"' + section + b'":[') + len(section) + 4
    middle = raw.index(b",", (begin + raw.index(b"]", begin)) // 2)
    return raw[:middle] + b"," + piece + raw[middle:]


def with_number(section: bytes, place: int, number: bytes) -> bytes:
    """The good file with another number in a record in the middle of a section."""
    raw = good()
    start = raw.index(b'"' + section + b'":[') + len(section) + 4
    end = raw.index(b"]", start)
    numbers = raw[start:end].split(b",")
    fields = {b"nodes": 6, b"edges": 3}[section]
    numbers[len(numbers) // fields // 2 * fields + place] = number
    return raw[:start] + b",".join(numbers) + raw[end:]


BAD: dict[str, Callable[[], bytes]] = {
    "not JSON": lambda: padded(b"", b"no snapshot"),
    "cut in the edges": lambda: good()[: len(good()) // 2],
    "cut in the strings": lambda: good()[:-20],
    "claims too many nodes": lambda: with_count(good(), b"node_count"),
    "claims too many edges": lambda: with_count(good(), b"edge_count"),
    "one number more": lambda: changed(b"edges", b"1"),
    "negative": lambda: changed(b"nodes", b"-1"),
    "an edge to no node": lambda: with_number(b"edges", 2, b"6000000000"),
    "an edge into a node": lambda: with_number(b"edges", 2, b"1"),
    "a node's name beyond the strings": lambda: with_number(b"nodes", 1, b"4000000000"),
    "an edge's name beyond the strings": lambda: (
        good()[: good().index(b'"strings"')] + b'"strings":["one"]}'
    ),
    "fractional": lambda: changed(b"edges", b"1.5"),
    "400 digits": lambda: changed(b"nodes", b"9" * 400),
    "wrong nesting": lambda: changed(b"nodes", b"[1,[2]]"),
    "nothing but brackets": lambda: padded(b'{"snapshot":', b"["),
    "duplicate sections": lambda: good()[:-2] + b',"nodes":[]}',
    "digits without end": lambda: padded(head(b"nodes"), b"0"),
    "nodes without end": lambda: padded(head(b"nodes"), b"0,"),
    "a trace tree without end": lambda: padded(
        good()[: good().index(b'"nodes"')] + b'"trace_tree":', b"[0,0,0,0,"
    ),
    "invalid UTF-8": lambda: good().replace(b'"strings":["', b'"strings":["\xff\xfe', 1),
    "NUL bytes": lambda: padded(b"", b"\x00"),
    "NUL bytes in strings": lambda: padded(head(b"strings"), b'"\x00",'),
}


def test_a_file_of_empty_strings(allowed: float, tmp_path: Path) -> None:
    """It is a good file, if a strange one: each of its three bytes is a string."""
    _, kilobytes = measured(padded(head(b"strings"), b'"",', b'""]}'), tmp_path)
    assert kilobytes <= allowed


@pytest.mark.parametrize("what", BAD)
def test_memory(what: str, allowed: float, tmp_path: Path) -> None:
    end, kilobytes = measured(BAD[what](), tmp_path)
    assert end == "bad"
    assert kilobytes <= allowed, f"{kilobytes} kB"


def test_a_gzip_bomb(tmp_path: Path) -> None:
    """It is given up at 256 MiB, of which it takes no more than a good file of that size does."""
    zeros = gzip.compress(bytes(1 << 20))
    end, kilobytes = measured(zeros * 2048, tmp_path)
    assert end == "bad"
    assert kilobytes <= 1.5 * (256 << 10)
