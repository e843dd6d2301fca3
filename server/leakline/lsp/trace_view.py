"""Shows a finding's leak trace, as far as the client can show something.

As a read-only document with links where the client opens documents when it is asked to
(``window/showDocument``), else as a message.
"""

from __future__ import annotations

from urllib.parse import quote

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from leakline.errors import UsageError
from leakline.leaks.model import Finding
from leakline.lsp.describing import hover_text, trace_line
from leakline.lsp.protocol import Json, as_object
from leakline.lsp.server import LeaklineServer
from leakline.lsp.source_files import write_read_only
from leakline.lsp.sources import SCHEME, source_key

SHOW_TRACE = "leakline.showTrace"

_MARK = "trace-"


def register(server: LeaklineServer) -> None:
    """Offer the command."""

    @server.command(SHOW_TRACE)
    async def show_trace(*arguments: Json) -> str | None:
        """Show a finding's leak trace, and return it in one line.

        Takes an object with the ``fingerprint``, or the fingerprint itself.
        """
        given = arguments[0] if arguments else None
        finding = server.known.get(str(as_object(given).get("fingerprint", given)))
        if finding is None:
            server.tell("this finding has gone: a newer recording does not have it")
            return None
        if not await _show(server, finding):
            server.tell(trace_line(finding))
        return trace_line(finding)


def trace_text(server: LeaklineServer, uri: str) -> str | None:
    """The text of a trace's document; None when the URI is no trace's, or the finding has gone."""
    key = source_key(uri)
    name = None if key is None else key.partition(":")[2]
    if name is None or not name.startswith(_MARK):
        return None
    finding = server.known.get(name.removeprefix(_MARK))
    return None if finding is None else _document(server, finding)


async def _show(server: LeaklineServer, finding: Finding) -> bool:
    window = server.client_capabilities.window
    if not window or not window.show_document or not window.show_document.support:
        return False
    name = f"{finding.root}.md"
    if server.places.opens_sources:
        uri = f"{SCHEME}:/{quote(name, safe='')}?{_MARK}{finding.fingerprint}"
    else:
        try:
            path = write_read_only(
                server.known.folder_of(finding),
                f"{_MARK}{finding.fingerprint}",
                name,
                _document(server, finding),
            )
        except UsageError as error:
            server.log(str(error))
            return False
        uri = path.as_uri()
    try:
        answer = await server.window_show_document_async(
            types.ShowDocumentParams(uri, external=False, take_focus=True)
        )
    except JsonRpcException as error:
        server.log(f"the client did not show the leak trace: {error}")
        return False
    return answer.success


def _document(server: LeaklineServer, finding: Finding) -> str:
    folder = server.known.folder_of(finding)
    values = not server.settings_of(folder).redact_values
    text = hover_text(finding, server.places.find, markdown=True, values=values, whole=True)
    return f"# {finding.message}\n\n{text}\n"
