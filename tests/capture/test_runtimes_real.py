"""The same leaking handler under every runtime: the same root, line and growth from each."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count, pairwise
from pathlib import Path

import aiohttp
import pytest

from leakline.capture import LoadPlan, Observation, PageActions, measure
from leakline.errors import UsageError
from leakline.leaks import Severity
from leakline.pipeline import analyze
from leakline.recording import Recording
from support.chromium import run_page
from support.runtimes import Program
from support.same_leak import (
    BYTES_PER_REQUEST,
    FILE,
    GROWING_LINE,
    ROOT_NAME,
    SERVERS,
    copy_programs,
)

REQUESTS = 50
ROUNDS = 2
# Where others' traffic is measured too: each way of counting requests, and what bends it.
WATCHED = (
    *("wrangler", "the first of several Workers", "the second of several Workers"),
    *("Durable Object", "Vite", "the machine's own Node", "Node 26", "Deno"),
)
SEVERAL = {
    "the first of several Workers": ("first", "plain"),
    "the second of several Workers": ("plain", "first"),
}


def assert_same_leak(recording: Recording, workspace: Path) -> None:
    """One warning: the root, its line in the workspace's own file, its growth."""
    lines = (workspace / FILE).read_text().splitlines()
    (line,) = (number for number, text in enumerate(lines) if text.strip() == GROWING_LINE)
    found = analyze(recording, workspace=workspace).findings
    (finding,) = (each for each in found if each.severity is Severity.WARNING)
    place = finding.location
    assert place is not None
    assert place.span is not None
    assert (finding.root, place.path, place.span.start.line) == (
        ROOT_NAME,
        str(workspace / FILE),
        line,
    )
    assert finding.growth_per_request == pytest.approx(BYTES_PER_REQUEST, rel=0.05)


def assert_rounds_of_at_least(requests: int, recording: Recording) -> None:
    counts = [each.requests or 0 for each in recording.rounds]
    assert all(after - before >= requests for before, after in pairwise([0, *counts])), counts


@asynccontextmanager
async def traffic(url: str) -> AsyncIterator[None]:
    """Others' requests, two at a time, all the while."""

    async def send(lane: int) -> None:
        async with aiohttp.ClientSession() as client:
            for number in count():
                async with client.get(f"{url}lane-{lane}/{number}") as response:
                    assert response.status == 200
                await asyncio.sleep(0.01)

    lanes = [asyncio.create_task(send(lane)) for lane in range(2)]
    try:
        yield
    finally:
        for lane in lanes:
            lane.cancel()
        results = await asyncio.gather(*lanes, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in results), results


@pytest.mark.parametrize("runtime", SERVERS)
async def test_same_leak_under_every_server(runtime: str, tmp_path: Path) -> None:
    if runtime in SEVERAL and sys.platform != "linux":
        pytest.skip("only /proc shows where workerd's own inspector is")
    async with SERVERS[runtime](tmp_path) as program:
        recording = await measure(
            inspector=program.inspector,
            load=LoadPlan(url=f"{program.url}{{i}}", requests=REQUESTS),
            rounds=ROUNDS,
            workspace=program.workspace,
            on_progress=lambda _: None,
        )
        assert [each.requests for each in recording.rounds] == [50, 100, 150]
        assert_same_leak(recording, program.workspace)
        assert_tells_of_other_workers(runtime, recording)
        if runtime not in WATCHED:
            return
        async with traffic(program.url):
            watched = await measure(
                inspector=program.inspector,
                load=Observation(requests=REQUESTS),
                rounds=ROUNDS,
                workspace=program.workspace,
                on_progress=lambda _: None,
            )
        assert_same_leak(watched, program.workspace)
        assert_rounds_of_at_least(REQUESTS, watched)
        # It runs on, and no breakpoint is left that would stop it.
        async with aiohttp.ClientSession() as client, client.get(program.url) as response:
            assert response.status == 200


def assert_tells_of_other_workers(runtime: str, recording: Recording) -> None:
    worker, other = SEVERAL.get(runtime, ("", ""))
    if not worker:
        assert recording.notes == ()
        return
    (note,) = recording.notes
    assert recording.target.title == worker
    assert note.startswith(f"wrangler runs several Workers, and {worker} was measured")
    assert note.endswith(f"/{other}")


async def test_same_leak_on_a_page(tmp_path: Path) -> None:
    async with run_page(copy_programs(tmp_path), "page.html") as program:
        recording = await measure(
            inspector=program.inspector,
            load=PageActions(click="#go", actions=REQUESTS),
            rounds=ROUNDS,
            workspace=program.workspace,
            on_progress=lambda _: None,
        )
    assert recording.target.kind == "page"
    assert_same_leak(recording, program.workspace)


async def test_same_leak_on_a_page_that_is_only_watched(tmp_path: Path) -> None:
    async with run_page(copy_programs(tmp_path), "page.html?busy") as program:
        with pytest.raises(UsageError, match="name the function"):
            await watch_page(program, Observation(requests=REQUESTS))
        watched = await watch_page(program, Observation(requests=REQUESTS, handler="handle"))
    assert_same_leak(watched, program.workspace)
    assert_rounds_of_at_least(REQUESTS, watched)


async def watch_page(program: Program, observation: Observation) -> Recording:
    return await measure(
        inspector=program.inspector,
        load=observation,
        rounds=ROUNDS,
        workspace=program.workspace,
        on_progress=lambda _: None,
    )
