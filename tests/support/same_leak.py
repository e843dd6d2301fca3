"""The same leaking handler under every runtime that can be captured."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from support import skips
from support.runtimes import (
    MORE,
    ROOT,
    Program,
    free_port,
    require_more,
    require_node,
    require_wrangler,
    run_program,
)

PROGRAMS = ROOT / "tests/capture/programs"
FILE = "leak.js"
ROOT_NAME = "kept"
GROWING_LINE = "kept.push(line);"
BYTES_PER_REQUEST = 4000

Start = Callable[[Path], AbstractAsyncContextManager[Program]]


def copy_programs(directory: Path) -> Path:
    """Copy the programs to where a test may change them."""
    return Path(shutil.copytree(PROGRAMS, directory / "app"))


def _wrangler(*options: str) -> Start:
    def start(directory: Path) -> AbstractAsyncContextManager[Program]:
        port, inspector = free_port(), free_port()
        command = [
            *require_wrangler(),
            "dev",
            *options,
            "--ip=127.0.0.1",
            f"--port={port}",
            f"--inspector-port={inspector}",
        ]
        return run_program(command, {}, copy_programs(directory), port, inspector)

    return start


def _worker(name: str) -> Start:
    """One of several Workers of the same wrangler."""

    @asynccontextmanager
    async def start(directory: Path) -> AsyncIterator[Program]:
        both = _wrangler("--config=first.jsonc", "--config=wrangler.jsonc")
        async with both(directory) as program:
            yield replace(program, inspector=f"{program.inspector}/{name}")

    return start


def _vite(directory: Path) -> AbstractAsyncContextManager[Program]:
    port, inspector = free_port(), free_port()
    vite = require_more("vite/bin/vite.js")
    workspace = copy_programs(directory)
    (workspace / "node_modules").symlink_to(MORE, target_is_directory=True)
    command = [str(require_node()), str(vite), "--host=127.0.0.1", f"--port={port}", "--strictPort"]
    return run_program(command, {"INSPECTOR_PORT": str(inspector)}, workspace, port, inspector)


def _node(find: Callable[[], Path]) -> Start:
    def start(directory: Path) -> AbstractAsyncContextManager[Program]:
        port, inspector = free_port(), free_port()
        command = [str(find()), f"--inspect=127.0.0.1:{inspector}", "node.mjs"]
        return run_program(command, {"PORT": str(port)}, copy_programs(directory), port, inspector)

    return start


def _old_node() -> Path:
    found = shutil.which("node")
    if found is None:
        pytest.skip(skips.NO_NODE)
    return Path(found)


def _deno(directory: Path) -> AbstractAsyncContextManager[Program]:
    port, inspector = free_port(), free_port()
    deno = require_more("@deno/linux-x64-glibc/deno")
    command = [
        str(deno),
        "run",
        f"--inspect=127.0.0.1:{inspector}",
        "--allow-net",
        "--allow-env",
        "deno.js",
    ]
    variables = {
        "PORT": str(port),
        "DENO_DIR": str(directory / "deno"),
        "DENO_NO_UPDATE_CHECK": "1",
    }
    return run_program(command, variables, copy_programs(directory), port, inspector)


SERVERS: Mapping[str, Start] = {
    "wrangler": _wrangler("--config=wrangler.jsonc"),
    "the first of several Workers": _worker("first"),
    "the second of several Workers": _worker("plain"),
    "Durable Object": _wrangler("--config=durable.jsonc"),
    "Vite": _vite,
    "the machine's own Node": _node(_old_node),
    "Node 22": _node(lambda: require_more("node22/bin/node")),
    "Node 24": _node(require_node),
    "Node 26": _node(lambda: require_more("node26/bin/node")),
    "Deno": _deno,
}
