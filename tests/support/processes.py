"""What runs and what has ended, by process group."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from pathlib import Path


def group_members(group: int) -> list[str]:
    """The processes of a group that run, as ``ps`` lines; zombies have ended."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = (line.split(None, 3) for line in listed.stdout.splitlines())
    return [" ".join(row) for row in rows if int(row[1]) == group and not row[2].startswith("Z")]


async def end_group(group: int, seconds: float = 10.0) -> None:
    """End a process group that a test started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            return
        for _ in range(int(seconds * 10)):
            if not group_members(group):
                return
            await asyncio.sleep(0.1)


def with_pid_file(command: list[str], pid_file: Path) -> list[str]:
    """A command that first writes the id of its process (and so its group) to a file."""
    return ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(pid_file), *command]


def group_of(pid_file: Path) -> int:
    """The process group that :func:`with_pid_file` wrote down."""
    return int(pid_file.read_text())
