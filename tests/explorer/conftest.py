"""One server for all that is asked of a heap, and what ``leakline heap`` says of the same."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from leakline.cli.heap import command
from leakline.worker.heaps.rows import cut
from lsp.editor import REAL_SERVER, Editor, open_editor

REPOSITORY = Path(__file__).resolve().parents[2]
SNAPSHOTS = sorted((REPOSITORY / "fixtures" / "snapshots").glob("*.heapsnapshot.gz"))
DEMO = REPOSITORY / "server" / "leakline" / "cli" / "demo"


@pytest.fixture(scope="session")
async def heap_editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """An editor with the real server; values are redacted."""
    async with open_editor(tmp_path_factory.mktemp("heaps"), server=REAL_SERVER) as editor:
        yield editor


@pytest.fixture(scope="session", params=SNAPSHOTS, ids=lambda path: path.name.partition(".")[0])
def snapshot(request: pytest.FixtureRequest) -> Path:
    """Each snapshot of a real runtime; all tests of one come before the next is loaded."""
    path: Path = request.param
    return path


@pytest.fixture(scope="session")
def leakline_heap() -> Callable[..., Any]:
    """Runs ``leakline heap`` and gives its JSON, long texts cut as the explorer does."""

    @cache
    def answer(words: tuple[str, ...]) -> str:
        done = CliRunner().invoke(command, [*words, "--format", "json"], standalone_mode=False)
        assert done.exception is None, done.exception
        return done.stdout

    def run(*arguments: object) -> Any:
        return cut(json.loads(answer(tuple(str(word) for word in arguments))))

    return run
