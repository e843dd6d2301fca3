"""Five hundred captures, cancels, edits and kills: what is left of the language server after it.

    python bench/lsp/soak.py [--steps 500] [--minutes 40]

The server runs as an editor starts it, beside a real Node server with a leak. In turns a heap
snapshot is captured and analysed, a capture is cancelled, the file is edited and the edit taken
back, and the worker is killed in the middle of an analysis. After each step the warning must
stand on its line. Before every 40th nobody asks for anything for three seconds, as people do, and
the server looks through its memory. After ``--steps`` steps, or ``--minutes`` minutes, the memory
is compared with that after the first fifth of them: it may be 10 % more. No process may be left.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from client import Client, RequestError, open_client

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.runtimes import Program, run_node

GROWN = 1.10
KEPT_RECORDINGS = 2


class Soak:
    """One server, one program, and what is done to them."""

    def __init__(self, client: Client, program: Program) -> None:
        self._client = client
        self._program = program
        self._path = program.workspace / "server.js"
        self._uri = self._path.as_uri()
        self._text = self._path.read_text()
        self._line = self._text[: self._text.index("auditLog.push")].count("\n")
        self._version = 1
        self._snapshot = program.workspace / "one.heapsnapshot"
        self.done: Counter[str] = Counter()
        self.restarts = 0

    async def begin(self) -> None:
        client = self._client
        client.notify(
            "textDocument/didOpen",
            {
                "textDocument": {
                    "uri": self._uri,
                    "languageId": "javascript",
                    "version": 1,
                    "text": self._text,
                }
            },
        )
        await client.request("leakline/measure", {"workspace": str(self._program.workspace)})
        await self._warning()
        newest = max(self._recordings())
        shutil.copy(newest / "0.heapsnapshot", self._snapshot)

    async def step(self, number: int) -> None:
        """One of the four, then the warning."""
        steps = (self._capture, self._cancel, self._edit, self._kill)
        act = steps[number % len(steps)]
        await act()
        self.done[act.__name__.strip("_")] += 1
        await self._warning()
        for old in sorted(self._recordings())[1:-KEPT_RECORDINGS]:
            shutil.rmtree(old)

    async def _capture(self) -> None:
        await self._client.request("leakline/capture", {"workspace": str(self._program.workspace)})

    async def _cancel(self) -> None:
        client = self._client
        seen = len(client.statuses)
        answer = client.request("leakline/capture", {"workspace": str(self._program.workspace)})
        await client.until(lambda: answer.done() or len(client.statuses) > seen + 1)
        client.notify("$/cancelRequest", {"id": client.last_id})
        with suppress(RequestError):
            await answer
        await client.until(lambda: not client.tokens)

    async def _edit(self) -> None:
        """Change the line, see the hint; take it back, see the warning."""
        at = {"line": self._line, "character": 0}
        behind = {"line": self._line, "character": 3}
        await self._change({"start": at, "end": at}, "/**")
        await self._client.until(lambda: self._severities() == [4])
        await self._change({"start": at, "end": behind}, "")

    async def _kill(self) -> None:
        """Kill the worker while it analyses; the next analysis has another."""
        client = self._client
        (worker,) = children(client.process.pid)
        seen = len(client.statuses)
        # Of another folder, since the findings of an analysis are its folder's.
        answer = client.request(
            "leakline/analyze", {"paths": [str(self._snapshot)], "workspace": str(self.elsewhere)}
        )
        await client.until(
            lambda: any(each["state"] == "analyzing" for each in client.statuses[seen:])
        )
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        try:
            await answer
        except RequestError as error:
            self.restarts += "was killed and is started again" in str(error)
        await client.request(
            "leakline/analyze", {"paths": [str(self._snapshot)], "workspace": str(self.elsewhere)}
        )

    elsewhere: Path

    async def _change(self, span: object, text: str) -> None:
        self._version += 1
        change = {"range": span, "text": text}
        document = {"uri": self._uri, "version": self._version}
        self._client.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )

    def _severities(self) -> list[int]:
        shown = self._client.diagnostics.get(self._uri, (None, []))[1]
        return [
            each["severity"]
            for each in shown
            if each["code"] == "growing-variable" and each["range"]["start"]["line"] == self._line
        ]

    async def _warning(self) -> None:
        await self._client.until(lambda: self._severities() == [2])

    def _recordings(self) -> list[Path]:
        return [
            path.parent
            for path in self._program.workspace.glob(".leakline/recordings/*/recording.json")
        ]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def memory(pid: int) -> float:
    """Megabytes that a process has for itself."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


async def run(steps: int, minutes: float) -> int:
    with tempfile.TemporaryDirectory() as directory:
        elsewhere = Path(directory) / "elsewhere"
        elsewhere.mkdir()
        async with run_node("node-server", Path(directory)) as program:
            settings = {
                "url": program.url + "{i}",
                "inspect": program.inspector,
                "requests": 20,
                "rounds": 2,
            }
            end = time.monotonic() + minutes * 60
            megabytes: list[float] = []
            async with open_client([program.workspace, elsewhere], settings) as client:
                soak = Soak(client, program)
                soak.elsewhere = elsewhere
                await soak.begin()
                for number in range(steps):
                    if number % 40 == 39:
                        await asyncio.sleep(3)
                    if time.monotonic() > end:
                        print(f"out of time after {number} steps")
                        break
                    await soak.step(number)
                    client.statuses.clear()
                    client.log.clear()
                    megabytes.append(memory(client.process.pid))
                    if number % 20 == 19:
                        print(f"step {number + 1}: {megabytes[-1]:.1f} MB", flush=True)
                pids = [client.process.pid, *children(client.process.pid)]
                said = Counter(client.messages)
        left = [pid for pid in pids if is_there(pid)]
    return report(soak, megabytes, pids, left, said)


def report(
    soak: Soak, megabytes: list[float], pids: list[int], left: list[int], said: Counter[str]
) -> int:
    fifth = len(megabytes) // 5
    first = statistics.median(megabytes[fifth : fifth + 20])
    last = statistics.median(megabytes[-20:])
    kinds = ", ".join(f"{count} {name}s" for name, count in soak.done.items())
    print(f"{sum(soak.done.values())} steps: {kinds}; {soak.restarts} workers died at work")
    print(f"memory: {first:.1f} MB after {fifth} steps, {last:.1f} MB at the end")
    print(f"         {last / first - 1:+.1%} (goal: at most {GROWN - 1:+.0%})")
    print(f"processes at the end: {len(pids)} (goal: 2); left behind: {left or 'none'}")
    print(f"diagnostics lost: none; messages: {dict(said) or 'none'}")
    return 0 if last < first * GROWN and not left and len(pids) == 2 else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=40)
    options = parser.parse_args()
    return asyncio.run(run(options.steps, options.minutes))


if __name__ == "__main__":
    sys.exit(main())
