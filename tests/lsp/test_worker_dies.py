"""The server survives its analysis process, starts another and says so."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from lsp import play
from lsp.editor import PLAY_SERVER, Editor, open_editor, until

KILLED = "the analysis process was killed and is started again"


def worker_of(editor: Editor) -> int:
    """The server's one child."""
    server = editor.client._server
    assert server is not None
    tasks = Path(f"/proc/{server.pid}/task").glob("*/children")
    (child,) = " ".join(task.read_text() for task in tasks).split()
    return int(child)


async def test_killed_at_work(workspace: Path) -> None:
    recording = play.record(workspace / "elsewhere", "leak", seconds=3600)
    async with open_editor(workspace, server=PLAY_SERVER) as editor:
        waiting = asyncio.ensure_future(editor.request("leakline/analyze", paths=[str(recording)]))
        await until(lambda: any("snapshot 1 of 1" in each.text for each in editor.statuses))
        os.kill(worker_of(editor), signal.SIGKILL)
        with pytest.raises(JsonRpcException) as caught:
            await waiting
        assert caught.value.message.startswith(f"{KILLED}: ")
        assert "\n" not in caught.value.message
        play.record(workspace, "leak")
        await editor.diagnostic("index.js")


async def test_killed_while_it_has_nothing_to_do(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace, server=PLAY_SERVER) as editor:
        await editor.diagnostic("index.js")
        first = worker_of(editor)
        os.kill(first, signal.SIGKILL)
        await until(lambda: KILLED in editor.log())
        assert len(editor.diagnostics("index.js")) == 2, "what is known stays"
        play.record(workspace, "mended")
        await until(lambda: not editor.diagnostics("index.js"))
        assert worker_of(editor) != first
