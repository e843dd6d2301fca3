"""An inspector that plays back bytes: what a real one does, and what none should."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

SNAPSHOT = (
    '{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],'
    '"edge_fields":["type","name_or_index","to_node"]},"node_count":0,"edge_count":0},\n'
    '"nodes":[],\n"edges":[],\n"strings":["' + "x" * 400 + '"]}\n'
)

Message = dict[str, Any]
Handler = Callable[["Client", Message], Awaitable[None]]


class Client:
    """One web socket of the fake inspector."""

    def __init__(self, writer: asyncio.StreamWriter, protocol: ServerProtocol) -> None:
        self._writer = writer
        self._protocol = protocol

    async def send(self, message: object) -> None:
        """Send a message: text as it is, anything else as JSON."""
        text = message if isinstance(message, str) else json.dumps(message)
        self._protocol.send_text(text.encode())
        await self._flush()

    async def send_binary(self, data: bytes) -> None:
        self._protocol.send_binary(data)
        await self._flush()

    async def cut_within(self, message: object) -> None:
        """Send the first half of a message's frame, then cut the connection."""
        frame = Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=False)
        self._writer.write(frame[: len(frame) // 2])
        await self._writer.drain()
        await asyncio.sleep(0.05)
        self.cut()

    async def send_raw(self, data: bytes) -> None:
        """Send bytes as they are, no frame around them."""
        self._writer.write(data)
        await self._writer.drain()

    def cut(self) -> None:
        """Reset the connection without a word."""
        self._writer.transport.abort()

    async def close(self, code: int, reason: str = "") -> None:
        self._protocol.send_close(code, reason)
        await self._flush()

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            self._writer.write(data)
        await self._writer.drain()


class FakeInspector:
    """Listens on loopback, lists one target, and answers as a handler tells it.

    Without a handler for a method it does what Node does. Handlers are awaited in order.

    Attributes:
        handlers: By method; ``connect`` is called for each new client.
        received: Every message so far.
        scripts: What ``Debugger.enable`` reports, with a ``source`` each.
        targets: What ``/json/list`` lists; one target unless it is set.
        version: What ``/json/version`` answers.
    """

    def __init__(self, **handlers: Handler) -> None:
        self.handlers: dict[str, Handler] = {
            name.replace("_", ".", 1): handler for name, handler in handlers.items()
        }
        self.received: list[Message] = []
        self.scripts: list[Message] = [
            {"scriptId": "3", "url": "node:internal/util", "source": "internal"},
            {"scriptId": "7", "url": "file:///srv/app/server.js", "source": "let a = 1;\n"},
        ]
        self.targets: list[Message] | None = None
        self.version: Message = {"Browser": "node.js/v24.0.0", "Protocol-Version": "1.1"}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def methods(self) -> list[str]:
        """The methods called so far."""
        return [message["method"] for message in self.received]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" in head.lower():
                await self._speak(head, reader, writer)
            else:
                await self._list(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left, as it may at any time
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _list(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/json/version" in head:
            answer: object = self.version
        else:
            answer = self.targets
            if answer is None:
                answer = [
                    {
                        "type": "node",
                        "title": "server.js",
                        "url": "file:///srv/app/server.js",
                        "webSocketDebuggerUrl": f"ws://{self.address}/the-id",
                    }
                ]
        body = json.dumps(answer).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()

    async def _speak(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        protocol = ServerProtocol(max_size=None)
        protocol.receive_data(head)
        (request,) = protocol.events_received()
        assert isinstance(request, Request)
        protocol.send_response(protocol.accept(request))
        client = Client(writer, protocol)
        await client._flush()
        if "connect" in self.handlers:
            await self.handlers["connect"](client, {})
        while data := await reader.read(1 << 16):
            protocol.receive_data(data)
            for frame in protocol.events_received():
                if isinstance(frame, Frame) and frame.opcode is Opcode.TEXT:
                    message: Message = json.loads(frame.data)
                    self.received.append(message)
                    handler = self.handlers.get(message["method"], self.answer)
                    await handler(client, message)
            await client._flush()
            if protocol.close_expected():
                return

    async def answer(self, client: Client, message: Message) -> None:
        """Do what Node does."""
        method, result = message["method"], {}
        if method == "Debugger.enable":
            for script in self.scripts:
                params = {
                    "sourceMapURL": "",
                    "hash": "0" * 64,
                    "length": len(script["source"]),
                    "scriptLanguage": "JavaScript",
                    **{key: value for key, value in script.items() if key != "source"},
                }
                await client.send({"method": "Debugger.scriptParsed", "params": params})
            result = {"debuggerId": "1.2"}
        elif method == "Debugger.getScriptSource":
            wanted = message["params"]["scriptId"]
            (source,) = (s["source"] for s in self.scripts if s["scriptId"] == wanted)
            result = {"scriptSource": source}
        elif method == "Runtime.getHeapUsage":
            result = {"usedSize": 4321, "totalSize": 9999}
        elif method == "HeapProfiler.takeHeapSnapshot":
            await self.send_snapshot(client)
        await client.send({"id": message["id"], "result": result})

    async def send_snapshot(self, client: Client, text: str = SNAPSHOT) -> None:
        """Send a snapshot's text in three chunks, with progress between."""
        third = len(text) // 3
        for number, chunk in enumerate((text[:third], text[third : 2 * third], text[2 * third :])):
            await client.send(chunk_event(chunk))
            await client.send(
                {
                    "method": "HeapProfiler.reportHeapSnapshotProgress",
                    "params": {"done": number + 1, "total": 3, "finished": number == 2},
                }
            )


def chunk_event(text: str) -> Message:
    """The event that carries a piece of a snapshot."""
    return {"method": "HeapProfiler.addHeapSnapshotChunk", "params": {"chunk": text}}
