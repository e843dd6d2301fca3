"""What all tests of the language server start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp import play
from lsp.editor import shared_server


@pytest.fixture(scope="session", autouse=True)
def _no_server_left() -> Iterator[None]:
    yield
    shared_server.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the play's files, no recording yet."""
    play.lay_out(tmp_path)
    return tmp_path
