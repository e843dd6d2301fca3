"""The command that starts the program to measure, in a process group of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import signal
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from leakline.errors import CommandFailed

_LISTENING = re.compile(rb"Debugger listening on (wss?://[^\s\x00-\x1f]+)")
# What Node says about its inspector explains nothing.
_NOISE = re.compile(
    rb"Debugger (listening|ending) on |For help, see: https://nodejs|Debugger attached\.|"
    rb"Waiting for the debugger to disconnect"
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_KEPT_LINES = 8
_MAX_LINE_BYTES = 4096
_MAX_LINE_SHOWN = 200

# How long a program may take to end after each signal. wrangler takes one to two seconds.
_GRACE = ((signal.SIGINT, 5.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 2.0))
_POLL_SECONDS = 0.05


class Command:
    """A running command.

    Its output is read all the time (a full pipe would stop it) and its last lines are kept.
    Leaving the ``with`` block ends its whole process group.

    Attributes:
        shown: The command as a shell would take it.
        announced: Inspector URLs that it printed, oldest first.
    """

    def __init__(self, arguments: Sequence[str], directory: Path) -> None:
        self.shown = shlex.join(arguments)
        self.announced: list[str] = []
        self._arguments = tuple(arguments)
        self._directory = directory
        self._output = _Output(self.announced)
        self._process: asyncio.subprocess.Process | None = None
        self._pipe: asyncio.BaseTransport | None = None

    async def __aenter__(self) -> Self:
        """Start it.

        Raises:
            CommandFailed: It could not be started.
        """
        starting = asyncio.create_task(self._start())
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Cancelled half-way, the new process would be nobody's to end.
            await asyncio.wait([starting])
            if starting.exception() is None:
                await self.stop()
            raise
        return self

    async def _start(self) -> None:
        reading, writing = os.pipe()
        output = os.fdopen(reading, "rb", buffering=0)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                cwd=self._directory,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            output.close()
            why = getattr(error, "strerror", None) or error
            raise CommandFailed(
                f"`{self.shown}` could not be started ({why})", "check the command"
            ) from error
        finally:
            os.close(writing)
        loop = asyncio.get_running_loop()
        self._pipe, _ = await loop.connect_read_pipe(lambda: self._output, output)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def group(self) -> int:
        """Its process group."""
        assert self._process is not None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Its exit status; negative for a signal; None while it runs."""
        return None if self._process is None else self._process.returncode

    async def wait(self) -> int:
        """Wait until it has ended."""
        assert self._process is not None
        return await self._process.wait()

    def ended(self, when: str) -> CommandFailed:
        """The error for a command that ended on its own.

        Args:
            when: What had been waited for, such as ``before its inspector answered``.
        """
        lines = " | ".join(self._output.last_lines())
        return CommandFailed(
            f"`{self.shown}` ended with {_describe(self.status)} {when}",
            f"its last output was: {lines}" if lines else "it printed nothing",
        )

    async def stop(self) -> None:
        """End its process group: SIGINT, then SIGTERM, then SIGKILL."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            for number, seconds in _GRACE:
                if not _signal_group(process.pid, number):
                    break
                if await _group_ends(process.pid, seconds):
                    break
            await process.wait()
        except BaseException:
            _signal_group(process.pid, signal.SIGKILL)
            raise
        finally:
            self._process = process
            if self._pipe is not None:
                self._pipe.close()
                self._pipe = None


class _Output(asyncio.Protocol):
    """What the command prints, standard output and error together."""

    def __init__(self, announced: list[str]) -> None:
        self._announced = announced
        self._lines: deque[bytes] = deque(maxlen=_KEPT_LINES)
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-_MAX_LINE_BYTES:]
        for line in lines:
            if match := _LISTENING.search(line):
                self._announced.append(match[1].decode("ascii", "replace"))
            if line.strip() and not _NOISE.match(line):
                self._lines.append(line[:_MAX_LINE_BYTES])

    def last_lines(self) -> list[str]:
        lines = [*self._lines, self._rest]
        texts = (_ESCAPES.sub("", line.decode("utf-8", "replace")).strip() for line in lines)
        return [text[:_MAX_LINE_SHOWN] for text in texts if text][-_KEPT_LINES:]


def _describe(status: int | None) -> str:
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-status).name}"
    return f"status {status}"


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group; False when there is none left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS says "permission" for a group of zombies.
        return False
    return True


async def _group_ends(group: int, seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        if not _signal_group(group, 0) or _only_zombies(group):
            return True
        await asyncio.sleep(_POLL_SECONDS)
    return False


def _only_zombies(group: int) -> bool:
    """Tell whether all of a group has ended, where ``/proc`` shows it (proc(5)).

    In a container without an init process nobody collects orphans: their group stays.
    """
    members = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state parent group ...", and a name may hold anything.
            state, _, its_group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue  # it ended just now
        if int(its_group) == group:
            members += 1
            if state not in "ZX":
                return False
    return members > 0
