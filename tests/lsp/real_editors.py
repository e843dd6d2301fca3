"""Runs an editor's script on a real Node server; the script writes down what it saw."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsp.editor import REAL_SERVER
from support.runtimes import Program


async def measure_in(
    editor: Sequence[str], program: Program, folder: Path, seconds: float, **given: str
) -> dict[str, Any]:
    """What the script saw.

    Args:
        editor: The command that runs the script.
        program: The server that leaks.
        folder: Takes what the script writes, and the editor's own files.
        seconds: How long it may take.
        given: What the script is told beside the server's command and the settings.
    """
    written = folder / "seen.json"
    told = {
        "server": list(REAL_SERVER),
        "seen": str(written),
        "settings": {
            "url": program.url + "{i}",
            "inspect": program.inspector,
            "requests": 50,
            "rounds": 2,
        },
        **given,
    }
    process = await asyncio.create_subprocess_exec(
        *editor,
        cwd=program.workspace,
        env={**os.environ, "LEAKLINE_TEST": json.dumps(told), "HOME": str(folder)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert written.is_file(), output.decode()
    seen: dict[str, Any] = json.loads(written.read_text())
    assert "failure" not in seen, (seen, output.decode())
    return seen
