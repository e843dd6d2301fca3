"""The whole way in a real Helix, on a real Node server, with the lines of docs/editors.md."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from lsp.terminal import Terminal, open_terminal
from support import skips
from support.runtimes import ROOT, Program, run_node

_UNPACKED = ROOT / "tests/runtimes/build/helix/root/usr/lib"
_LIBRARIES = _UNPACKED / "x86_64-linux-gnu"
_WARNING = "global `auditLog` grows per request: +"
# What Helix says while the server is not there or does not answer: it waits 20 s.
_NOT_YET = re.compile(r"No co|timed out")
_INLAY_HINT = re.compile(r"const auditLog [\d.]+ kB, \+\d+ B/request = ")
_COMMENT = "// leakline-ignore-next-line growing-variable: say why"


@cache
def find_helix() -> tuple[list[str], dict[str, str]] | None:
    """The command that runs Helix and what its environment needs; None where it is missing."""
    installed = shutil.which("hx")
    if installed is not None:
        return [installed], {}
    program = _UNPACKED / "hx/hx"
    if not program.is_file():
        return None
    loader = _LIBRARIES / "ld-linux-x86-64.so.2"
    command = [loader, "--library-path", _LIBRARIES, program]
    return [str(part) for part in command], {"HELIX_RUNTIME": str(_UNPACKED / "hx/runtime")}


def configure(folder: Path, program: Program) -> dict[str, str]:
    """Write Helix' configuration as the docs have it; gives the environment that uses it."""
    helix = folder / ".config/helix"
    helix.mkdir(parents=True)
    docs = (ROOT / "docs/editors.md").read_text().partition("## Helix")[2].partition("\n## ")[0]
    languages, config = re.findall(r"```toml\n(.*?)```", docs, re.DOTALL)
    values = {
        'url = "http://127.0.0.1:8787/{i}"': f'url = "{program.url}{{i}}"',
        "requests = 100": f'inspect = "{program.inspector}", requests = 50',
        "rounds = 3": "rounds = 2",
    }
    for written, used in values.items():
        assert written in languages
        languages = languages.replace(written, used)
    for hints in ("inlayHints = true", "display-inlay-hints = true"):
        assert f"`{hints}`" in docs
    languages = languages.replace("requests = 50", "requests = 50, inlayHints = true")
    assert config.rstrip().rpartition("[")[2].startswith("editor.lsp]")
    config = f"{config.rstrip()}\ndisplay-inlay-hints = true\n"
    (helix / "languages.toml").write_text(languages)
    (helix / "config.toml").write_text(config)
    server = folder / "bin/leakline"
    server.parent.mkdir()
    code = "from leakline.cli import main; main()"
    server.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{code}" "$@"\n')
    server.chmod(0o700)
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "PATH": f"{server.parent}{os.pathsep}{os.environ['PATH']}",
    }


async def choose_action(terminal: Terminal, title: str) -> None:
    """Open the menu of code actions and pick one."""
    while True:
        await terminal.press("Space", "a")
        screen = await terminal.until(
            f"the action {title}", lambda seen: title in seen or _NOT_YET.search(seen)
        )
        if title in screen:
            break
        await terminal.press("Escape")
        await terminal.until("the message to go", lambda seen: not _NOT_YET.search(seen))
    offered = [line for line in screen.splitlines() if "Leakline: " in line]
    number = next(n for n, line in enumerate(offered) if title in line)
    # An arrow key is several bytes, the first of which, read alone, closes the menu.
    await terminal.press(*["C-n"] * number, "Enter")


async def insert(terminal: Terminal, key: str, text: str) -> None:
    """Type a text where a key says."""
    await terminal.press(key)
    await terminal.type(text)
    await terminal.until(text, lambda seen: text in seen and "INS" in seen)
    await terminal.press("Escape")
    # With the next key right behind it, it would be that key with Alt.
    await terminal.until("the normal mode", lambda seen: "NOR" in seen)


def stands_at(line: int) -> re.Pattern[str]:
    """How a diagnostic of a line shows beside its number."""
    return re.compile(rf"^●\s+{line} ", re.MULTILINE)


async def test_measuring_in_helix(tmp_path: Path) -> None:
    helix, tmux = find_helix(), shutil.which("tmux")
    if helix is None or tmux is None:
        pytest.skip(skips.NO_HELIX)
    command, needed = helix
    async with run_node("node-server", tmp_path) as program:
        file = program.workspace / "server.js"
        lines = file.read_text().split("\n")
        growth = 1 + next(n for n, line in enumerate(lines) if "auditLog.push" in line)
        variables = {**needed, **configure(tmp_path, program)}
        async with open_terminal(
            tmux, [*command, "server.js"], program.workspace, variables
        ) as terminal:
            await terminal.until("the file", lambda seen: lines[growth - 1] in seen)

            await choose_action(terminal, "Leakline: Measure growth")
            await terminal.until("the warning", stands_at(growth).search)
            # How far it had come was to be seen.
            await terminal.until(
                "its percentage", lambda _: re.search(rb"\d%", terminal.written.read_bytes())
            )

            await terminal.press("]", "d")
            await terminal.until("its text", lambda seen: _WARNING in seen)
            await terminal.press("Space", "k")
            hover = await terminal.until("the hover", lambda seen: "How to mend" in seen)
            assert "B/request" in hover
            assert "Leak trace" in hover
            await terminal.press("Escape")
            await terminal.until("the hover to go", lambda seen: "Leak trace" not in seen)

            await choose_action(terminal, "Leakline: Ignore `auditLog` here")
            await terminal.until(
                "the comment in place of the warning",
                lambda seen: _COMMENT in seen and "●" not in seen,
            )
            await terminal.press("u")
            await terminal.until(
                "the warning to come back",
                lambda seen: _COMMENT not in seen and stands_at(growth).search(seen),
            )

            await terminal.press("g", "g")
            await insert(terminal, "O", "// a line above")
            await terminal.until("the warning to move", stands_at(growth + 1).search)
            await terminal.until("the inlay hint", _INLAY_HINT.search)
            await terminal.press("]", "d")
            await insert(terminal, "A", " // changed")
            await terminal.until(
                "the hint", lambda seen: "changed since the snapshot: measure again" in seen
            )
