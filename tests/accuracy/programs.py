"""The programs in ``fixtures/leaks`` and ``fixtures/healthy``: what they say, and how they run."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from leakline.capture import LoadPlan, PageActions, measure
from leakline.pipeline import Analysis, analyze
from leakline.recording import Recording

FIXTURES = Path(__file__).parents[2] / "fixtures"
PACKAGES = FIXTURES / "node_modules"
WRANGLER = FIXTURES.parent / "examples/node_modules/wrangler/bin/wrangler.js"
LEFT_BY_TOOLS = ("dist", ".wrangler", ".leakline")

_HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--user-data-dir=.chromium",  # below the program's copy, where it runs
)


@dataclass(frozen=True)
class ExpectedFinding:
    """One finding that a program should get.

    Attributes:
        codes: Acceptable codes.
        roots: Acceptable display names of the leak root.
        lines: File below the program -> acceptable lines, counted from 1.
        growth: Least and most bytes per request; None where there is no growth.
        optional: Whether nothing is wrong when it is not told: it grows, but is beside the point.
    """

    codes: tuple[str, ...]
    roots: tuple[str, ...]
    lines: dict[str, tuple[int, ...]]
    growth: tuple[float, float] | None
    optional: bool


@dataclass(frozen=True)
class Program:
    """A program with what it expects; ``fixtures/README.md`` describes the file."""

    path: Path
    about: str
    runtimes: tuple[str, ...]
    build: tuple[str, ...]
    run: tuple[str, ...]
    load: dict[str, Any]
    packages: tuple[str, ...]
    findings: tuple[ExpectedFinding, ...]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def leaks(self) -> bool:
        return self.path.parent.name == "leaks"


@dataclass(frozen=True)
class Runtime:
    """One runtime of this machine.

    Attributes:
        name: As in ``expected.json``, such as ``node24``.
        executable: What runs the program; for a Worker, the Node that runs wrangler.
        node: A Node for the program's build.
    """

    name: str
    executable: Path
    node: Path


def load_programs() -> list[Program]:
    """All programs, leaking ones first, by name."""
    paths = [
        *sorted(FIXTURES.glob("leaks/*/expected.json")),
        *sorted(FIXTURES.glob("healthy/*/expected.json")),
    ]
    return [_load(path) for path in paths]


def _load(path: Path) -> Program:
    given = json.loads(path.read_text("utf-8"))
    return Program(
        path=path.parent,
        about=given["about"],
        runtimes=tuple(given.get("runtimes", ["node24"])),
        build=tuple(given.get("build", [])),
        run=tuple(given["run"]),
        load=given.get("load", {}),
        packages=tuple(given.get("packages", [])),
        findings=tuple(_expected(each) for each in given["findings"]),
    )


def _expected(given: dict[str, Any]) -> ExpectedFinding:
    growth = given.get("bytesPerRequest")
    if isinstance(growth, int | float):
        growth = (growth, growth)
    return ExpectedFinding(
        codes=tuple(given["code"]),
        roots=tuple(given["root"]),
        lines={file: tuple(lines) for file, lines in given["lines"].items()},
        growth=None if growth is None else (growth[0], growth[1]),
        optional=given.get("optional", False),
    )


async def prepare(program: Program, runtime: Runtime, directory: Path) -> Path:
    """Copies a program to where it may be built and run, and builds it.

    Returns:
        The copy: what the user of the program would have open in the editor.
    """
    copy = directory / program.path.name
    shutil.copytree(program.path, copy, ignore=shutil.ignore_patterns(*LEFT_BY_TOOLS))
    _install(program, copy / "node_modules")
    if program.build:
        tool, *arguments = program.build
        process = await asyncio.create_subprocess_exec(
            str(runtime.node),
            str(PACKAGES / tool / "bin" / tool),
            *arguments,
            "--log-level=warning",
            cwd=copy,
            stdin=asyncio.subprocess.DEVNULL,
        )
        if await process.wait():
            raise RuntimeError(f"{program.name} could not be built")
    return copy


def _install(program: Program, into: Path) -> None:
    """Gives a program its packages.

    Those that it names lie below it, as where a user ran ``npm install``; what they need, and
    all others, lie outside of its workspace, as in a monorepo.
    """
    into.mkdir()
    for package in PACKAGES.glob("[!.]*"):
        if package.name in program.packages:
            shutil.copytree(package, into / package.name)
        else:
            (into / package.name).symlink_to(package, target_is_directory=True)


def command(program: Program, runtime: Runtime, port: int, inspector: int) -> list[str]:
    """The command that runs a program with its inspector open."""
    variables = {
        "PORT": str(port),
        "PATH": f"{runtime.node.parent}{os.pathsep}{os.environ['PATH']}",
        "NODE_ENV": "production",
        "WRANGLER_SEND_METRICS": "false",
        "CI": "1",
        "DENO_NO_UPDATE_CHECK": "1",
    }
    given = [f"{name}={value}" for name, value in variables.items()]
    return ["env", *given, *_arguments(program, runtime, port, inspector)]


def _arguments(program: Program, runtime: Runtime, port: int, inspector: int) -> list[str]:
    what, *rest = program.run
    here, at = str(runtime.executable), f"--inspect=127.0.0.1:{inspector}"
    match what:
        case "node":
            return [here, at, *rest]
        case "deno":
            return [here, "run", "--quiet", "--allow-all", at, *rest]
        case "page":
            page = f"http://127.0.0.1:{port}/{rest[0]}"
            return [here, *_HEADLESS, f"--remote-debugging-port={inspector}", page]
        case "wrangler":
            return [
                here,
                str(WRANGLER),
                *rest,
                "--ip=127.0.0.1",
                f"--port={port}",
                f"--inspector-port={inspector}",
            ]
        case _:
            raise ValueError(f"{program.name}: nothing is known of {what}")


def traffic(program: Program, port: int, requests: int) -> LoadPlan | PageActions:
    """What is done to the program in one round."""
    if "click" in program.load:
        return PageActions(click=program.load["click"], actions=requests)
    return load_plan(program, port, requests)


def load_plan(program: Program, port: int, requests: int) -> LoadPlan:
    given = program.load
    size = given.get("bodyBytes")
    return LoadPlan(
        url=f"http://127.0.0.1:{port}{given.get('path', '/items/{i}')}",
        method=given.get("method", "GET"),
        headers=tuple(given.get("headers", {}).items()),
        body=None if size is None else b"x" * size,
        requests=requests,
    )


async def record(
    program: Program, runtime: Runtime, copy: Path, ports: tuple[int, int], requests: int
) -> Recording:
    """Measures a prepared program over three rounds, as ``leakline measure`` does."""
    port, inspector = ports
    async with served(program, copy, port):
        return await measure(
            inspector=f"127.0.0.1:{inspector}",
            load=traffic(program, port, requests),
            rounds=3,
            command=command(program, runtime, port, inspector),
            workspace=copy,
            on_progress=lambda _: None,
        )


@asynccontextmanager
async def served(program: Program, copy: Path, port: int) -> AsyncIterator[None]:
    """Serves a page's files, as its author's development server does."""
    if program.run[0] != "page":
        yield
        return
    application = web.Application()
    application.router.add_static("/", copy)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


def look(recording: Recording, copy: Path) -> Analysis:
    return analyze(recording, workspace=copy)
