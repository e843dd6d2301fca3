"""Traffic that others make: Leakline only watches, and counts the requests.

How requests are counted, by runtime:

- Node: V8's call counts of ``parserOnIncoming``, which Node calls once for each HTTP/1 request,
  and of the constructor of the server's side of an HTTP/2 stream.
- Deno: V8's call counts of the constructor of its own ``InnerRequest``.
- workerd has no Profiler domain, tells nothing of incoming requests (its Network domain is of
  the Worker's own ``fetch`` calls) and evaluates nothing: the debugger stops for a moment at
  the first statement of each function called ``fetch`` and runs on at once. A request passes
  several of them once each (the Worker's, wrangler's around it, a Durable Object's), so that
  the one that was passed most often counts.
- A page has no requests: the user names the function whose calls are counted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from leakline.capture.cdp import Session
from leakline.capture.scripts import is_users
from leakline.capture.targets import TargetInfo
from leakline.capture.traffic import LoadResult, Report
from leakline.config.runtime_urls import is_runtime_url
from leakline.errors import InspectorProtocolError, UsageError
from leakline.recording import Load

_POLL_SECONDS = 0.2
# Functions of the runtime's own, of which one runs once per request: their scripts and names.
_ONCE_PER_REQUEST = {
    "node": (
        ("node:_http_server", "parserOnIncoming"),
        ("node:internal/http2/core", "ServerHttp2Stream"),
    ),
    "deno": (("ext:deno_http/00_serve.ts", "InnerRequest"),),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """When a round ends; the first that comes true ends it.

    Attributes:
        requests: After so many requests; None for no such end.
        seconds: After so long; None for no such end.
        key: Waits for the user's word that the round is over; None for no such end.
        handler: Name of the function whose calls are counted as requests; empty for the
            runtime's own way.
    """

    requests: int | None = None
    seconds: float | None = None
    key: Callable[[], Awaitable[None]] | None = None
    handler: str = ""

    @classmethod
    def until(cls, when: str) -> Observation:
        """Make a plan of what the user writes.

        Args:
            when: A number of requests such as ``100``, or of seconds such as ``30s``.

        Raises:
            UsageError: It is neither.
        """
        try:
            if when.endswith("s"):
                return cls(seconds=float(when[:-1]))
            return cls(requests=int(when))
        except ValueError as error:
            raise UsageError(
                f"{when!r} is neither a number of requests nor seconds", "give 100 or 30s"
            ) from error

    @property
    def load(self) -> Load:
        """What a round is, for the recording."""
        if self.handler:
            return Load("call", (self.handler,), observed=True)
        return Load("request", observed=True)

    def check(self) -> None:
        """Refuse a plan that makes no sense.

        Raises:
            UsageError: A round would never end, or at once; or the name is none.
        """
        if self.requests is None and self.seconds is None and self.key is None:
            raise UsageError("nothing ends a round", "give a number of requests, a time, or a key")
        if (self.requests is not None and self.requests < 1) or (
            self.seconds is not None and self.seconds <= 0
        ):
            raise UsageError("a round would be over at once", "give at least 1 request or second")
        if self.handler and not re.fullmatch(r"[\w$#.]+", self.handler):
            raise UsageError(f"{self.handler!r} is not a function's name")

    def traffic(self, target: TargetInfo) -> _Observer:
        """Give what carries the plan out.

        Raises:
            UsageError: A round is to end by a count, and nothing can be counted.
        """
        counter = _counter(target.kind, self.handler)
        if counter is None and self.requests is not None:
            raise UsageError(
                f"requests cannot be counted on {target.kind} programs by themselves",
                "name the function whose calls count with --handler",
            )
        return _Observer(self, counter)


class _CallCounter(Protocol):
    async def begin(self, session: Session) -> None: ...

    async def count(self, session: Session) -> int:
        """Requests since :meth:`begin`."""

    async def end(self, session: Session) -> None: ...


def _counter(kind: str, handler: str) -> _CallCounter | None:
    if kind == "wrangler":
        return _StopCounter(handler or "fetch")
    if handler or kind in _ONCE_PER_REQUEST:
        return _CoverageCounter(kind, handler)
    return None


class _Observer:
    def __init__(self, plan: Observation, counter: _CallCounter | None) -> None:
        self._plan = plan
        self._counter = counter
        self._seen = 0  # of the requests counted, those of the rounds before

    async def begin(self, session: Session) -> None:
        self._seen = 0
        if self._counter is not None:
            await self._counter.begin(session)

    async def run(self, session: Session, first: int, report: Report) -> LoadResult:
        del first
        loop = asyncio.get_running_loop()
        started = loop.time()
        word = None if self._plan.key is None else asyncio.ensure_future(self._plan.key())
        try:
            while True:
                counted = await self._since(session)
                passed = loop.time() - started
                report(self._text(report.name, counted, passed), self._fraction(counted, passed))
                if self._is_over(counted, passed, word):
                    break
                if word is None:
                    await asyncio.sleep(_POLL_SECONDS)
                else:
                    await asyncio.wait({word}, timeout=_POLL_SECONDS)
                session.check()
            if word is not None and word.done():
                word.result()
        finally:
            if word is not None:
                word.cancel()
                await asyncio.wait({word})
        self._seen += counted or 0
        return LoadResult(counted)

    async def late(self, session: Session) -> int:
        more = await self._since(session) or 0
        self._seen += more
        return more

    async def end(self, session: Session) -> None:
        if self._counter is not None:
            await self._counter.end(session)

    async def _since(self, session: Session) -> int | None:
        if self._counter is None:
            return None
        return await self._counter.count(session) - self._seen

    def _is_over(
        self, counted: int | None, passed: float, word: asyncio.Future[None] | None
    ) -> bool:
        plan = self._plan
        return (
            (plan.requests is not None and counted is not None and counted >= plan.requests)
            or (plan.seconds is not None and passed >= plan.seconds)
            or (word is not None and word.done())
        )

    def _fraction(self, counted: int | None, passed: float) -> float:
        plan = self._plan
        by_count = (counted or 0) / plan.requests if plan.requests else 0.0
        by_time = passed / plan.seconds if plan.seconds else 0.0
        return min(max(by_count, by_time), 1.0)

    def _text(self, name: str, counted: int | None, passed: float) -> str:
        seen = f"{passed:.0f} s" if counted is None else f"{counted} {self._plan.load.unit}s"
        ending = " (Enter ends the round)" if self._plan.key is not None else ""
        return f"{name}: watching, {seen} so far{ending}"


class _CoverageCounter:
    """Counts by V8's own call counts."""

    def __init__(self, kind: str, handler: str) -> None:
        self._of_runtime = None if handler else _ONCE_PER_REQUEST[kind]
        self._handler = handler
        self._counted = 0

    async def begin(self, session: Session) -> None:
        self._counted = 0
        try:
            await session.profiler.start()
        except InspectorProtocolError as error:
            raise InspectorProtocolError(
                "requests cannot be counted: the program has no profiler",
                "let Leakline send them: give --url",
            ) from error

    async def count(self, session: Session) -> int:
        for calls in await session.profiler.take():
            if self._counts(calls.url, calls.function):
                self._counted += calls.count
        return self._counted

    async def end(self, session: Session) -> None:
        await session.profiler.stop()

    def _counts(self, url: str, function: str) -> bool:
        if self._of_runtime is not None:
            return (url, function) in self._of_runtime
        named = function == self._handler or function.endswith(f".{self._handler}")
        return named and not is_runtime_url(url)


class _StopCounter:
    """Counts by stopping for a moment at the first statement of each function of a name."""

    def __init__(self, handler: str) -> None:
        name = re.escape(handler.rpartition(".")[2])
        # A method, a function, or a property or variable that holds one; up to its brace.
        self._start = re.compile(
            rf"(?<![\w$.#]){name}\s*"
            r"(?:[:=]\s*(?:async\b\s*)?(?:function\b\s*[\w$]*\s*)?)?"
            r"\([^(){}]*\)\s*(?:=>\s*)?\{"
        )
        self._handler = handler
        self._known: set[int] = set()

    async def begin(self, session: Session) -> None:
        self._known.clear()
        await session.stops.start()
        await self._look(session)

    async def count(self, session: Session) -> int:
        await self._look(session)
        # The answer comes after the stops before it.
        await session.runtime.heap_used()
        return max(session.stops.hits.values(), default=0)

    async def end(self, session: Session) -> None:
        await session.stops.stop()

    async def _look(self, session: Session) -> None:
        """Find the handlers of scripts that are new: Vite loads them with the first request."""
        for script in list(session.debugger.scripts.values()):
            if script.id in self._known:
                continue
            self._known.add(script.id)
            if not is_users(script):
                continue
            try:
                source = await session.debugger.source(script.id)
                for line, column in self._places(source):
                    await session.stops.add(script.id, line, column)
            except InspectorProtocolError:
                continue  # collected meanwhile, or nothing to stop at

    def _places(self, source: str) -> list[tuple[int, int]]:
        places = []
        for match in self._start.finditer(source):
            before = source[: match.end()]
            line = before.rpartition("\n")[2]
            places.append((before.count("\n"), len(line.encode("utf-16-le")) // 2))
        return places
