"""The server over stdio, or with --tcp at any free port, with the play's analysis and measurements.

What a measurement does is the last part of its URL: a play to record, ``unreachable``, or a
number of seconds to take before it records ``leak``. ``GET-`` before the play has the recording say
what was requested.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import play

import leakline.capture
from leakline.capture import LoadPlan
from leakline.errors import InspectorUnreachable
from leakline.lsp import serve_stdio, serve_tcp
from leakline.progress import OnProgress, Progress
from leakline.recording import Recording, load_recording
from leakline.worker import process


async def _measure(
    *,
    inspector: str,
    load: LoadPlan,
    rounds: int,
    workspace: Path,
    on_progress: OnProgress,
    **_others: object,
) -> Recording:
    name = load.url.rpartition("/")[2]
    on_progress(Progress(f"round 1 of {rounds}: sending {load.requests} requests", 0.5))
    if name == "unreachable":
        raise InspectorUnreachable(
            f"nothing listens at {inspector}", "start the program with its inspector open"
        )
    if name.isdigit():
        try:
            await asyncio.sleep(int(name))
        except asyncio.CancelledError:
            (workspace / "cancelled").write_text("")
            raise
        name = "leak"
    made = load.load if name.startswith("GET-") else None
    return load_recording(play.record(workspace, name.removeprefix("GET-"), load=made))


async def _capture(
    *, inspector: str, workspace: Path, on_progress: OnProgress, **_others: object
) -> Recording:
    on_progress(Progress(f"connecting to {inspector}", 0.0))
    return load_recording(play.record(workspace, "leak"))


process._COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("play_child.py")))
leakline.capture.measure = _measure
leakline.capture.capture = _capture
if sys.argv[1:] == ["--tcp"]:
    serve_tcp("127.0.0.1", 0)
sys.exit(serve_stdio())
