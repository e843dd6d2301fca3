"""Leakline's own requests to the program that is measured."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp

from leakline.capture.addresses import is_loopback
from leakline.capture.cdp import Session
from leakline.capture.request import Request
from leakline.capture.targets import TargetInfo
from leakline.capture.traffic import LoadResult, Report, all_failed
from leakline.errors import LoadFailed, UsageError
from leakline.recording import Load

REQUEST_SECONDS = 30.0
_FIRST_ERROR_STATUS = 400
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """The requests of one round.

    Attributes:
        url: As in :class:`~leakline.capture.request.Request`, like the next three.
        method: The HTTP method.
        headers: Names and values.
        body: The body; None for none.
        requests: Requests in one round.
        more: Further requests that take turns with the first, in this order.
        at_once: How many requests wait for their answers at the same time. With 1, each is
            sent after the answer to the one before.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    requests: int = 100
    more: tuple[Request, ...] = ()
    at_once: int = 1

    @classmethod
    def of(cls, turns: Sequence[Request], *, requests: int, at_once: int = 1) -> LoadPlan:
        """Make a plan of requests that take turns; at least one."""
        first, *more = turns
        return cls(
            first.url,
            first.method,
            first.headers,
            first.body,
            requests,
            tuple(more),
            at_once,
        )

    @property
    def turns(self) -> tuple[Request, ...]:
        """The requests that take turns; at least one."""
        return (Request(self.url, self.method, self.headers, self.body), *self.more)

    @property
    def load(self) -> Load:
        """What a round is, for the recording."""
        return Load(of=tuple(sorted({request.told for request in self.turns})))

    def address(self) -> tuple[str, int]:
        """Give host and port of the first URL.

        Raises:
            UsageError: The URL is none for HTTP.
        """
        return self.turns[0].address()

    def check(self) -> None:
        """Refuse a plan that makes no sense.

        Raises:
            UsageError: A request or a number is invalid.
        """
        for request in self.turns:
            request.check()
        if self.requests < 1:
            raise UsageError(f"{self.requests} requests per round are too few", "give at least 1")
        if not 1 <= self.at_once <= _MOST_AT_ONCE:
            raise UsageError(
                f"{self.at_once} requests at once make no sense", f"give 1 to {_MOST_AT_ONCE}"
            )

    def traffic(self, target: TargetInfo) -> _OwnTraffic:
        """Give what sends the requests."""
        del target
        return _OwnTraffic(self)


class _OwnTraffic:
    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan

    async def begin(self, session: Session) -> None:
        del session

    async def run(self, session: Session, first: int, report: Report) -> LoadResult:
        plan = self._plan
        text = f"{report.name}: sending {plan.requests} requests"
        answered = 0

        def on_request() -> None:
            nonlocal answered
            answered += 1
            session.check()
            report(text, answered / plan.requests)

        session.check()
        report(text, 0.0)
        sending = _Round(plan, first, on_request, session.limits.seconds(REQUEST_SECONDS))
        result = await sending.send()
        failure = all_failed(plan.url, result)
        if failure is not None:
            raise failure
        if result.errors:
            report(f"{report.name}: {result.told}", 1.0)
        return result

    async def late(self, session: Session) -> int:
        del session
        return 0

    async def end(self, session: Session) -> None:
        del session


class _Round:
    """One round's requests.

    Connections are kept alive within the round and closed after it: a snapshot takes long
    enough for the program to close an idle one.
    """

    def __init__(
        self, plan: LoadPlan, first: int, on_request: Callable[[], None], seconds: float
    ) -> None:
        self._seconds = seconds
        self._turns = plan.turns
        self._at_once = plan.at_once
        self._numbers = iter(range(first, first + plan.requests))
        self._requests = plan.requests
        self._on_request = on_request
        self._statuses: Counter[int] = Counter()

    async def send(self) -> LoadResult:
        """Send them all.

        Raises:
            LoadFailed: One did not get through; none is under way any more.
        """
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._at_once),
            timeout=aiohttp.ClientTimeout(total=self._seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        ) as client:
            lanes = [asyncio.ensure_future(self._lane(client)) for _ in range(self._at_once)]
            try:
                await asyncio.gather(*lanes)
            finally:
                for lane in lanes:
                    lane.cancel()
                await asyncio.wait(lanes)
        return LoadResult(self._requests, tuple(sorted(self._statuses.items())))

    async def _lane(self, client: aiohttp.ClientSession) -> None:
        for number in self._numbers:
            request = self._turns[number % len(self._turns)]
            status = await _send(client, request.filled(number), self._seconds)
            if status >= _FIRST_ERROR_STATUS:
                self._statuses[status] += 1
            self._on_request()


async def _send(client: aiohttp.ClientSession, request: Request, seconds: float) -> int:
    host, _ = request.address()
    try:
        async with client.request(
            request.method,
            request.url,
            headers=list(request.headers),
            data=request.body,
            allow_redirects=False,  # a redirect is an answer; following it would be another request
            ssl=not is_loopback(host),  # a development server here has a certificate of its own
        ) as response:
            async for _ in response.content.iter_any():
                pass
            return response.status
    except aiohttp.ClientConnectorError as error:
        raise LoadFailed(
            f"{request.url} refuses connections", "check that the program listens there"
        ) from error
    except TimeoutError as error:
        raise LoadFailed(
            f"{request.url} did not answer within {seconds:.0f} s",
            "check the program's own log",
        ) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise LoadFailed(
            f"the request to {request.url} failed ({error or type(error).__name__})",
            "check the program's own log",
        ) from error
