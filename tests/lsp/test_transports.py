"""Stdio, TCP and WebSocket: coming, going, and who is let in."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from lsp.editor import PLAY_SERVER, open_editor

SERVE = "import leakline.lsp; leakline.lsp.serve_{kind}('127.0.0.1', 0)"


def frame(method: str, **message: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, **message}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def initialize(folder: Path) -> dict[str, Any]:
    return {
        "id": 1,
        "params": {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}},
    }


async def receive(reader: asyncio.StreamReader) -> Any:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    match = re.search(rb"Content-Length: (\d+)", head)
    assert match is not None
    return json.loads(await reader.readexactly(int(match[1])))


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def wait_until_gone(pids: list[int]) -> None:
    for _ in range(500):
        if not any(is_running(pid) for pid in pids):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"still there: {pids}")


@asynccontextmanager
async def listening(kind: str) -> AsyncIterator[tuple[int, int]]:
    """A server that listens; gives its port and process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE.format(kind=kind), stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        line = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
        assert line.startswith(f"listening on {kind}://127.0.0.1:")
        yield int(line.rpartition(":")[2]), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()


@asynccontextmanager
async def on_stdio(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The server on pipes, initialized, its worker warm."""
    process = await asyncio.create_subprocess_exec(
        *PLAY_SERVER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(frame("initialize", **initialize(folder)))
        answer = await receive(process.stdout)
        assert answer["result"]["serverInfo"]["name"] == "leakline"
        process.stdin.write(frame("initialized", params={}))
        for _ in range(1000):
            if children(process.pid):
                break
            await asyncio.sleep(0.02)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_ends_with_status_0_when_asked_as_the_protocol_has_it(workspace: Path) -> None:
    async with open_editor(workspace, server=PLAY_SERVER) as editor:
        process = editor.client._server
        assert process is not None
    assert process.returncode == 0


@pytest.mark.parametrize("how", ["exit", "eof", "term", "kill"])
async def test_nothing_is_left_however_the_client_leaves(workspace: Path, how: str) -> None:
    async with on_stdio(workspace) as process:
        pids = [process.pid, *children(process.pid)]
        assert len(pids) == 2
        assert process.stdin is not None
        match how:
            case "exit":
                process.stdin.write(frame("exit"))
            case "eof":
                process.stdin.close()
            case "term":
                process.terminate()
            case "kill":
                process.kill()
        status = await asyncio.wait_for(process.wait(), 60)
        assert status != 0, "the client did not ask for a shutdown"
        await wait_until_gone(pids)


async def test_without_a_client_it_ends_at_once() -> None:
    process = await asyncio.create_subprocess_exec(
        *PLAY_SERVER,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1, "the client did not ask for a shutdown"
    assert b"Traceback" not in errors


async def test_garbage_does_not_end_the_conversation(workspace: Path) -> None:
    async with on_stdio(workspace) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"Content-Length: 5\r\n\r\n{bad}")
        process.stdin.write(frame("leakline/summary", id=7, params=None))
        answer = await receive(process.stdout)
        while answer.get("id") != 7:
            assert "Traceback" not in json.dumps(answer)
            answer = await receive(process.stdout)
        assert answer["result"]["findings"] == []


async def test_tcp_serves_one_client_after_the_other(workspace: Path) -> None:
    async with listening("tcp") as (port, _):
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(frame("initialize", **initialize(workspace)))
            answer = await receive(reader)
            assert answer["result"]["capabilities"]["hoverProvider"]
            writer.write(frame("exit"))
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()
            await writer.wait_closed()


async def test_a_web_socket_lets_in_programs_and_local_pages_only(workspace: Path) -> None:
    request = json.dumps({"jsonrpc": "2.0", "method": "initialize", **initialize(workspace)})
    async with listening("ws") as (port, _):
        url = f"ws://127.0.0.1:{port}"
        for origin in (None, "http://localhost:3000"):
            async with connect(url, origin=origin, proxy=None) as connection:
                await connection.send(request)
                answer = json.loads(await asyncio.wait_for(connection.recv(), 20))
                assert answer["result"]["serverInfo"]["name"] == "leakline"
        for origin in ("https://evil.example", "http://localhost.evil.example", "null"):
            with pytest.raises(InvalidStatus) as caught:
                await connect(url, origin=origin, proxy=None)
            assert caught.value.response.status_code == 403


@pytest.mark.parametrize("kind", ["tcp", "ws"])
async def test_a_port_alone_is_on_loopback_and_a_taken_one_is_said_in_a_line(kind: str) -> None:
    command = (sys.executable, "-m", "leakline", "lsp", f"--{kind}")
    pipe = asyncio.subprocess.PIPE
    first = await asyncio.create_subprocess_exec(*command, "0", stderr=pipe)
    assert first.stderr is not None
    try:
        line = (await asyncio.wait_for(first.stderr.readline(), 60)).decode()
        assert line.startswith(f"listening on {kind}://127.0.0.1:")
        port = line.strip().rpartition(":")[2]
        second = await asyncio.create_subprocess_exec(*command, port, stderr=pipe)
        _, said = await asyncio.wait_for(second.communicate(), 60)
        assert second.returncode == 2
        assert said.decode().startswith(f"leakline: error: cannot listen at 127.0.0.1:{port} (")
        assert said.count(b"\n") == 1
    finally:
        first.send_signal(signal.SIGINT)
        await first.communicate()


async def test_an_address_that_others_reach_is_said() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "leakline", "lsp", "--tcp", "0.0.0.0:0"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        await asyncio.wait_for(process.stderr.readline(), 60)
        said = await asyncio.wait_for(process.stderr.readline(), 60)
        assert b"other machines can connect" in said
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()
