"""The command's process group, in the cases that only some machines have."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leakline.capture.command import Command, _group_ends
from support.processes import group_members


def spawn(*command: str) -> subprocess.Popen[bytes]:
    """Start a process that nobody waits for."""
    return subprocess.Popen(command, start_new_session=True)


async def test_zombies_have_ended() -> None:
    if sys.platform != "linux":
        pytest.skip("only /proc shows zombies")
    with spawn("true") as process:
        started = time.monotonic()
        assert await _group_ends(process.pid, 30)  # nobody has waited for it yet
        assert time.monotonic() - started < 10


async def test_a_process_that_runs_has_not_ended() -> None:
    with spawn("sleep", "60") as process:
        assert not await _group_ends(process.pid, 0.3)
        process.kill()


async def test_much_output_does_not_stop_the_command(tmp_path: Path) -> None:
    chatty = "print('x' * 5_000_000); print('the last line')"
    async with Command([sys.executable, "-c", chatty], tmp_path) as command:
        assert await command.wait() == 0
        for _ in range(1200):
            told = str(command.ended("early"))
            if told.endswith("the last line"):
                break
            await asyncio.sleep(0.05)
    assert told.endswith(" | the last line")
    assert len(told) < 2000


async def test_stopping_twice_and_after_the_end_is_harmless(tmp_path: Path) -> None:
    async with Command(["sleep", "60"], tmp_path) as command:
        await command.stop()
        assert command.status == -2
        await command.stop()
    assert group_members(command.group) == []
