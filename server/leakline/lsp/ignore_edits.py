"""The edits that ignore a finding: a comment above its line, an entry in ``.leakline.toml``."""

from __future__ import annotations

from glob import escape

from lsprotocol import types

from leakline.attribution.syntax import ScriptSyntax
from leakline.config.project import Ignore, ignore_entry
from leakline.errors import UsageError
from leakline.leaks.model import Finding
from leakline.lsp.comments import comment_above
from leakline.lsp.documents import OpenDocument, split_lines
from leakline.lsp.ignoring import file_in_workspace
from leakline.lsp.server import LeaklineServer
from leakline.lsp.source_files import is_source_file
from leakline.pipeline.ignoring import MARK

REASON = "say why"


def ignore_here(
    server: LeaklineServer, finding: Finding, document: OpenDocument, syntax: ScriptSyntax | None
) -> types.WorkspaceEdit | None:
    """Insert the comment; None where no comment can stand.

    It goes above the line that grows, or above the declaration where that line is, say, inside
    of a template literal.

    Args:
        server: The server.
        finding: The finding.
        document: The text that the user looks at.
        syntax: Its syntax; without one nobody knows what is a comment there.
    """
    folder = server.known.folder_of(finding)
    if syntax is None or document.path is None or is_source_file(document.path, folder):
        return None
    for location in (finding.location, finding.declaration):
        place = server.places.find(location)
        if place is None or place.gone or location is None or location.span is None:
            continue
        number = place.span.start.line
        if place.key != document.key or number >= len(document.lines):
            continue
        comment = comment_above(syntax, number, f"{MARK} {finding.code}: {REASON}")
        if comment is not None:
            line = document.lines[number]
            indent = line[: len(line) - len(line.lstrip())]
            end = "\r\n" if "\r\n" in document.text else "\n"
            at = types.Position(number, 0)
            return _edit(server, document.uri, document.version, at, f"{indent}{comment}{end}")
    return None


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
