"""The parent's side: starts the child, asks it, kills it, starts it again."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from leakline.config.project import ProjectConfig
from leakline.errors import LeaklineError, WorkerError
from leakline.leaks.model import Finding
from leakline.pipeline.model import Analysis
from leakline.progress import OnProgress, Progress
from leakline.turns import Turns
from leakline.worker.frames import (
    Crash,
    HeapAnswer,
    HeapQuestion,
    Request,
    SomeFindings,
    pack,
    read_reply,
)

_log = logging.getLogger(__name__)

# -P: the child is often started in the user's workspace, which must not become a place that
# modules are imported from.
_COMMAND = (sys.executable, "-P", "-m", "leakline.worker")

_DEFAULTS = ProjectConfig()


class AnalysisWorker:
    """One child process that analyses recordings, one after the other.

    The child is started when it is first needed (or by :meth:`warm`) and stays. It is killed
    when an analysis is cancelled. A new one is started at once, after one that died too, if
    that one had answered before: what cannot start is not tried again and again. Use it from
    one event loop.

    Args:
        on_restart: Told, in one sentence, when a child that had nothing to do died and was
            started again. Of one that died at work the error tells.
    """

    def __init__(self, on_restart: Callable[[str], object] = lambda _text: None) -> None:
        self._on_restart = on_restart
        self._child: Process | None = None
        self._turn = asyncio.Lock()
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._answered = False
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id; None while there is none that lives as far as we know."""
        child = self._child
        return None if child is None or child.returncode is not None else child.pid

    async def warm(self) -> None:
        """Start the child now, so that the first analysis need not wait for its imports.

        Raises:
            WorkerError: The child cannot be started.
        """
        async with self._turn:
            await self._living_child()

    async def analyze(
        self,
        recording: Path | Sequence[Path],
        *,
        workspace: Path | None,
        config: ProjectConfig = _DEFAULTS,
        on_progress: OnProgress,
    ) -> Analysis:
        """Analyse a recording in the child.

        Args:
            recording: A recording's directory, or snapshot files oldest first.
            workspace: The workspace whose files the findings should point into.
            config: What the workspace says about itself.
            on_progress: Called on the event loop.

        Raises:
            LeaklineError: What the analysis raised, as itself.
            WorkerError: The child could not start, died, or met an error nobody foresaw.
        """
        paths = (recording,) if isinstance(recording, Path) else tuple(recording)
        absolute = tuple(path.absolute() for path in paths)
        analysis = await self._exchange(pack(Request(absolute, workspace, config)), on_progress)
        assert isinstance(analysis, Analysis)
        return analysis

    async def ask(self, question: HeapQuestion, *, on_progress: OnProgress) -> Any:  # noqa: ANN401
        """Ask the child for a view of snapshots, which it keeps loaded.

        Args:
            question: The view.
            on_progress: Called on the event loop while a snapshot is loaded.

        Returns:
            Plain JSON.

        Raises:
            LeaklineError: What the view raised, as itself.
            WorkerError: The child could not start, died, or met an error nobody foresaw.
        """
        reply = await self._exchange(pack(question), on_progress)
        assert isinstance(reply, HeapAnswer)
        return reply.data

    async def _exchange(self, request: bytes, on_progress: OnProgress) -> Analysis | HeapAnswer:
        def heard(progress: Progress) -> None:
            # One that says how far it is can start; if it dies now, another is worth a try.
            self._answered = True
            on_progress(progress)

        async with self._turn:
            child = await self._living_child()
            try:
                answer = await _ask(child, request, heard)
                self._answered = True
                return answer
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                self._child = None
                problem, advice = await _obituary(child)
                if self._answered and not self._closed:
                    self._start_again()
                    problem = f"{problem} and is started again"
                raise WorkerError(problem, advice) from error
            except LeaklineError:
                self._answered = True
                raise
            except BaseException:
                # Cancelled, or `on_progress` raised: the child is busy with what nobody wants.
                self._child = None
                await asyncio.shield(_kill(child))
                if not self._closed:
                    self._start_again()
                raise

    async def close(self) -> None:
        """End the child. Nothing can be analysed afterwards."""
        self._closed = True
        for task in (self._starting, self._watching):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        child, self._child = self._child, None
        if child is not None:
            await asyncio.shield(_kill(child))

    def _start_again(self) -> None:
        self._answered = False
        self._starting = asyncio.create_task(self._restart())

    async def _watch(self, child: Process) -> None:
        """Wait for a child to die that has nothing to do."""
        await child.wait()
        async with self._turn:
            if self._child is not child or not self._answered:
                return
            self._child = None
            problem, _ = await _obituary(child)
        self._on_restart(f"{problem} and is started again")
        self._start_again()

    async def _restart(self) -> None:
        try:
            await self.warm()
        except WorkerError as error:
            # The next analysis says it to somebody.
            _log.warning("%s", error)

    async def _living_child(self) -> Process:
        if self._closed:
            raise WorkerError("the analysis process has been closed")
        if self._child is None or self._child.returncode is not None:
            if self._watching is not None:
                self._watching.cancel()
            self._child = await _start()
            self._watching = asyncio.create_task(self._watch(self._child))
        return self._child


async def _start() -> Process:
    try:
        # A session of its own: Ctrl-C in the terminal is the parent's to handle.
        return await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=PIPE, stdout=PIPE, start_new_session=True
        )
    except OSError as error:
        raise WorkerError(
            f"the analysis process could not be started ({error.strerror})",
            f"check that {sys.executable} can run",
        ) from error


async def _ask(child: Process, request: bytes, on_progress: OnProgress) -> Analysis | HeapAnswer:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(request)
    await child.stdin.drain()
    findings: list[Finding] = []
    ignored: list[Finding] = []
    turns = Turns()
    while True:
        reply = await read_reply(child.stdout)
        match reply:
            case Progress():
                on_progress(reply)
            case SomeFindings():
                findings += reply.findings
                ignored += reply.ignored
                # All may have arrived, and is then read without a wait: others want their turn.
                await turns.give_way()
            case Analysis():
                return replace(reply, findings=tuple(findings), ignored=tuple(ignored))
            case HeapAnswer():
                return reply
            case LeaklineError():
                raise reply
            case Crash():
                _log.error("the analysis failed\n%s", reply.traceback)
                raise WorkerError(
                    f"the analysis failed with {reply.summary}",
                    "please report it together with the log",
                )


async def _obituary(child: Process) -> tuple[str, str]:
    """Problem and advice for a child that has ended without an answer."""
    with suppress(TimeoutError):
        # It has closed its pipe; give it time to say its status before it is made to end.
        await asyncio.wait_for(child.wait(), timeout=1)
    await _kill(child)
    status = child.returncode
    if status == -9:
        return (
            "the analysis process was killed",
            "the heap may be too large for this machine's memory; try again with others closed",
        )
    how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
    return f"the analysis process ended with {how}", "try again"


async def _kill(child: Process) -> None:
    with suppress(ProcessLookupError):
        child.kill()
    await child.wait()
    # Reading to the end lets asyncio close the pipes.
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    while await child.stdout.read(1 << 16):
        pass
