"""The client's three parts, each without the ones below it."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from leakline.capture.cdp.connection import Connection, Event, Protocol, Reply
from leakline.capture.cdp.transport import open_transport
from leakline.errors import InspectorProtocolError, InspectorUnreachable, TargetGone
from support.inspectors import Client, FakeInspector, Message


class Wire:
    """A transport in memory."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.incoming: asyncio.Queue[str | Exception] = asyncio.Queue()

    async def send(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def receive(self) -> str:
        message = await self.incoming.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def close(self) -> None:
        pass

    def answer(self, number: int, result: object) -> None:
        self.incoming.put_nowait(json.dumps({"id": self.sent[number]["id"], "result": result}))


def test_ids_begin_apart_from_other_clients() -> None:
    first = {Protocol().request("A", {})[0] for _ in range(50)}
    assert len(first) > 40
    assert all(1 << 20 < each < 100_000_000 for each in first)


def test_protocol_reads_replies_events_and_foreign_replies() -> None:
    protocol = Protocol()
    ident, text = protocol.request("A.b", {"c": 1})
    assert json.loads(text) == {"id": ident, "method": "A.b", "params": {"c": 1}}
    assert protocol.read('{"id": 3, "result": {}}') is None
    assert protocol.read('{"id": "x", "result": {}}') is None
    assert protocol.read('{"method": "E"}') == Event("E", {})
    assert protocol.read(json.dumps({"id": ident, "result": {"d": 2}})) == Reply(
        ident, {"d": 2}, None
    )
    # A second reply to the same request is nobody's.
    assert protocol.read(json.dumps({"id": ident, "result": {}})) is None


async def test_replies_out_of_order_find_their_calls() -> None:
    wire = Wire()
    connection = Connection(wire)
    calls = [asyncio.create_task(connection.call(f"Call.{i}")) for i in range(3)]
    await asyncio.sleep(0)
    for number in (2, 0, 1):
        wire.answer(number, {"number": number})
    assert [(await each)["number"] for each in calls] == [0, 1, 2]
    await connection.close()


async def test_failure_ends_all_calls_and_later_ones() -> None:
    wire = Wire()
    connection = Connection(wire)
    calls = [asyncio.create_task(connection.call("A")) for _ in range(2)]
    await asyncio.sleep(0)
    wire.incoming.put_nowait(TargetGone("gone"))
    for each in calls:
        with pytest.raises(TargetGone, match="gone"):
            await each
    with pytest.raises(TargetGone, match="gone"):
        await connection.call("B")
    with pytest.raises(TargetGone, match="gone"):
        connection.check()
    await connection.close()


async def test_cancelled_call_does_not_disturb_the_next() -> None:
    wire = Wire()
    connection = Connection(wire)
    first = asyncio.create_task(connection.call("A"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    wire.answer(0, {"late": True})
    second = asyncio.create_task(connection.call("B"))
    await asyncio.sleep(0)
    wire.answer(1, {"b": 2})
    assert await second == {"b": 2}
    await connection.close()


async def test_large_message_is_taken() -> None:
    async def large(client: Client, message: Message) -> None:
        await client.send({"id": message["id"], "result": {"text": "x" * (3 << 20)}})

    async with FakeInspector(A_large=large) as inspector:
        connection = Connection(await open_transport(f"ws://{inspector.address}/"))
        assert len(str((await connection.call("A.large"))["text"])) == 3 << 20
        await connection.close()


async def test_message_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def large(client: Client, message: Message) -> None:
        await client.send({"id": message["id"], "result": {"text": "x" * (3 << 20)}})

    monkeypatch.setattr("leakline.capture.cdp.transport.MAX_MESSAGE_BYTES", 1 << 20)
    async with FakeInspector(A_large=large) as inspector:
        connection = Connection(await open_transport(f"ws://{inspector.address}/"))
        with pytest.raises(InspectorProtocolError, match="larger than 1 MiB"):
            await connection.call("A.large")
        await connection.close()


async def test_binary_message_is_refused() -> None:
    async def binary(client: Client, _: Message) -> None:
        await client.send_binary(b"\0")

    async with FakeInspector(A_b=binary) as inspector:
        connection = Connection(await open_transport(f"ws://{inspector.address}/"))
        with pytest.raises(InspectorProtocolError, match="binary"):
            await connection.call("A.b")
        await connection.close()


async def test_address_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leakline.capture.cdp.transport._OPEN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(InspectorUnreachable, match="does not answer"):
            await open_transport(f"ws://127.0.0.1:{port}/")
