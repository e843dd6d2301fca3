"""Allocations are tracked in the last round only, and the program is left as it was."""

from __future__ import annotations

from pathlib import Path

from leakline.capture import LoadPlan, measure
from leakline.recording import Recording
from support.inspectors import Client, FakeInspector, Message
from support.webserver import WebServer

START = "HeapProfiler.startTrackingHeapObjects"
TAKE = "HeapProfiler.takeHeapSnapshot"
END = "HeapProfiler.disable"


async def run(inspector: FakeInspector, server: WebServer, workspace: Path) -> Recording:
    return await measure(
        inspector=inspector.address,
        load=LoadPlan(url=server.url, requests=5),
        rounds=2,
        workspace=workspace,
        on_progress=lambda _: None,
    )


async def test_the_last_round_is_tracked(server: WebServer, tmp_path: Path) -> None:
    answered: list[int] = []

    async def note(client: Client, message: Message) -> None:
        answered.append(len(server.requests))
        await inspector.answer(client, message)

    async with FakeInspector(HeapProfiler_startTrackingHeapObjects=note) as inspector:
        await run(inspector, server, tmp_path)
        methods = [each for each in inspector.methods() if each.startswith("HeapProfiler.")]
        (start,) = [each for each in inspector.received if each["method"] == START]
    assert answered == [10]
    assert start["params"] == {"trackAllocations": True}
    assert methods == [TAKE, TAKE, START, TAKE, END]


async def test_nothing_is_asked_between_the_last_answer_and_the_snapshot(
    server: WebServer, tmp_path: Path
) -> None:
    """An idle program's stacks are forgotten, see docs/decisions/allocation-stacks.md."""
    async with FakeInspector() as inspector:
        await run(inspector, server, tmp_path)
        methods = inspector.methods()
    at = methods.index(START)
    assert methods[at : at + 2] == [START, TAKE]


async def test_a_runtime_that_refuses_is_measured_without_stacks(
    server: WebServer, tmp_path: Path
) -> None:
    async def refuse(client: Client, message: Message) -> None:
        await client.send({"id": message["id"], "error": {"code": -32601, "message": "no"}})

    async with FakeInspector(HeapProfiler_startTrackingHeapObjects=refuse) as inspector:
        recording = await run(inspector, server, tmp_path)
    assert [each.requests for each in recording.rounds] == [5, 10, 15]


async def test_a_large_heap_is_measured_without_stacks_and_that_is_said(
    server: WebServer, tmp_path: Path
) -> None:
    async def large(client: Client, message: Message) -> None:
        await client.send({"id": message["id"], "result": {"usedSize": 300 << 20}})

    async with FakeInspector(Runtime_getHeapUsage=large) as inspector:
        recording = await run(inspector, server, tmp_path)
        assert START not in inspector.methods()
    assert recording.notes == (
        (
            "allocations were not tracked, for the heap is larger than 256 MB: the growing lines "
            "come from the program's text alone"
        ),
    )
