"""What a capture costs the program: requests per second, and the pause of a snapshot.

    .venv/bin/python bench/capture/cost.py [--seconds 3] [--repeat 3] [--sizes 10,50,100,300]

Runs a handler that keeps nothing under Node 24 and under wrangler, and counts the requests it
answers before, during and after, and the processor time of each, which other programs on the
machine disturb less. Medians are printed; the line "nothing" shows how far they sway. Then
Node with heaps of several sizes: what tracking costs a round and its snapshot, and how long a
request waits at most while a snapshot is taken.
Prints the tables of ``docs/capture.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from leakline.capture import Observation, capture
from leakline.capture.addresses import parse_inspector
from leakline.capture.cdp import Session, open_session
from leakline.capture.finding import choose_target
from leakline.capture.targets import TargetInfo
from support.runtimes import Program, free_port, require_node, run_program, wrangler_command

LANES = 4
ROUND = 100
SERVER = """
const http = require("node:http");
const kept = [];
for (let i = 0; i < Number(process.env.KILOBYTES); i++) {
  kept.push(
    process.env.OBJECTS
      ? Array.from({ length: 20 }, (_, n) => ({ n, i }))
      : Buffer.alloc(990, String(i).padStart(9, "_")).toString("latin1"),
  );
}
const work = (text) => JSON.stringify(Array.from(text, (c) => ({ c }))).length + kept.length;
http.createServer((request, response) => response.end(`${work(request.headers.host)}\\n`))
  .listen(Number(process.env.PORT), "127.0.0.1");
"""
WORKER = """
const work = (text) => JSON.stringify(Array.from(text, (c) => ({ c }))).length;
export default {
  fetch(request) { return new Response(`${work(request.headers.get("host"))}\\n`); },
};
"""
CONFIG = '{"name": "cost", "main": "worker.js", "compatibility_date": "2026-10-01"}'

Phase = Callable[[TargetInfo], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def nothing(_: TargetInfo) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def connected(target: TargetInfo) -> AsyncIterator[None]:
    async with session_of(target):
        yield


@asynccontextmanager
async def watching(target: TargetInfo) -> AsyncIterator[None]:
    async with session_of(target) as session:
        traffic = Observation(seconds=1).traffic(target)
        await traffic.begin(session)
        yield
        await traffic.end(session)


@asynccontextmanager
async def tracking(target: TargetInfo) -> AsyncIterator[None]:
    async with session_of(target) as session:
        await session.heap_profiler.track_allocations()
        yield
        await session.heap_profiler.stop_tracking()


def session_of(target: TargetInfo) -> AbstractAsyncContextManager[Session]:
    return open_session(target.web_socket_url, alone=target.kind == "wrangler")


PHASES: dict[str, Phase] = {
    "nothing": nothing,
    "connected, as while Leakline sends the requests": connected,
    "watched (`--observe`)": watching,
    "connected, allocations tracked, as in the last round": tracking,
}


def processor_seconds(group: int) -> float:
    """Processor time that a process group has used so far (proc(5))."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def load(program: Program, seconds: float) -> tuple[float, float]:
    """Requests per second that LANES clients get answered, and processor time of each."""
    answered = 0
    until = time.monotonic() + seconds
    used = processor_seconds(program.group)

    async def lane(client: aiohttp.ClientSession) -> None:
        nonlocal answered
        while time.monotonic() < until:
            async with client.get(program.url) as response:
                await response.read()
            answered += 1

    async with aiohttp.ClientSession() as client:
        await asyncio.gather(*(lane(client) for _ in range(LANES)))
    return answered / seconds, (processor_seconds(program.group) - used) / answered


def node(
    folder: Path, kilobytes: int = 0, *, objects: bool = False
) -> AbstractAsyncContextManager[Program]:
    app = folder / "app"
    app.mkdir()
    (app / "server.js").write_text(SERVER)
    port, inspector = free_port(), free_port()
    command = [
        str(require_node()),
        "--max-old-space-size=8000",
        f"--inspect=127.0.0.1:{inspector}",
        "server.js",
    ]
    variables = {"PORT": str(port), "KILOBYTES": str(kilobytes)}
    if objects:  # which V8 has to walk at each collection, unlike strings
        variables["OBJECTS"] = "1"
    return run_program(command, variables, app, port, inspector)


def wrangler(folder: Path) -> AbstractAsyncContextManager[Program]:
    app = folder / "app"
    app.mkdir()
    (app / "worker.js").write_text(WORKER)
    (app / "wrangler.jsonc").write_text(CONFIG)
    port, inspector = free_port(), free_port()
    return run_program(wrangler_command(port, inspector), {}, app, port, inspector)


PROGRAMS: dict[str, Callable[[Path], AbstractAsyncContextManager[Program]]] = {
    "Node 24": node,
    "wrangler": wrangler,
}


async def throughput(name: str, seconds: float, repeat: int) -> None:
    """Each phase in a program of its own, held against the seconds just before it."""
    print(f"\n| {name} | requests/s before, during, after | processor time per request |")
    print("|---|---|---|")
    for phase, around in PHASES.items():
        rates: list[tuple[float, ...]] = []
        for _ in range(repeat):
            with tempfile.TemporaryDirectory() as folder:
                async with PROGRAMS[name](Path(folder)) as program:
                    await load(program, 2.0)  # warm
                    target = await choose_target(parse_inspector(program.inspector))
                    before = await load(program, seconds)
                    async with around(target):
                        during = await load(program, seconds)
                    after = await load(program, seconds)
                    rates.append((*before, *during, *after))
        medians = [statistics.median(each) for each in zip(*rates, strict=True)]
        shown = ", ".join(f"{rate:.0f}" for rate in medians[::2])
        times = ", ".join(f"{1000 * time:.2f} ms" for time in medians[1::2])
        print(f"| {phase} | {shown} | {times} |", flush=True)


async def pause(program: Program, folder: Path) -> tuple[float, float, float]:
    """The longest wait of a request while a snapshot is taken, the whole time, the file's MB."""
    longest = 0.0
    done = asyncio.Event()

    async def ask() -> None:
        nonlocal longest
        async with aiohttp.ClientSession() as client:
            while not done.is_set():
                start = time.monotonic()
                async with client.get(program.url) as response:
                    await response.read()
                longest = max(longest, time.monotonic() - start)
                await asyncio.sleep(0.01)

    asking = asyncio.create_task(ask())
    start = time.monotonic()
    recording = await capture(
        inspector=program.inspector, workspace=folder, on_progress=lambda _: None
    )
    whole = time.monotonic() - start
    done.set()
    await asking
    return longest, whole, recording.rounds[0].snapshot.stat().st_size / 1e6


async def pauses(sizes: list[int]) -> None:
    print("\n| heap (Node 24) | snapshot | longest wait of a request | whole capture |")
    print("|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            async with node(Path(name), size * 1000) as program:
                longest, whole, written = await pause(program, program.workspace)
        print(f"| {size} MB | {written:.0f} MB | {longest:.1f} s | {whole:.1f} s |", flush=True)


async def tracked_rounds(sizes: list[int], repeat: int) -> None:
    """Rounds with and without tracking in turn, in one program, so that both see the same load."""
    columns = f"round of {ROUND} requests, tracked | its snapshot, tracked"
    print(f"\n| heap (Node 24, small objects) | {columns} |")
    print("|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            async with node(Path(name), size * 1000, objects=True) as program:
                target = await choose_target(parse_inspector(program.inspector))
                async with session_of(target) as session:
                    await one_round(program, session, tracked=False)  # warm
                    pairs = [
                        (
                            *await one_round(program, session, tracked=False),
                            *await one_round(program, session, tracked=True),
                        )
                        for _ in range(repeat)
                    ]
        plain, plain_pause, tracked, tracked_pause = map(
            statistics.median, zip(*pairs, strict=True)
        )
        print(
            f"| {size} MB | {plain:.2f} s, {tracked:.2f} s "
            f"| {plain_pause:.1f} s, {tracked_pause:.1f} s |",
            flush=True,
        )


async def one_round(program: Program, session: Session, *, tracked: bool) -> tuple[float, float]:
    """Seconds that a round's requests take one after another, and its snapshot."""
    if tracked:
        await session.heap_profiler.track_allocations()
    start = time.monotonic()
    async with aiohttp.ClientSession() as client:
        for _ in range(ROUND):
            async with client.get(program.url) as response:
                await response.read()
    middle = time.monotonic()
    await session.heap_profiler.take_snapshot(lambda _: None, lambda _: None)
    end = time.monotonic()
    if tracked:
        await session.heap_profiler.stop_tracking()
    return middle - start, end - middle


async def main() -> None:
    parser = argparse.ArgumentParser(description="What a capture costs the program.")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sizes", default="10,50,100,300")
    options = parser.parse_args()
    for name in PROGRAMS:
        await throughput(name, options.seconds, options.repeat)
    sizes = [int(size) for size in options.sizes.split(",")]
    await tracked_rounds(sizes, options.repeat)
    await pauses(sizes)


if __name__ == "__main__":
    asyncio.run(main())
