"""What goes wrong ends in one line and status 2, and leaves nothing behind.

Against a real Node.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.processes import group_members, group_of, with_pid_file
from support.runtimes import Program, environment, free_port, require_node, run_node
from support.workspaces import left_behind

SERVER = """
const http = require("node:http");
const ballast = [];
for (let i = 0; i < Number(process.env.BALLAST ?? 0); i++) ballast.push({ i, text: `t${i}` });
const status = Number(process.env.STATUS ?? 200);
const wait = Number(process.env.WAIT ?? 0);
const held = Number(process.env.HOLD ?? Infinity);
let asked = 0;
http.createServer((request, response) => {
  if (asked++ >= held) return;  // it never answers
  setTimeout(() => { response.statusCode = status; response.end("answer"); }, wait);
}).listen(Number(process.env.PORT), "127.0.0.1");
"""


@dataclass(frozen=True)
class Attempt:
    """A `leakline measure` of a server of its own that is on its way.

    Attributes:
        process: The process of `leakline`.
        workspace: Its working directory.
        pid_file: Names the process group of the server, once it has been started.
    """

    process: asyncio.subprocess.Process
    workspace: Path
    pid_file: Path

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for something to happen while it runs."""
        deadline = time.monotonic() + 90
        while not condition():
            assert self.process.returncode is None, "it ended before it could be interrupted"
            assert time.monotonic() < deadline, "it did not come that far"
            await asyncio.sleep(0.005)

    async def ended(self) -> tuple[int | None, str, str]:
        """Gives its status and what it printed."""
        out, err = await asyncio.wait_for(self.process.communicate(), timeout=90)
        return self.process.returncode, out.decode(), err.decode()

    @property
    def server_processes(self) -> list[str]:
        return group_members(group_of(self.pid_file)) if self.pid_file.exists() else []


@pytest.fixture
async def attempt(workspace: Path, request: pytest.FixtureRequest) -> AsyncIterator[Attempt]:
    """Starts measuring a server with the variables of the test's parameter."""
    variables: dict[str, str] = getattr(request, "param", {})
    port, inspector_port = free_port(), free_port()
    pid_file = workspace / "pid"
    (workspace / "server.cjs").write_text(SERVER)
    node = [str(require_node()), f"--inspect=127.0.0.1:{inspector_port}", "server.cjs"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "leakline", "measure"),
        *("--inspect", f"127.0.0.1:{inspector_port}", "--url", f"http://127.0.0.1:{port}/{{i}}"),
        *("--requests", "20", "--output", "report.txt", "--"),
        *with_pid_file(node, pid_file),
        cwd=workspace,
        env={**environment(), "PORT": str(port), **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Attempt(process, workspace, pid_file)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        if pid_file.exists() and group_members(group_of(pid_file)):
            os.killpg(group_of(pid_file), signal.SIGKILL)


def recorded_files(workspace: Path) -> list[str]:
    return [path.name for path in workspace.glob(".leakline/recordings/*/*")]


def interrupt(attempt: Attempt, number: signal.Signals = signal.SIGINT) -> None:
    """Sends a signal; the program must not have ended before."""
    assert attempt.process.returncode is None, "it ended before it could be interrupted"
    attempt.process.send_signal(number)


# Each comes to a stop where it is to be interrupted: the server holds the request after.
HELD = {
    "the command was started": {"HOLD": "0"},
    "the requests are sent": {"HOLD": "5"},
    "a snapshot is written": {"HOLD": "45"},
}
STAGES: dict[str, Callable[[Attempt], bool]] = {
    "the command was started": lambda attempt: attempt.pid_file.exists(),
    "the requests are sent": lambda attempt: bool(left_behind(attempt.workspace)),
    "a snapshot is written": lambda attempt: "1.heapsnapshot" in recorded_files(attempt.workspace),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("attempt", "stage"),
    [({"BALLAST": "50000", **HELD[stage]}, stage) for stage in STAGES],
    ids=list(STAGES),
    indirect=["attempt"],
)
async def test_ctrl_c_while(attempt: Attempt, stage: str, number: signal.Signals) -> None:
    await attempt.until(lambda: STAGES[stage](attempt))
    interrupt(attempt, number)
    await asyncio.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):  # it may have ended in that time
        attempt.process.send_signal(number)  # an impatient user
    assert await attempt.ended() == (2, "", "leakline: error: interrupted\n")
    assert attempt.server_processes == []
    assert left_behind(attempt.workspace) == []
    assert not (attempt.workspace / "report.txt").exists()


@pytest.mark.parametrize("attempt", [{"HOLD": "5"}], indirect=True)
@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4])
async def test_ctrl_c_some_time_after_the_start(attempt: Attempt, seconds: float) -> None:
    await attempt.until(attempt.pid_file.exists)
    await asyncio.sleep(seconds)
    interrupt(attempt)
    assert await attempt.ended() == (2, "", "leakline: error: interrupted\n")
    assert attempt.server_processes == []
    assert left_behind(attempt.workspace) == []


@pytest.mark.parametrize("attempt", [{"BALLAST": "300000"}], indirect=True)
async def test_ctrl_c_while_it_analyses_keeps_the_recording(attempt: Attempt) -> None:
    # Nobody reads this pipe: it cannot be done before it is interrupted.
    os.mkfifo(attempt.workspace / "report.txt")
    await attempt.until(lambda: "recording.json" in recorded_files(attempt.workspace))
    assert attempt.server_processes == []
    interrupt(attempt)
    assert await attempt.ended() == (2, "", "leakline: error: interrupted\n")
    assert len(left_behind(attempt.workspace)) == 1


@pytest.mark.parametrize("attempt", [{"BALLAST": "300000", "HOLD": "25"}], indirect=True)
async def test_the_program_ends_during_a_snapshot(attempt: Attempt) -> None:
    await attempt.until(lambda: "0.heapsnapshot" in recorded_files(attempt.workspace))
    os.killpg(group_of(attempt.pid_file), signal.SIGKILL)
    status, out, err = await attempt.ended()
    assert (status, out) == (2, "")
    assert_one_line(err, "ended with signal SIGKILL while it was measured")
    assert left_behind(attempt.workspace) == []


@pytest.mark.parametrize("attempt", [{"STATUS": "500"}], indirect=True)
async def test_errors_throughout(attempt: Attempt) -> None:
    status, out, err = await attempt.ended()
    assert (status, out) == (2, "")
    assert_one_line(err, "answered all 20 requests with errors (status 500)")
    assert attempt.server_processes == []
    assert left_behind(attempt.workspace) == []


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with run_node("node-server", tmp_path) as running:
        yield running


async def test_a_url_that_refuses_connections(program: Program) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    done = measure(program.workspace, "--inspect", program.inspector, "--url", url)
    assert done.returncode == 2
    assert_one_line(done.stderr, f"{url} refuses connections")
    assert left_behind(program.workspace) == []


def test_nothing_listens_at_the_inspectors_address(workspace: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    done = measure(workspace, "--inspect", address, "--url", "http://127.0.0.1:1/")
    assert done.returncode == 2
    assert_one_line(done.stderr, address)
    assert list(workspace.iterdir()) == []


def test_a_command_that_dies_early(workspace: Path) -> None:
    node = str(require_node())
    address, url = f"127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}/"
    script = "console.error('config\\x1b[2J is missing'); process.exit(3)"
    done = measure(workspace, "--inspect", address, "--url", url, "--", node, "-e", script)
    assert done.returncode == 2
    assert_one_line(done.stderr, "ended with status 3 before its inspector answered")
    assert "config is missing" in done.stderr
    assert left_behind(workspace) == []


def test_a_command_that_is_not_there(workspace: Path) -> None:
    address, url = f"127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}/"
    done = measure(workspace, "--inspect", address, "--url", url, "--", "no-such-command")
    assert done.returncode == 2
    assert_one_line(done.stderr, "`no-such-command` could not be started")
    assert left_behind(workspace) == []


def measure(workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leakline", "measure", *arguments],
        cwd=workspace,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_line(text: str, part: str) -> None:
    assert text.startswith("leakline: error: ")
    assert part in text
    assert text.count("\n") == 1
