"""What all tests of the language server start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp import play


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the play's files, no recording yet."""
    play.lay_out(tmp_path)
    return tmp_path
