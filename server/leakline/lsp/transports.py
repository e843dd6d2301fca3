"""Serve clients over stdio, TCP or WebSocket.

Each connection has a server of its own, and a connection's end ends all that its server runs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import stat
import sys
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from pygls.exceptions import JsonRpcException
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async, run_websocket
from websockets.asyncio.server import ServerConnection, serve

from leakline.errors import UsageError
from leakline.lsp.features import create_server
from leakline.lsp.server import LeaklineServer

if TYPE_CHECKING:
    from pygls.io_ import AsyncReader

_log = logging.getLogger(__name__)

# Any page in a browser may open a WebSocket to this machine; only pages that come from this
# machine are let in, and programs that are no browser (they send no Origin).
_LOCAL_PAGE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


class _Writer(Protocol):
    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


def serve_stdio() -> int:
    """Serve the client at the other end of stdin and stdout until it leaves.

    Returns:
        The exit status that the protocol asks for.
    """
    return asyncio.run(_serve_stdio())


def serve_tcp(host: str, port: int) -> None:
    """Serve clients over TCP until interrupted.

    Args:
        host: The address to listen at. Whoever can connect can read heaps.
        port: The port; 0 for any that is free.
    """
    asyncio.run(_serve_tcp(host, port))


def serve_ws(host: str, port: int) -> None:
    """Serve clients over WebSocket until interrupted.

    Args:
        host: The address to listen at. Whoever can connect can read heaps.
        port: The port; 0 for any that is free.
    """
    asyncio.run(_serve_ws(host, port))


async def _serve_stdio() -> int:
    _log_to_stderr()
    # stdout is the protocol's: what anything prints goes to stderr.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    server = create_server()
    reader: AsyncReader
    writer: _Writer
    try:
        reader, writer = await _stdin_stream(), await _stdout_stream(replies)
    except (ValueError, OSError, NotImplementedError):
        # A file, a device, or Windows: none can be awaited, so pygls' reading thread has to do.
        reader, writer = StdinAsyncReader(sys.stdin.buffer), StdoutWriter(replies)
    await _converse(server, reader, writer)
    return server.protocol.exit_code


async def _stdin_stream() -> asyncio.StreamReader:
    mode = os.fstat(0).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        # asyncio takes devices, too, and fails later, where nobody can catch it.
        raise ValueError
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer
    )
    return reader


async def _stdout_stream(replies: object) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), replies
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


class _InTurns:
    """Reads messages, and lets whatever else is ready have its turn between two of them.

    Many messages may have arrived, and are then read without a pause: the answers to the first
    would wait for the last.
    """

    def __init__(self, reader: AsyncReader) -> None:
        self._reader = reader

    async def readline(self) -> bytes:
        return await self._reader.readline()

    async def readexactly(self, n: int) -> bytes:
        await asyncio.sleep(0)
        return await self._reader.readexactly(n)


async def _converse(server: LeaklineServer, reader: AsyncReader, writer: _Writer) -> None:
    server.protocol.set_writer(writer)
    try:
        # It only asks whether the event is set.
        await run_async(
            stop_event=server.protocol.ended,  # type: ignore[arg-type]
            reader=_InTurns(reader),
            protocol=server.protocol,
            logger=_log,
            error_handler=server.report_server_error,
        )
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # The client is gone.
    finally:
        await server.protocol.cancel_all()
        await server.close()
        with suppress(ConnectionError):
            if isinstance(writer, asyncio.StreamWriter):
                await writer.drain()
            writer.close()


async def _serve_tcp(host: str, port: int) -> None:
    _log_to_stderr()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _converse(create_server(), reader, writer)

    try:
        listener = await asyncio.start_server(connected, host, port)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    _say_address("tcp", listener.sockets[0].getsockname())
    async with listener:
        await listener.serve_forever()


async def _serve_ws(host: str, port: int) -> None:
    _log_to_stderr()

    async def connected(connection: ServerConnection) -> None:
        server = create_server()
        try:
            await run_websocket(
                websocket=connection,
                stop_event=server.protocol.ended,  # type: ignore[arg-type]
                protocol=server.protocol,
                logger=_log,
                error_handler=server.report_server_error,
            )
        finally:
            await server.protocol.cancel_all()
            await server.close()

    try:
        listener = await serve(connected, host, port, origins=[None, _LOCAL_PAGE], max_size=None)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    async with listener:
        _say_address("ws", next(iter(listener.sockets)).getsockname())
        await listener.serve_forever()


def _say_address(scheme: str, address: tuple[str, int]) -> None:
    sys.stderr.write(f"listening on {scheme}://{address[0]}:{address[1]}\n")
    if not ip_address(address[0]).is_loopback:
        sys.stderr.write("other machines can connect, and whoever connects can read heaps\n")
    sys.stderr.flush()


def _cannot_listen(host: str, port: int, error: OSError) -> UsageError:
    why = os.strerror(error.errno) if error.errno else str(error)
    return UsageError(f"cannot listen at {host}:{port} ({why})", "choose another port or host")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    handler.addFilter(_without_expected_tracebacks)
    logging.basicConfig(level=logging.ERROR, handlers=[handler])


def _without_expected_tracebacks(record: logging.LogRecord) -> bool:
    """Leave out the tracebacks that pygls logs for requests answered with an error."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException)
