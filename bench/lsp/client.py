"""A client of the language server, as small as can be: what it costs is not measured along."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-P", "-m", "leakline", "lsp")

CAPABILITIES = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {"dataSupport": True},
    },
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "codeLens": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "workspaceFolders": True,
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}


class RequestError(Exception):
    """The server answered a request with an error."""


class Client:
    """One conversation.

    Attributes:
        process: The server.
        diagnostics: By URI, what was last published: version and diagnostics.
        statuses: All states that the server has told, oldest first.
        messages: What it has shown to the user.
        log: What it has logged.
        tokens: Tokens of the progress that has begun and not ended.
        settings: What it is told when it asks.
    """

    def __init__(self, process: asyncio.subprocess.Process, settings: dict[str, Any]) -> None:
        self.process = process
        self.settings = settings
        self.diagnostics: dict[str, tuple[int | None, list[Any]]] = {}
        self.statuses: list[Any] = []
        self.messages: list[str] = []
        self.log: list[str] = []
        self.tokens: dict[Any, bool] = {}
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    def request(self, method: str, params: object = None) -> asyncio.Future[Any]:
        """Send a request; its ``id`` is :attr:`last_id` until the next."""
        self._last_id += 1
        answer = self._answers[self._last_id] = asyncio.get_running_loop().create_future()
        self._send({"id": self._last_id, "method": method, "params": params})
        return answer

    @property
    def last_id(self) -> int:
        return self._last_id

    def notify(self, method: str, params: object = None) -> None:
        self._send({"method": method, "params": params})

    async def until(self, holds: Callable[[], object], seconds: float = 600.0) -> None:
        """Wait until something holds that the server's news decide."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._news.clear()
                await self._news.wait()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        try:
            while True:
                head = await stream.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split()[0])
                self._take(json.loads(await stream.readexactly(length)))
                self._news.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(RequestError("the server has gone"))
                    answer.exception()

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params")
        if method is None:
            answer = self._answers.pop(message["id"])
            if answer.cancelled():
                return
            if "error" in message:
                answer.set_exception(RequestError(message["error"]["message"]))
                answer.exception()
            else:
                answer.set_result(message["result"])
        elif "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [self.settings for _ in params["items"]]
            self._send({"id": message["id"], "result": result})
        elif method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = (params.get("version"), params["diagnostics"])
        elif method == "leakline/status":
            self.statuses.append(params)
        elif method == "window/showMessage":
            self.messages.append(params["message"])
        elif method == "window/logMessage":
            self.log.append(params["message"])
        elif method == "$/progress":
            if params["value"]["kind"] == "end":
                self.tokens.pop(params["token"], None)
            else:
                self.tokens[params["token"]] = True

    async def close(self) -> None:
        """Leave as the protocol has it."""
        await asyncio.wait_for(self.request("shutdown"), 30)
        self.notify("exit")
        await asyncio.wait_for(self.process.wait(), 30)
        await self._reading


@asynccontextmanager
async def open_client(
    folders: Sequence[Path], settings: dict[str, Any], command: Sequence[str] = COMMAND
) -> AsyncIterator[Client]:
    """Start a server, open folders, leave at the end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
        cwd=folders[0],
    )
    client = Client(process, settings)
    try:
        await asyncio.wait_for(
            client.request(
                "initialize",
                {
                    "processId": None,
                    "rootUri": folders[0].as_uri(),
                    "capabilities": CAPABILITIES,
                    "workspaceFolders": [{"uri": f.as_uri(), "name": f.name} for f in folders],
                },
            ),
            60,
        )
        client.notify("initialized", {})
        yield client
        await client.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
