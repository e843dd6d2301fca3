"""The main job in an editor: the real server on the recording of the real seed Worker."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lsprotocol import types

import leakline.cli
from lsp.editor import REAL_SERVER, open_editor, until

RECORDING = Path(leakline.cli.__file__).parent / "demo"
EXAMPLE = Path(__file__).parents[2] / "examples" / "seed-worker"


@pytest.fixture
def worker_folder(tmp_path: Path) -> Path:
    """A copy of the example Worker with the recording in it."""
    folder = tmp_path / "seed-worker"
    shutil.copytree(
        EXAMPLE, folder, ignore=shutil.ignore_patterns(".leakline", ".wrangler", "node_modules")
    )
    shutil.copytree(RECORDING, folder / ".leakline" / "recordings" / "20261122T000000.000Z-seed")
    return folder


async def test_the_warning_hover_and_lens_of_the_seed_worker(worker_folder: Path) -> None:
    name = "src/index.js"
    text = (worker_folder / name).read_text("utf-8")
    line = next(n for n, row in enumerate(text.split("\n")) if "responseText +=" in row)
    declared = next(n for n, row in enumerate(text.split("\n")) if "let responseText" in row)
    async with open_editor(worker_folder, server=REAL_SERVER) as editor:
        editor.open(name)
        found = await editor.diagnostic(name)
        assert found.severity == types.DiagnosticSeverity.Warning
        assert found.range.start.line == line
        assert found.message.startswith("global `responseText` grows per request: +25 B/request, ")
        related = [item.location.range.start.line for item in found.related_information or []]
        assert declared in related
        hover = await editor.hover(name, declared, 6) or ""
        assert "+25 B/request" in hover
        assert "Leak trace" in hover
        assert hover == await editor.hover(name, line, 6)
        (lens,) = await editor.lenses(name)
        assert lens.range.start.line == declared
        assert lens.command is not None
        assert "+25 B/request" in lens.command.title
        await until(lambda: editor.statuses and editor.statuses[-1].state == "findings")
        assert editor.statuses[-1].text == "1 leak"
        assert editor.messages() == []
