"""Real programs that are slow, reloaded, restarted or large, and users who change their mind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from leakline.capture import LoadPlan, Observation, measure
from leakline.capture.recorder import TrafficPlan
from leakline.progress import Progress
from leakline.recording import load_recording
from support.processes import end_group
from support.runtimes import Program, free_port, require_node, run_program, wrangler_command
from support.same_leak import SERVERS
from support.workspaces import left_behind


async def answer(program: Program) -> int:
    """The status of the program's answer, which has to come soon."""
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as client, client.get(program.url) as got:
        return got.status


@pytest.fixture(scope="module", params=["Node 24", "wrangler"])
async def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Program]:
    """A leaking program that runs all the while."""
    async with SERVERS[request.param](tmp_path_factory.mktemp("robust")) as started:
        yield started


@pytest.mark.parametrize("way", ["--url", "--observe"])
async def test_signals_at_random_moments(program: Program, tmp_path: Path, way: str) -> None:
    """Ten moments, half of them SIGTERM: one line, nothing left behind, the program serves."""
    chance = random.Random(f"{way} 6")
    traffic = ["--url", program.url] if way == "--url" else ["--observe", "20"]
    for turn in range(5):
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "leakline", "measure", "--inspect", program.inspector),
            *traffic,
            cwd=tmp_path,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        # Python needs about half a second until it can be asked to end.
        await asyncio.sleep(0.6 + chance.random() * 1.5)
        assert await answer(program) == 200
        # On a fast machine it may have been done already.
        with contextlib.suppress(ProcessLookupError):
            run.send_signal(signal.SIGTERM if turn % 2 else signal.SIGINT)
        _, told = await asyncio.wait_for(run.communicate(), timeout=90)
        assert await answer(program) == 200
        if run.returncode == 2:  # else it had been done already
            assert told == b"leakline: error: interrupted\n"
        # One that came as far as the analysis is kept, whole.
        for name in left_behind(tmp_path):
            load_recording(tmp_path / ".leakline/recordings" / name)


async def test_others_traffic_and_a_cancel_leave_the_program_running(
    program: Program, tmp_path: Path
) -> None:
    watching = asyncio.Event()

    def watch(progress: Progress) -> None:
        if "watching" in progress.text:
            watching.set()

    task = asyncio.create_task(record(program, Observation(requests=1000), tmp_path, watch))
    await asyncio.wait_for(watching.wait(), timeout=90)
    assert [await answer(program) for _ in range(3)] == [200] * 3
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [await answer(program) for _ in range(3)] == [200] * 3
    assert left_behind(tmp_path) == []


async def test_kill_while_watching_leaves_the_program_running(
    program: Program, tmp_path: Path
) -> None:
    """Nobody is left to run on where the debugger stops: the inspector has to see to it."""
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "leakline", "measure", "--inspect", program.inspector),
        *("--observe", "1000"),
        cwd=tmp_path,
    )
    for _ in range(900):
        if left_behind(tmp_path):
            break
        assert run.returncode is None
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    assert [await answer(program) for _ in range(3)] == [200] * 3
    run.kill()
    await run.wait()
    assert [await answer(program) for _ in range(3)] == [200] * 3


async def record(
    program: Program,
    load: TrafficPlan,
    workspace: Path,
    on_progress: object = lambda _: None,
) -> object:
    assert callable(on_progress)
    return await measure(
        inspector=program.inspector,
        load=load,
        rounds=2,
        workspace=workspace,
        on_progress=on_progress,
    )


async def test_vite_reloads_a_module_while_it_is_measured(tmp_path: Path) -> None:
    texts: list[str] = []
    async with SERVERS["Vite"](tmp_path) as vite:
        module = vite.workspace / "leak.js"

        def save_once(progress: Progress) -> None:
            text = module.read_text()
            if progress.text.startswith("round 1 of 2: sending") and "really" not in text:
                module.write_text(text.replace(" kept\\n", " really kept\\n"))
            texts.append(progress.text)

        recording = await measure(
            inspector=vite.inspector,
            load=LoadPlan(url=vite.url, requests=100),
            rounds=2,
            workspace=tmp_path,
            on_progress=save_once,
        )
    assert "the program was reloaded, starting the rounds anew" in texts
    assert [each.requests for each in recording.rounds] == [100, 200, 300]


async def test_wrangler_is_restarted_while_it_is_measured(tmp_path: Path) -> None:
    """The connection ends with one clear word; the new wrangler is measured as the old one."""
    port, inspector = free_port(), free_port()
    (tmp_path / "worker.js").write_text(
        "let n = 0; export default { fetch() { return new Response(`${n++}`); } };\n"
    )
    (tmp_path / "wrangler.jsonc").write_text(
        json.dumps({"name": "w", "main": "worker.js", "compatibility_date": "2026-10-01"})
    )
    command = wrangler_command(port, inspector)

    async with run_program(command, {}, tmp_path, port, inspector) as first:
        ending: list[asyncio.Task[None]] = []

        def end_it(progress: Progress) -> None:
            if progress.text.startswith("round 1") and not ending:
                ending.append(asyncio.create_task(end_group(first.group)))

        with pytest.raises(Exception, match=r"ended|refuses connections|failed") as caught:
            await record(first, LoadPlan(first.url, requests=500), tmp_path, end_it)
        assert str(caught.value).count("\n") == 0
        await asyncio.gather(*ending)
    assert left_behind(tmp_path) == []
    async with run_program(command, {}, tmp_path, port, inspector) as second:
        await record(second, LoadPlan(second.url, requests=5), tmp_path)


async def test_disk_that_takes_no_more(program: Program, tmp_path: Path) -> None:
    """The system itself refuses to write on within a snapshot."""

    def no_more() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "leakline", "capture", "--inspect", program.inspector),
        cwd=tmp_path,
        preexec_fn=no_more,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await asyncio.wait_for(run.communicate(), timeout=120)
    assert run.returncode == 2
    assert b"0.heapsnapshot cannot be written (File too large)" in told
    assert told.count(b"\n") == 1
    assert left_behind(tmp_path) == []
    assert await answer(program) == 200


BALLAST = """
const kept = [];
for (let i = 0; i < Number(process.env.MEGABYTES) * 1000; i++) {
  kept.push(Buffer.alloc(500, String(i).padStart(9, "_")).toString("latin1") + "x".repeat(490));
}
for (const each of kept) Number(each);  // flattens it
require("node:http").createServer((_, response) => response.end(String(kept.length)))
  .listen(Number(process.env.PORT), "127.0.0.1");
"""


# A small process in between: the peak of a child counts what its parent was at the fork.
LAUNCH = """
import resource, subprocess, sys
status = subprocess.call([sys.executable, "-m", "leakline", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def run_capture(inspector: str, workspace: Path) -> tuple[int, str, int]:
    """Status, output and peak memory in bytes of ``leakline capture``."""
    run = subprocess.run(
        [sys.executable, "-c", LAUNCH, "capture", "--inspect", inspector],
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    recording, peak = run.stdout.split()
    return run.returncode, recording, int(peak) * (1 if sys.platform == "darwin" else 1024)


async def test_heap_of_300_megabytes(tmp_path: Path) -> None:
    port, inspector = free_port(), free_port()
    (tmp_path / "server.js").write_text(BALLAST)
    command = [
        str(require_node()),
        "--max-old-space-size=4000",
        f"--inspect=127.0.0.1:{inspector}",
        "server.js",
    ]
    variables = {"PORT": str(port), "MEGABYTES": "300"}
    workspace = tmp_path / "recorded"
    workspace.mkdir()
    async with run_program(command, variables, tmp_path, port, inspector) as large:
        status, out, peak = await asyncio.to_thread(run_capture, large.inspector, workspace)
        assert status == 0
        assert await answer(large) == 200
    # The snapshot went to the disk as it came: Python and the libraries alone take over 40 MB.
    assert peak < 64e6
    (taken,) = load_recording(workspace / out).rounds
    assert taken.heap_used is not None
    assert taken.heap_used > 300e6
    assert taken.snapshot.stat().st_size > 300e6
    with taken.snapshot.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        assert file.read().rstrip().endswith(b"]}")
