"""Which findings a request for code actions is about.

Editors send the diagnostics under the cursor; behind the line's last character, or on a name
that stands elsewhere, there are none. So whatever stands on the lines asked about counts too,
and what the name at the cursor means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types

from leakline.leaks.model import Finding
from leakline.lsp.diagnostics import SOURCE, diagnostic
from leakline.lsp.documents import OpenDocument
from leakline.lsp.names import NameFinder
from leakline.lsp.places import from_position
from leakline.lsp.protocol import as_object
from leakline.lsp.server import LeaklineServer


@dataclass(frozen=True, slots=True)
class PointedAt:
    """A finding that is asked about.

    Attributes:
        finding: The finding.
        shown: Its diagnostic, where it stands in the text that is asked about.
    """

    finding: Finding
    shown: types.Diagnostic | None

    @property
    def diagnostics(self) -> list[types.Diagnostic] | None:
        """What a code action says that it is for."""
        return None if self.shown is None else [self.shown]


async def pointed_at(
    server: LeaklineServer,
    finder: NameFinder,
    document: OpenDocument | None,
    asked: types.Range,
    sent: Sequence[types.Diagnostic],
) -> list[PointedAt]:
    """Find out what is asked about, what the client has sent first.

    Args:
        server: The server.
        finder: Knows what names mean.
        document: The text; None where it is not open.
        asked: The lines asked about; an empty range is the cursor.
        sent: The diagnostics that the client has there.
    """
    found: dict[str, PointedAt] = {}
    for shown in sent:
        finding = _of_diagnostic(server, shown) if shown.source == SOURCE else None
        if finding is not None:
            found.setdefault(finding.fingerprint, PointedAt(finding, shown))
    if document is None or document.key is None:
        return list(found.values())
    lines = range(asked.start.line, asked.end.line + 1)
    meant = [
        finding
        for finding in server.known.about(document.key)
        if _stands_on(server, finding, document.key, lines)
    ]
    name = await finder.at(document, from_position(asked.start))
    meant.extend(() if name is None else name.findings)
    for finding in meant:
        if finding not in server.ignored and finding.fingerprint not in found:
            place = server.places.find(finding.location)
            here = place is not None and place.key == document.key
            shown_now = diagnostic(server, finding, place) if here and place is not None else None
            found[finding.fingerprint] = PointedAt(finding, shown_now)
    return list(found.values())


def _stands_on(server: LeaklineServer, finding: Finding, key: str, lines: range) -> bool:
    """Whether a finding grows, or its root is declared, on one of some lines."""
    for location in (finding.location, finding.declaration):
        place = server.places.find(location)
        if place is None or place.key != key or place.is_whole_file or place.gone:
            continue
        if place.span.start.line < lines.stop and place.span.end.line >= lines.start:
            return True
    return False


def _of_diagnostic(server: LeaklineServer, shown: types.Diagnostic) -> Finding | None:
    """What a diagnostic is about; clients that keep no ``data`` have its place and message."""
    fingerprint = as_object(shown.data).get("fingerprint")
    if fingerprint is not None:
        return server.known.get(str(fingerprint))
    return next(
        (
            finding
            for finding in server.known
            if finding.code == shown.code and shown.message.startswith(finding.message)
        ),
        None,
    )
