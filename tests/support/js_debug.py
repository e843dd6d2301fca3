"""VS Code's debugger as it shares its connection, on a real program.

js-debug (``src/adapter/cdpProxy.ts``, version 1.105) holds one session with the program and
hands on what its clients ask: replies as they are, events only to those who subscribed,
``scriptParsed`` never again for the scripts that it has been told of.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from leakline.capture.addresses import parse_inspector
from leakline.capture.finding import choose_target

_PATH = "/0123456789abcdef0123456789abcdef01234567"


class Debugger:
    """The debugger's own session.

    Attributes:
        events: Every event's method, as the debugger saw it.
    """

    def __init__(self, program: ClientConnection) -> None:
        self.events: list[str] = []
        self._program = program
        self._last = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._subscribed: list[tuple[str, ServerConnection]] = []

    async def ask(self, method: str, params: object) -> dict[str, Any]:
        """Ask the program; gives its whole reply."""
        self._last += 1
        reply = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        await self._program.send(
            json.dumps({"id": self._last, "method": method, "params": params or {}})
        )
        return await reply

    async def read(self) -> None:
        async for text in self._program:
            message = json.loads(text)
            reply = self._waiting.pop(message.get("id", 0), None)
            if reply is not None:
                if not reply.done():  # else who asked has left
                    reply.set_result(message)
            elif "method" in message and "id" not in message:
                self.events.append(message["method"])
                for method, client in self._subscribed:
                    if method == message["method"]:
                        await _pass_on(client, message)

    async def share(self, client: ServerConnection) -> None:
        """Serve one client of the proxy."""
        asked: set[asyncio.Task[None]] = set()
        try:
            async for text in client:
                # Each request is answered when its answer is there, as in js-debug.
                task = asyncio.create_task(self._answer(client, json.loads(text)))
                asked.add(task)
                task.add_done_callback(asked.discard)
        finally:
            self._subscribed = [each for each in self._subscribed if each[1] is not client]
            for task in asked:
                task.cancel()

    async def _answer(self, client: ServerConnection, message: dict[str, Any]) -> None:
        method, params = message["method"], message.get("params")
        reply: dict[str, Any] = {"id": message["id"]}
        if method == "JsDebug.subscribe":
            self._subscribed += [(event, client) for event in params["events"]]
            reply["result"] = {}
        else:
            answer = await self.ask(method, params)
            reply |= {key: answer[key] for key in ("result", "error") if key in answer}
            if len(reply) == 1:
                return  # js-debug waits for ever for a result that workerd does not give
        await _pass_on(client, reply)


async def _pass_on(client: ServerConnection, message: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionClosed):  # the client has left
        await client.send(json.dumps(message))


@asynccontextmanager
async def share_connection(inspector: str) -> AsyncIterator[tuple[str, Debugger]]:
    """Attach a debugger to a program and let it share its connection.

    Args:
        inspector: The program's inspector.

    Yields:
        The URL that ``extension.js-debug.requestCDPProxy`` would give, and the debugger.
    """
    target = await choose_target(parse_inspector(inspector))
    async with connect(
        target.web_socket_url,
        max_size=None,
        ping_interval=None,
        compression=None,
        proxy=None,
        user_agent_header=None,
        close_timeout=0.5,
    ) as program:
        debugger = Debugger(program)
        reading = asyncio.create_task(debugger.read())
        try:
            for method in ("Runtime.enable", "Debugger.enable"):
                await debugger.ask(method, {})
            # js-debug's server compresses.
            async with serve(
                debugger.share,
                "127.0.0.1",
                0,
                max_size=None,
                compression="deflate",
                close_timeout=0.5,
            ) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                yield f"ws://127.0.0.1:{port}{_PATH}", debugger
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
