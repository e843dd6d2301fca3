"""How long the language server lets an editor wait, with 1,000 findings.

    python bench/lsp/latency.py [--times 300] [--size 100]

The findings come from a real recording of a real Node program (``growing_program.py``). Each
request is sent ``--times`` times from outside of the server's process, at first while nothing
else runs, then while a snapshot of ``--size`` megabytes is analysed over and over. Prints the
median, the 99th percentile and the longest in milliseconds.

The first three figures are what the clock says; on a machine with other work most of that is
waiting for a processor. The last three are the processor time that the server and this program
spent meanwhile, by Linux's count, whatever else the server did included: no request takes less,
and on a machine with a processor to spare none takes much more. Goals are held against these.

"first hover in a file" has to parse it; "after an edit" is the first hover after a key was
pressed: the text has to be parsed again. Diagnostics are awaited from the key to the
publication, on the clock 150 ms of which wait for the typing to pause.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from client import Client, RequestError, open_client
from growing_program import FILES, PER_FILE, growing_workspace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "heap"))

from run import generate

HOVER_GOAL, ANSWER_GOAL = 10.0, 50.0

Times = dict[str, list[tuple[float, float]]]
"""By request, the milliseconds on the clock and those on a processor."""


class Stopwatch:
    """Takes a request's time, and the processor time of all that takes part in it."""

    def __init__(self, pid: int) -> None:
        self._tasks = Path(f"/proc/{pid}/task")
        self._worked = self._work()
        self._start = time.perf_counter()

    def stop(self) -> tuple[float, float]:
        taken = (time.perf_counter() - self._start) * 1e3
        return taken, (self._work() - self._worked) / 1e6

    def _work(self) -> int:
        """Nanoseconds of processor time of the server's threads and of this program, so far."""
        worked = time.thread_time_ns()
        for task in self._tasks.iterdir():
            worked += int((task / "schedstat").read_text().split()[0])
        return worked


class Session:
    """Does what a user does, and takes the time."""

    def __init__(self, client: Client, workspace: Path, seed: int) -> None:
        self._client = client
        self._random = random.Random(seed)
        self._texts: dict[str, list[str]] = {}
        self._versions: dict[str, int] = {}
        self._seen: set[str] = set()
        for number in range(FILES):
            path = workspace / "src" / f"part{number}.js"
            uri = path.as_uri()
            text = path.read_text()
            self._texts[uri] = text.split("\n")
            self._versions[uri] = 1
            item = {"uri": uri, "languageId": "javascript", "version": 1, "text": text}
            client.notify("textDocument/didOpen", {"textDocument": item})
        self.times: Times = defaultdict(list)

    async def once(self) -> None:
        """Each request once, in a file of its own choice."""
        uri = self._random.choice(list(self._texts))
        await self._hover("hover" if uri in self._seen else "first hover in a file", uri)
        self._seen.add(uri)
        await self._timed("code lens", "textDocument/codeLens", {"textDocument": {"uri": uri}})
        await self._code_action(uri)
        await self._edit(uri)

    async def _timed(self, what: str, method: str, params: object) -> None:
        watch = Stopwatch(self._client.process.pid)
        answer = await asyncio.wait_for(self._client.request(method, params), 60)
        self.times[what].append(watch.stop())
        assert answer, f"no {what}"

    async def _hover(self, what: str, uri: str) -> None:
        lines = self._texts[uri]
        uses = [
            (number, match.start())
            for number, line in enumerate(lines)
            for match in re.finditer(r"kept\d+x(\d+)|entries", line)
            # The variable with a class's instance in it is not what grows: its field is.
            if "//" not in line and '"kept' not in line and int(match[1] or 0) % 5 != 4
        ]
        line, character = self._random.choice(uses)
        position = {"line": line, "character": character + 2}
        params = {"textDocument": {"uri": uri}, "position": position}
        await self._timed(what, "textDocument/hover", params)

    async def _code_action(self, uri: str) -> None:
        shown = self._random.choice(self._client.diagnostics[uri][1])
        context = {"diagnostics": [shown]}
        params = {"textDocument": {"uri": uri}, "range": shown["range"], "context": context}
        await self._timed("code action", "textDocument/codeAction", params)

    async def _edit(self, uri: str) -> None:
        """Insert an empty line, or take it out again; then hover, and await the diagnostics."""
        lines = self._texts[uri]
        self._versions[uri] = version = self._versions[uri] + 1
        start = {"line": 1, "character": 0}
        if lines[1] == "":
            del lines[1]
            change = {"range": {"start": start, "end": {"line": 2, "character": 0}}, "text": ""}
        else:
            lines.insert(1, "")
            change = {"range": {"start": start, "end": start}, "text": "\n"}
        watch = Stopwatch(self._client.process.pid)
        self._client.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
        )
        await self._hover("hover after an edit", uri)
        await self._client.until(lambda: self._client.diagnostics[uri][0] == version)
        self.times["diagnostics after an edit"].append(watch.stop())


async def analyse_for_ever(client: Client, folder: Path, snapshot: Path) -> None:
    while True:
        with suppress(RequestError):
            await client.request(
                "leakline/analyze", {"paths": [str(snapshot)], "workspace": str(folder)}
            )


async def measure(times: int, snapshot: Path) -> list[tuple[str, Times]]:
    workspace = growing_workspace()
    with tempfile.TemporaryDirectory() as directory:
        elsewhere = Path(directory)
        async with open_client([workspace, elsewhere], {}) as client:
            await client.until(
                lambda: client.statuses and client.statuses[-1]["findings"] == FILES * PER_FILE
            )
            found = []
            for name in ("nothing else runs", f"{snapshot.name} is analysed"):
                session = Session(client, workspace, seed=1)
                busy = None
                if found:
                    busy = asyncio.create_task(analyse_for_ever(client, elsewhere, snapshot))
                    await client.until(lambda: client.statuses[-1]["state"] == "analyzing")
                await client.request("leakline/summary")
                for _ in range(times):
                    await session.once()
                if busy is not None:
                    busy.cancel()
                    client.notify("$/cancelRequest", {"id": client.last_id})
                found.append((name, session.times))
            return found


def show(name: str, times: Times) -> bool:
    print(f"\n{name}, load {os.getloadavg()[0]:.1f}")
    head = f"{'median':>9}{'99 %':>9}{'longest':>9}"
    print(f"{'':26}{'on the clock':>27}   |{'on a processor':>27}")
    print(f"{'milliseconds':26}{head}   |{head}")
    kept = True
    for what, found in times.items():
        line = f"{what:26}"
        most = 0.0
        for column in (0, 1):
            ordered = sorted(each[column] for each in found)
            most = ordered[int(len(ordered) * 0.99)]
            line += "   |" if column else ""
            line += f"{ordered[len(ordered) // 2]:9.1f}{most:9.1f}{ordered[-1]:9.1f}"
        goal = HOVER_GOAL if what == "hover" else ANSWER_GOAL
        kept = kept and most < goal
        print(line + ("" if most < goal else f"  (goal {goal:.0f})"))
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--size", type=int, default=100, help="megabytes of snapshot")
    parser.add_argument("--node", default="node")
    options = parser.parse_args()
    snapshot = generate(options.node, options.size, "mixed")
    found = asyncio.run(measure(options.times, snapshot))
    kept = [show(name, times) for name, times in found]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
