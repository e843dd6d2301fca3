"""What Leakline does otherwise than pygls on the wire."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import JsonRPCRequestMessage, LanguageServerProtocol, lsp_method

from leakline.errors import LeaklineError
from leakline.lsp.sources import SCHEME

OWN_METHODS = "leakline/"

# What JSON gives. An alias, and not `object`: pygls looks at a handler's annotation, and hands
# the server itself to a first parameter that could be one.
Json = Any


@dataclass(frozen=True, slots=True)
class Encoded:
    """A large answer that its handler wrote as JSON already, giving others their turn meanwhile.

    Attributes:
        text: The JSON, ASCII only.
    """

    text: str


class RequestFailed(JsonRpcException):
    """A request that failed for a reason that the user can be told in one line."""

    CODE = types.LSPErrorCodes.RequestFailed.value

    def __init__(self, error: LeaklineError) -> None:
        super().__init__(str(error), code=self.CODE)


class LeaklineProtocol(LanguageServerProtocol):
    """pygls' protocol with an end that lets us clean up, and plain parameters.

    Attributes:
        ended: Set once the client has sent ``exit``.
        exit_code: 0 when the client asked for ``shutdown`` before, as it should.
        last_message: When the client last said something, by ``time.monotonic``.
    """

    ended: asyncio.Event
    exit_code: int
    last_message: float

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        self.ended = asyncio.Event()
        self.exit_code = 1
        self.last_message = monotonic()
        super().__init__(server, converter)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Say what pygls would not: the requests that it does not know, and how we count.

        It would take the encoding that the client likes best, and positions of ours would be
        wrong right of anything but ASCII. UTF-16 is what every client has.
        """
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        result = yield from super().lsp_initialize(params)
        workspace = result.capabilities.workspace
        if workspace is not None:
            workspace.text_document_content = types.TextDocumentContentOptions(schemes=[SCHEME])
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> None:  # type: ignore[override]
        """End the conversation. pygls would end the process, in the middle of a measurement."""
        self.exit_code = 0 if self._shutdown else 1
        self.ended.set()

    def _send_response(
        self,
        msg_id: str | int,
        result: Any | None = None,  # noqa: ANN401 - pygls' own
        error: types.ResponseError | None = None,
    ) -> None:
        """Send an answer; what is JSON already is sent as it is.

        pygls would look at each value in it, which takes ten times as long as writing it.
        """
        if error is not None:
            super()._send_response(msg_id, result, error)
        elif isinstance(result, Encoded):
            answer = f'"id": {json.dumps(msg_id)}, "jsonrpc": "{self.VERSION}"'
            self._send_text(f'{{{answer}, "result": {result.text}}}')
        else:
            self._send_data({"id": msg_id, "jsonrpc": self.VERSION, "result": result})

    def _send_text(self, body: str) -> None:
        """Send what is JSON already; pygls can only send what it has written as JSON itself."""
        if self.writer is None:
            return
        header = f"Content-Length: {len(body)}\r\n\r\n" if self._include_headers else ""
        written = self.writer.write((header + body).encode(self.CHARSET))
        if inspect.isawaitable(written):
            self._sending = asyncio.ensure_future(written)

    async def cancel_all(self) -> None:
        """Cancel what was asked for and has no answer yet: nobody is there to take it."""
        waiting: list[Any] = list(self._request_futures.values())
        running = [each for each in waiting if isinstance(each, asyncio.Task)]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def structure_message(self, data: dict[str, Json]) -> Json:
        """Keep the parameters of our own requests as the objects that they are in JSON."""
        self.last_message = monotonic()
        method = data.get("method")
        if (
            "jsonrpc" in data
            and "id" in data
            and isinstance(method, str)
            and method.startswith(OWN_METHODS)
        ):
            return JsonRPCRequestMessage(
                id=data["id"], method=method, jsonrpc=data["jsonrpc"], params=data.get("params")
            )
        return super().structure_message(data)


def as_object(params: object) -> Mapping[str, Json]:
    """The parameters of one of our own requests or commands; nothing is an empty object."""
    return params if isinstance(params, Mapping) else {}
