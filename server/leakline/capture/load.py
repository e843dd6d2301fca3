"""Requests to the program that is measured, one after the other, so that growth is exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from leakline.capture.targets import is_loopback
from leakline.errors import LoadFailed, UsageError

REQUEST_SECONDS = 30.0
_FIRST_ERROR_STATUS = 400


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """The requests of one round.

    ``{i}`` in the URL, in a header's value and in the body is replaced by the request's
    number, counted from 0 over all rounds.

    Attributes:
        url: An ``http://`` or ``https://`` URL.
        method: The HTTP method.
        headers: Names and values.
        body: The body; None for none.
        requests: Requests in one round.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    requests: int = 100

    def address(self) -> tuple[str, int]:
        """Give host and port of the URL.

        Raises:
            UsageError: The URL is none for HTTP.
        """
        advice = "give one such as http://127.0.0.1:8787/"
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{self.url!r} is not a URL", advice) from error
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(f"{self.url!r} is not an http:// or https:// URL", advice)
        return host, port or (443 if parts.scheme == "https" else 80)

    def check(self) -> None:
        """Refuse a plan that makes no sense.

        Raises:
            UsageError: The URL, the method, a header or the number of requests is invalid.
        """
        self.address()
        if self.requests < 1:
            raise UsageError(f"{self.requests} requests per round are too few", "give at least 1")
        if not self.method.isascii() or not self.method.isalpha():
            raise UsageError(f"{self.method!r} is not an HTTP method")
        for name, value in self.headers:
            if not name or any(c in name + value for c in "\r\n\0"):
                raise UsageError(f"the header {name!r} is invalid")


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of one round's requests.

    Attributes:
        requests: Requests answered.
        statuses: How often each status of 400 and above was answered.
    """

    requests: int
    statuses: tuple[tuple[int, int], ...] = ()

    @property
    def errors(self) -> int:
        """Requests answered with a status of 400 or above."""
        return sum(count for _, count in self.statuses)


async def send_round(plan: LoadPlan, first: int, on_request: Callable[[int], None]) -> LoadResult:
    """Send one round's requests, each after the answer to the one before.

    Connections are kept alive within the round and closed after it: a snapshot takes long
    enough for the program to close an idle one.

    Args:
        plan: What to send.
        first: The first request's number.
        on_request: Gets how many have been answered.

    Raises:
        LoadFailed: A request did not get through.
    """
    host, _ = plan.address()
    statuses: Counter[int] = Counter()
    # A development server on this machine has a certificate of its own.
    connector = aiohttp.TCPConnector(ssl=not is_loopback(host))
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    ) as client:
        for done in range(plan.requests):
            status = await _send(client, plan, first + done)
            if status >= _FIRST_ERROR_STATUS:
                statuses[status] += 1
            on_request(done + 1)
    return LoadResult(plan.requests, tuple(sorted(statuses.items())))


def all_failed(plan: LoadPlan, result: LoadResult) -> LoadFailed | None:
    """The error for a round in which every answer was an error; else None."""
    if result.errors < result.requests:
        return None
    told = ", ".join(f"{status}" for status, _ in result.statuses)
    return LoadFailed(
        f"{plan.url} answered all {result.requests} requests with errors (status {told})",
        "check the URL, the method and the program's own log",
    )


async def _send(client: aiohttp.ClientSession, plan: LoadPlan, number: int) -> int:
    mark = str(number)
    url = plan.url.replace("{i}", mark)
    try:
        async with client.request(
            plan.method,
            url,
            headers=[(name, value.replace("{i}", mark)) for name, value in plan.headers],
            data=None if plan.body is None else plan.body.replace(b"{i}", mark.encode()),
            allow_redirects=False,  # a redirect is an answer; following it would be another request
        ) as response:
            async for _ in response.content.iter_any():
                pass
            return response.status
    except aiohttp.ClientConnectorError as error:
        raise LoadFailed(
            f"{url} refuses connections", "check that the program listens there"
        ) from error
    except TimeoutError as error:
        raise LoadFailed(
            f"{url} did not answer within {REQUEST_SECONDS:.0f} s", "check the program's own log"
        ) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise LoadFailed(
            f"the request to {url} failed ({error or type(error).__name__})",
            "check the program's own log",
        ) from error
