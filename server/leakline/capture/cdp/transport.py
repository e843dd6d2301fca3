"""Text messages to and from an inspector over a web socket."""

from __future__ import annotations

from typing import Protocol

import websockets
from websockets.asyncio.client import ClientConnection, connect

from leakline.errors import (
    CaptureError,
    InspectorBusy,
    InspectorProtocolError,
    InspectorUnreachable,
    TargetGone,
)

# A chunk of a snapshot or the source of a bundle is far larger than the library's 1 MiB;
# nothing real is larger than this.
MAX_MESSAGE_BYTES = 128 << 20

_OPEN_SECONDS = 10
_CLOSE_SECONDS = 0.2  # wrangler never answers the goodbye
_TOO_MANY_CLIENTS = 1013
_MESSAGE_TOO_BIG = 1009


class Transport(Protocol):
    """What a connection needs of the network."""

    async def send(self, text: str) -> None:
        """Send one message."""

    async def receive(self) -> str:
        """Wait for the next message."""

    async def close(self) -> None:
        """End the connection; never fails."""


class WebSocketTransport:
    """A web socket to an inspector."""

    def __init__(self, socket: ClientConnection, url: str) -> None:
        self._socket = socket
        self._url = url

    async def send(self, text: str) -> None:
        """Send one message.

        Raises:
            CaptureError: See :meth:`receive`.
        """
        try:
            await self._socket.send(text)
        except websockets.ConnectionClosed as error:
            raise _closed(self._url, error) from error

    async def receive(self) -> str:
        """Wait for the next message.

        Raises:
            InspectorBusy: The inspector takes one client only, and has one.
            TargetGone: The connection ended.
            InspectorProtocolError: A message was binary or larger than any real one.
        """
        try:
            message = await self._socket.recv(decode=None)
        except websockets.ConnectionClosed as error:
            raise _closed(self._url, error) from error
        except UnicodeDecodeError as error:
            raise InspectorProtocolError(f"{self._url} sent text that is not UTF-8") from error
        if not isinstance(message, str):
            raise InspectorProtocolError(
                f"{self._url} sent a binary message", "is it an inspector's address?"
            )
        return message

    async def close(self) -> None:
        """End the connection; one that does not say goodbye is cut."""
        await self._socket.close()


async def open_transport(url: str) -> WebSocketTransport:
    """Connect to an inspector.

    Args:
        url: Its ``ws://`` or ``wss://`` URL.

    Raises:
        InspectorUnreachable: Nothing listens there, or it does not answer.
        InspectorProtocolError: Something else than an inspector answers.
    """
    try:
        # Node closes a client that pings. wrangler refuses a User-Agent without an Origin
        # that it allows. A proxy from the environment has no business on a local socket.
        socket = await connect(
            url,
            max_size=MAX_MESSAGE_BYTES,
            ping_interval=None,
            compression=None,
            proxy=None,
            user_agent_header=None,
            open_timeout=_OPEN_SECONDS,
            close_timeout=_CLOSE_SECONDS,
        )
    except TimeoutError as error:
        raise InspectorUnreachable(
            f"the inspector at {url} does not answer", "is the program stopped or frozen?"
        ) from error
    except OSError as error:
        raise unreachable(url) from error
    except (websockets.InvalidURI, websockets.InvalidHandshake) as error:
        raise InspectorProtocolError(
            f"{url} is not an inspector's web socket ({error})", "check the address"
        ) from error
    return WebSocketTransport(socket, url)


def unreachable(address: str) -> InspectorUnreachable:
    """The error for an address where nothing listens."""
    return InspectorUnreachable(
        f"nothing listens at the inspector's address {address}",
        "start the program with its inspector (wrangler dev, node --inspect), "
        "or give another address",
    )


def _closed(url: str, error: websockets.ConnectionClosed) -> CaptureError:
    code = error.rcvd.code if error.rcvd is not None else None
    if code == _TOO_MANY_CLIENTS:
        return InspectorBusy(
            f"another client holds the inspector at {url}, which takes only one",
            "close the DevTools window or end the debug session that is attached to it",
        )
    if error.sent is not None and error.sent.code == _MESSAGE_TOO_BIG:
        return InspectorProtocolError(
            f"{url} sent a message larger than {MAX_MESSAGE_BYTES >> 20} MiB"
        )
    if error.sent is not None and error.rcvd is None:
        return InspectorProtocolError(f"{url} broke the web socket protocol ({error})")
    return TargetGone(
        f"the connection to the inspector at {url} ended"
        + ("" if code is None else f" (close code {code})"),
        "the program ended or was restarted; start it and try again",
    )
