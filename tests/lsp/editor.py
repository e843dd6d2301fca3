"""An editor for tests: pytest-lsp's client, and what a user does and sees in it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

PLAY_SERVER = (sys.executable, str(Path(__file__).with_name("play_server.py")))
REAL_SERVER = (sys.executable, "-c", "from leakline.cli import main; main()", "lsp")


class Editor:
    """One editor with one server.

    Attributes:
        client: The client below it.
        workspace: The open folder.
        statuses: What the status bar has shown, oldest first.
        registered: The methods that the server has registered for later.
        offered: What the server can do.
    """

    def __init__(self, client: LanguageClient, workspace: Path) -> None:
        self.client = client
        self.workspace = workspace
        self.statuses: list[Any] = []
        self.registered: list[str] = []
        self.offered = types.ServerCapabilities()
        self._versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.workspace / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        path = self.workspace / name
        self._versions[name] = 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(
                    uri=path.as_uri(),
                    language_id="javascript",
                    version=1,
                    text=path.read_text("utf-8") if text is None else text,
                )
            )
        )

    def close(self, name: str) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )

    def edit(self, name: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Replace what stands between two places (line and column from 0)."""
        self._change(
            name,
            types.TextDocumentContentChangePartial(
                range=types.Range(types.Position(*start), types.Position(*end)), text=text
            ),
        )

    def replace_all(self, name: str, text: str) -> None:
        self._change(name, types.TextDocumentContentChangeWholeDocument(text=text))

    def _change(self, name: str, change: types.TextDocumentContentChangeEvent) -> None:
        self._versions[name] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name)),
                [change],
            )
        )

    def diagnostics(self, name: str) -> Sequence[types.Diagnostic]:
        return self.client.diagnostics.get(self.uri(name), [])

    async def diagnostic(self, name: str, code: str = "growing-variable") -> types.Diagnostic:
        """Wait for the one diagnostic with a code."""
        await until(lambda: any(d.code == code for d in self.diagnostics(name)))
        (found,) = (d for d in self.diagnostics(name) if d.code == code)
        return found

    async def hover(self, name: str, line: int, column: int) -> str | None:
        answer = await self.client.text_document_hover_async(
            types.HoverParams(
                types.TextDocumentIdentifier(self.uri(name)), types.Position(line, column)
            )
        )
        if answer is None:
            return None
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value

    async def lenses(self, name: str) -> Sequence[types.CodeLens]:
        return (
            await self.client.text_document_code_lens_async(
                types.CodeLensParams(types.TextDocumentIdentifier(self.uri(name)))
            )
            or []
        )

    async def actions(
        self,
        name: str,
        line: int,
        column: int = 0,
        *,
        diagnostics: Sequence[types.Diagnostic] = (),
        only: Sequence[str] | None = None,
    ) -> list[types.CodeAction]:
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri(name)),
                types.Range(types.Position(line, column), types.Position(line, column)),
                types.CodeActionContext(diagnostics=list(diagnostics), only=only),
            )
        )
        actions = []
        for action in found or []:
            assert isinstance(action, types.CodeAction), action
            actions.append(action)
        return actions

    async def run(self, command: types.Command | None) -> Any:
        assert command is not None
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(command.command, arguments=command.arguments)
        )

    async def request(self, method: str, **params: Any) -> Any:
        return await self.client.protocol.send_request_async(method, params)

    def messages(self) -> list[str]:
        return [message.message for message in self.client.messages]

    def log(self) -> list[str]:
        return [message.message for message in self.client.log_messages]


async def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def open_editor(
    workspace: Path,
    *,
    server: Sequence[str] | None = None,
    like: str = "visual-studio-code",
    options: object = None,
    settings: object = None,
    folders: Sequence[Path] | None = None,
    capabilities: types.ClientCapabilities | None = None,
) -> AsyncIterator[Editor]:
    """Start a server and open a folder.

    Args:
        workspace: The folder.
        server: The command of a server of its own. By default it is the play's process that all
            tests share; there each connection has a server, and what that runs, for itself.
        like: Whose capabilities the client has.
        options: ``initializationOptions``.
        settings: What the client answers for the section ``leakline``.
        folders: Workspace folders, where there is not the one only.
        capabilities: Capabilities in place of ``like``'s.
    """
    client = make_test_lsp_client()
    converter = client.protocol._converter
    # lsprotocol takes every code action that has a command for a bare command.
    converter.register_structure_hook(
        types.Command | types.CodeAction,
        lambda found, _: converter.structure(
            found, types.Command if isinstance(found.get("command"), str) else types.CodeAction
        ),
    )
    editor = Editor(client, workspace)

    @client.feature("leakline/status")
    def status(params: Any) -> None:
        editor.statuses.append(params)

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        editor.registered.extend(item.method for item in params.registrations)

    @client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(_params: None) -> None:
        pass

    client.set_configuration({"leakline": settings})
    if server is None:
        await client.start_tcp("127.0.0.1", shared_server.port())
    else:
        await client.start_io(*server)
    opened = [workspace] if folders is None else folders
    try:
        answer = await client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities or client_capabilities(like),
                workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in opened],
                initialization_options=options,
            )
        )
        editor.offered = answer.capabilities
        yield editor
        await asyncio.wait_for(client.shutdown_session(), 20)
        if server is None:
            await asyncio.wait_for(client.stop(), 60)
    finally:
        # After a failure the server has not been asked to end.
        process, writer = client._server, client.protocol.writer
        if isinstance(writer, asyncio.StreamWriter):
            writer.close()
        if process is not None and process.returncode is None:
            process.kill()
        await client.stop()


class SharedServer:
    """The play's server as one process, which is started when a test first needs it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def port(self) -> int:
        """Where it listens."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            with tempfile.TemporaryFile() as said:
                self._process = subprocess.Popen([*PLAY_SERVER, "--tcp"], stderr=said)
                self._port = self._awaited(said)
        return self._port

    def _awaited(self, said: IO[bytes]) -> int:
        assert self._process is not None
        end = time.monotonic() + 60
        while True:
            text = os.pread(said.fileno(), 1 << 16, 0)
            found = re.search(rb"listening on tcp://127\.0\.0\.1:(\d+)\n", text)
            if found is not None:
                return int(found[1])
            assert self._process.poll() is None, text
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


shared_server = SharedServer()
