"""A program under load that is not there: a web server for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web


class WebServer:
    """A server that answers everything with one status, and remembers what was asked.

    Attributes:
        status: What it answers.
        files: Paths that have a body of their own, answered with 200.
        redirects: Paths that lead to others.
        requests: Method, path with query, headers and body of each request.
        on_request: Called before each answer, if set.
        seconds: How long each answer takes.
        most_at_once: The most requests that were waiting for their answers at one time.
    """

    def __init__(self) -> None:
        self.status = 200
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.on_request: Callable[[int], None] | None = None
        self.seconds = 0.0
        self.most_at_once = 0
        self._waiting = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((request.method, request.path_qs, dict(request.headers), body))
        if self.on_request is not None:
            self.on_request(len(self.requests))
        self._waiting += 1
        self.most_at_once = max(self.most_at_once, self._waiting)
        await asyncio.sleep(self.seconds)
        self._waiting -= 1
        if request.path in self.files:
            return web.Response(body=self.files[request.path])
        if request.path in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[request.path]})
        return web.Response(status=self.status, text="answer")


@asynccontextmanager
async def serve() -> AsyncIterator[WebServer]:
    """Run a web server on a free port of loopback."""
    server = WebServer()
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()
