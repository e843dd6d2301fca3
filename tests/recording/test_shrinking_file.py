"""A snapshot that another program shortens while it is read costs no more than itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leakline.errors import SnapshotError
from leakline.heap import read_graph
from leakline.recording import open_snapshot


def test_a_file_that_is_cut_while_it_is_analysed_does_no_harm(tmp_path: Path) -> None:
    # Through a mapped file the process would end with SIGBUS when it looks behind the cut.
    file = tmp_path / "0.heapsnapshot"
    file.write_bytes(b'{"snapshot": {}, "padding": "' + b"x" * (1 << 20))
    with open_snapshot(file) as buffer:
        os.truncate(file, 10)
        assert len(buffer) > 1 << 20
        with pytest.raises(SnapshotError, match=r"0\.heapsnapshot"):
            read_graph(buffer, name=file.name)
