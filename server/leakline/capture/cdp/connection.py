"""Requests, replies and events of the Chrome DevTools Protocol.

:class:`Protocol` knows the messages and does no IO; :class:`Connection` runs it over a
transport.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from leakline.capture.cdp.limits import Limits
from leakline.capture.cdp.transport import Transport
from leakline.errors import InspectorProtocolError, LeaklineError, TargetGone

Params = Mapping[str, object]
EventHandler = Callable[[Params], None]

# wrangler passes on the replies to its own requests (ids from 100,000,000) and to earlier
# clients (which count from 1), so ours begin at a random number between.
_FIRST_ID = 1 << 20
_LAST_ID = 90_000_000

_REPLY_SECONDS = 30.0
# Silence is counted in so many parts: where we ourselves were not let run for a while, that is
# one part, not silence.
_TICKS = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one of our requests.

    Attributes:
        id: The request's id.
        result: What it gave; empty when it gave nothing (wrangler's ``takeHeapSnapshot``).
        error: The inspector's message when it refused; else None.
    """

    id: int
    result: Params
    error: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something the inspector tells on its own."""

    method: str
    params: Params


class Protocol:
    """Writes requests and reads messages."""

    def __init__(self) -> None:
        self._next = _FIRST_ID + secrets.randbelow(_LAST_ID - _FIRST_ID)
        self._ours: set[int] = set()

    def request(self, method: str, params: Params) -> tuple[int, str]:
        """Write a request.

        Returns:
            Its id and its text.
        """
        self._next += 1
        self._ours.add(self._next)
        return self._next, json.dumps({"id": self._next, "method": method, "params": params})

    def read(self, text: str) -> Reply | Event | None:
        """Read a message.

        Returns:
            A reply to one of our requests, or an event; None for a reply to another client.

        Raises:
            InspectorProtocolError: It is not a message of the protocol.
        """
        try:
            message = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InspectorProtocolError("the inspector sent something that is not JSON") from error
        if not isinstance(message, dict):
            raise InspectorProtocolError("the inspector sent JSON that is no message")
        # workerd's replies carry `id` and `method` both: the id decides.
        if "id" in message:
            return self._reply(message)
        method, params = message.get("method"), message.get("params", {})
        if not isinstance(method, str) or not isinstance(params, dict):
            raise InspectorProtocolError("the inspector sent a message without a method")
        return Event(method, params)

    def _reply(self, message: dict[str, object]) -> Reply | None:
        ident = message["id"]
        if not isinstance(ident, int) or ident not in self._ours:
            return None
        self._ours.discard(ident)
        error = message.get("error")
        if error is not None:
            told = error.get("message") if isinstance(error, dict) else error
            return Reply(ident, {}, str(told)[:200])
        result = message.get("result", {})
        if not isinstance(result, dict):
            raise InspectorProtocolError("the inspector sent a reply whose result is no object")
        return Reply(ident, cast("Params", result), None)


class Connection:
    """Calls over a transport.

    One task reads; events are handled in it, in order, before the next message is read, so
    that a slow disk slows the inspector down and memory stays flat. The first failure (of
    the network, of the protocol, of an event's handler) ends every call that waits and
    every later one.

    Attributes:
        limits: How long steps may take.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._protocol = Protocol()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._handlers: dict[str, EventHandler] = {}
        self._failure: LeaklineError | None = None
        self._messages = 0  # heard so far
        self._sending: set[asyncio.Task[None]] = set()
        self.limits = Limits()
        self._reader = asyncio.create_task(self._read(), name="inspector reader")

    def on(self, method: str, handler: EventHandler) -> None:
        """Have an event handled; one handler for each."""
        self._handlers[method] = handler

    async def call(
        self, method: str, params: Params | None = None, *, silence: float | None = None
    ) -> Params:
        """Ask something and wait for the answer.

        Args:
            method: Such as ``Debugger.enable``.
            params: Its parameters.
            silence: Seconds for which the inspector may send nothing at all; None for 30, and
                more for a large heap.

        Returns:
            The reply's result.

        Raises:
            InspectorProtocolError: It refused, or said nothing for too long.
            CaptureError: The connection failed.
        """
        ident, text = self._protocol.request(method, params or {})
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[ident] = reply
        if silence is None:
            silence = self.limits.seconds(_REPLY_SECONDS)
        try:
            await self._send(text)
            silent = 0
            while not reply.done():
                heard = self._messages
                await asyncio.wait([reply], timeout=silence / _TICKS)
                silent = silent + 1 if self._messages == heard else 0
                if silent >= _TICKS and not reply.done():
                    raise InspectorProtocolError(
                        f"the inspector did not answer {method} for {silence:.0f} s",
                        "is the program paused in a debugger?",
                    )
            answer = reply.result()
        finally:
            self._waiting.pop(ident, None)
            if reply.done() and not reply.cancelled():
                reply.exception()  # seen, also where sending failed first
        if answer.error is not None:
            raise InspectorProtocolError(f"the inspector refused {method} ({answer.error})")
        return answer.result

    async def tell(self, method: str, params: Params | None = None) -> None:
        """Ask something whose answer does not matter."""
        await self._send(self._protocol.request(method, params or {})[1])

    def tell_soon(self, method: str, params: Params | None = None) -> None:
        """Ask something from within an event's handler, which cannot wait.

        Where it cannot be sent, reading ends as well, and says so.
        """
        sending = asyncio.create_task(self.tell(method, params))
        self._sending.add(sending)
        sending.add_done_callback(self._sent)

    def abandon(self, error: LeaklineError) -> None:
        """End the calls that wait now; the connection stays."""
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(error)

    def fail(self, error: LeaklineError) -> None:
        """End the calls that wait now and every later one, unless they have ended already."""
        if self._failure is None:
            self._failure = error
            self.abandon(error)

    def check(self) -> None:
        """Raise the error that the connection failed with, if it did."""
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        """End the connection."""
        tasks = [self._reader, *self._sending]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await self._transport.close()

    def _sent(self, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        if not sending.cancelled():
            sending.exception()

    async def _send(self, text: str) -> None:
        self.check()
        await self._transport.send(text)

    async def _read(self) -> None:
        try:
            while True:
                self._handle(self._protocol.read(await self._transport.receive()))
        except LeaklineError as error:
            self.fail(error)
        except Exception as error:
            self.fail(TargetGone(f"reading from the inspector failed ({error})"))
            raise

    def _handle(self, message: Reply | Event | None) -> None:
        self._messages += 1
        if isinstance(message, Event):
            handler = self._handlers.get(message.method)
            if handler is not None:
                handler(message.params)
        elif message is not None:
            reply = self._waiting.get(message.id)
            if reply is not None and not reply.done():
                reply.set_result(message)
