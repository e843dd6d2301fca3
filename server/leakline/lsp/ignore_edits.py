"""The edits that ignore a finding: a comment above its line, an entry in ``.leakline.toml``."""

from __future__ import annotations

from glob import escape

from lsprotocol import types

from leakline.config.project import Ignore, ignore_entry
from leakline.errors import UsageError
from leakline.leaks.model import Finding
from leakline.lsp.documents import split_lines
from leakline.lsp.ignoring import file_in_workspace
from leakline.lsp.server import LeaklineServer
from leakline.lsp.sources import source_key
from leakline.pipeline.ignoring import MARK

REASON = "say why"


def ignore_here(server: LeaklineServer, finding: Finding) -> types.WorkspaceEdit | None:
    """Insert the comment; None where the finding has no line that can be edited."""
    place = server.places.find(finding.location)
    if place is None or place.gone or finding.location is None or finding.location.span is None:
        return None
    lines = server.places.lines(place.key)
    number = place.span.start.line
    if source_key(place.uri) is not None or lines is None or number >= len(lines):
        return None
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    document = server.documents.of_file(place.key)
    end = "\r\n" if document is not None and "\r\n" in document.text else "\n"
    comment = f"{indent}// {MARK} {finding.code}: {REASON}{end}"
    version = None if document is None else document.version
    return _edit(server, place.uri, version, types.Position(number, 0), comment)


def ignore_in_workspace(server: LeaklineServer, finding: Finding) -> types.WorkspaceEdit | None:
    """Append the entry; None where the file is there and cannot be read."""
    folder = server.known.folder_of(finding)
    try:
        text = server.projects.text_of(folder)
    except UsageError:
        return None
    file = escape(file_in_workspace(finding, folder))
    entry = ignore_entry(Ignore(finding.code, finding.root, file, REASON), text or "")
    lines = split_lines(text or "")
    end = types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le", "replace")) // 2)
    uri = server.projects.uri_of(folder)
    document = server.documents.get(uri)
    version = None if document is None else document.version
    return _edit(server, uri, version, end, entry, create=text is None)


def _edit(
    server: LeaklineServer,
    uri: str,
    version: int | None,
    at: types.Position,
    text: str,
    *,
    create: bool = False,
) -> types.WorkspaceEdit:
    insertion = types.TextEdit(types.Range(at, at), text)
    workspace = server.client_capabilities.workspace
    can = workspace and workspace.workspace_edit
    if not can or not can.document_changes:
        return types.WorkspaceEdit(changes={uri: [insertion]})
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    change = types.TextDocumentEdit(document, [insertion])
    operations = can.resource_operations or ()
    if create and types.ResourceOperationKind.Create in operations:
        made = types.CreateFile(uri=uri, options=types.CreateFileOptions(ignore_if_exists=True))
        return types.WorkspaceEdit(document_changes=[made, change])
    return types.WorkspaceEdit(document_changes=[change])
