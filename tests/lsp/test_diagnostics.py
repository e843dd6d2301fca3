"""Diagnostics: where they stand, what they say, and that they live with the text."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsp import play
from lsp.editor import Editor, open_editor, until
from lsprotocol import types

WARNING = types.DiagnosticSeverity.Warning
HINT = types.DiagnosticSeverity.Hint
GROWTH_LINE = 6


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    play.lay_out(tmp_path)
    return tmp_path


def lines(editor: Editor, name: str) -> list[tuple[int, types.DiagnosticSeverity | None]]:
    return [(d.range.start.line, d.severity) for d in editor.diagnostics(name)]


async def test_the_newest_recording_is_shown_at_the_start(workspace: Path) -> None:
    play.record(workspace, "mended")
    await asyncio.sleep(0.01)
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        found = await editor.diagnostic("index.js")
        information = await editor.diagnostic("index.js", "large-retained")
    expected = play.growing(workspace)
    assert expected.location is not None
    assert expected.location.span is not None
    assert found.severity == WARNING
    assert found.message == expected.message
    assert found.source == "leakline"
    assert found.data == {"fingerprint": "0f3a"}
    assert found.code_description is None
    assert found.range == types.Range(types.Position(6, 4), types.Position(6, 49))
    assert information.severity == types.DiagnosticSeverity.Information
    related = [
        (item.message, item.location.uri, item.location.range.start.line)
        for item in found.related_information or []
    ]
    uri = (workspace / "index.js").as_uri()
    assert related == [
        ("`responseText` is declared here", uri, 1),
        ("leak trace: variable `responseText`", uri, 1),
    ]
