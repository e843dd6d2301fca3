"""Long work leaves the event loop to others, and ends where it is cancelled."""

from __future__ import annotations

import asyncio
import time

import pytest

from leakline.turns import Steps, at_once, in_turns


def slow(done: list[int], steps: int, started: asyncio.Event | None = None) -> Steps[str]:
    if started is not None:
        started.set()
    for number in range(steps):
        yield
        until = time.perf_counter() + 0.001
        while time.perf_counter() < until:
            pass
        done.append(number)
    return "all"


async def test_others_have_their_turn_between_the_steps() -> None:
    done: list[int] = []
    seen: list[int] = []

    async def answer() -> None:
        # As many ways through the loop as a request takes, and more.
        for _ in range(10):
            await asyncio.sleep(0)
        seen.append(len(done))

    started = asyncio.Event()
    working = asyncio.create_task(in_turns(slow(done, 100, started)))
    await started.wait()
    await answer()
    assert seen[0] < 100
    assert await working == "all"
    assert done == list(range(100))


async def test_a_cancelled_work_does_no_more_steps() -> None:
    done: list[int] = []
    started = asyncio.Event()
    working = asyncio.create_task(in_turns(slow(done, 100, started)))
    await started.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert 0 < len(done) < 100


def test_at_once_is_the_same_without_a_pause() -> None:
    done: list[int] = []
    assert at_once(slow(done, 3)) == "all"
    assert done == [0, 1, 2]
