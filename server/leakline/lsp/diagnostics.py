"""One diagnostic per finding, on the line that makes the heap grow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from lsprotocol import types
from pygls.uris import to_fs_path

from leakline.leaks.model import Finding, Severity
from leakline.lsp.documents import OpenDocument, file_key
from leakline.lsp.pages import page_uri
from leakline.lsp.places import Place
from leakline.lsp.refreshing import refresh_diagnostics
from leakline.lsp.server import LeaklineServer
from leakline.lsp.sources import source_key
from leakline.turns import at_once, in_turns

SOURCE = "leakline"
CHANGED = "changed since the snapshot: measure again"

# After the last key pressed. Until then the client moves the marks by itself.
_AFTER_EDIT_SECONDS = 0.15

_BETWEEN_FILES_SECONDS = 0.01

_SEVERITIES = {
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
}


class DiagnosticsPublisher:
    """Keeps the client's diagnostics as they should be.

    Args:
        server: The server.
        on_ignored: Called when the user has ignored findings or wants to see them again.
    """

    def __init__(self, server: LeaklineServer, on_ignored: Callable[[], object]) -> None:
        self._server = server
        self._on_ignored = on_ignored
        # The URI under which each file's diagnostics were sent, by the file's key.
        self._sent: dict[str, str] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        # The files to be sent, and who sends them.
        self._queue: dict[str, None] = {}
        self._sending: asyncio.Task[None] | None = None

    def uris(self) -> list[str]:
        """The files and sources that have diagnostics, for a client that asks for them."""
        keys = sorted(self._server.known.files())
        placed = (place_findings(self._server, key) for key in keys)
        return [found[0][1].uri for found in placed if found]

    def pulled(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics of a file or source, for a client that asks for them."""
        server = self._server
        document = server.documents.get(uri)
        path = to_fs_path(uri) if uri.startswith("file:") else None
        key = document.key if document is not None else file_key(path) if path else source_key(uri)
        if key is None:
            return []
        if at_once(server.ignored.look_again(server.known.about(key))):
            self._on_ignored()
        return [
            diagnostic(server, finding, place) for finding, place in place_findings(server, key)
        ]

    def publish_all(self) -> None:
        """Send all diagnostics, and take back what no longer holds."""
        keys = self._server.known.files() | set(self._sent)
        self._publish_files(keys, at_once(self._server.ignored.look_again(self._server.known)))

    async def publish(self, keys: Iterable[str], findings: Iterable[Finding]) -> None:
        """Send the diagnostics of some files, and take back what no longer holds.

        Args:
            keys: The files.
            findings: Those that may have become ignored, or be it no longer.
        """
        self._publish_files(keys, await in_turns(self._server.ignored.look_again(findings)))

    def _publish_files(self, keys: Iterable[str], changed: list[Finding]) -> None:
        if self._server.pulls:
            refresh_diagnostics(self._server)
        else:
            self._send_in_turn(sorted(keys))
        if changed:
            self._on_ignored()

    def _send_in_turn(self, keys: Iterable[str]) -> None:
        self._queue.update(dict.fromkeys(keys))
        if self._queue and (self._sending is None or self._sending.done()):
            self._sending = self._server.background(self._send_queue())

    async def _send_queue(self) -> None:
        """Send one file after the other, requests first: all at once would be felt."""
        while self._queue:
            key = next(iter(self._queue))
            del self._queue[key]
            self._publish_file(key)
            await asyncio.sleep(_BETWEEN_FILES_SECONDS)

    def publish_soon(self, document: OpenDocument) -> None:
        """Send a text's diagnostics once the typing pauses."""
        key = document.key
        if key is None or not self._matters(key):
            return
        self.forget_timer(key)
        self._waiting[key] = asyncio.get_running_loop().call_later(
            _AFTER_EDIT_SECONDS, self._publish_after_edit, document, key
        )

    def _publish_after_edit(self, document: OpenDocument, key: str) -> None:
        self._publish(key)
        self._server.syntaxes.prepare(document)

    def publish_in_turn(self, document: OpenDocument) -> None:
        """Send the diagnostics of a text that was opened: an editor may open many at once."""
        key = document.key
        if key is not None and self._matters(key):
            about = self._server.known.about(key)
            self._publish_files([key], at_once(self._server.ignored.look_again(about)))

    def publish_now(self, document: OpenDocument) -> None:
        """Send a text's diagnostics, if it has any."""
        key = document.key
        if key is not None and self._matters(key):
            self._publish(key)

    def _matters(self, key: str) -> bool:
        return key in self._sent or bool(self._server.known.about(key))

    def forget_timer(self, key: str) -> None:
        """Drop a publication that waits."""
        timer = self._waiting.pop(key, None)
        if timer is not None:
            timer.cancel()

    def _publish(self, key: str) -> None:
        # A comment above a declaration may ignore what stands in another file.
        server = self._server
        changed = at_once(server.ignored.look_again(server.known.about(key)))
        others = {server.places.key(each.location) for each in changed if each.location}
        if self._server.pulls:
            self.forget_timer(key)
            if changed:
                refresh_diagnostics(self._server)
        else:
            for other in {key, *(other for other in others if other is not None)}:
                self._publish_file(other)
        if changed:
            self._on_ignored()

    def _publish_file(self, key: str) -> None:
        self.forget_timer(key)
        placed = place_findings(self._server, key)
        document = self._server.documents.of_file(key)
        uri = (
            document.uri
            if document is not None
            else (placed[0][1].uri if placed else self._sent.get(key))
        )
        before = self._sent.pop(key, None)
        if before is not None and before != uri:
            self._send(before, None, [])
        if uri is None:
            return
        if placed:
            self._sent[key] = uri
        if placed or before is not None:
            diagnostics = [diagnostic(self._server, finding, place) for finding, place in placed]
            self._send(uri, None if document is None else document.version, diagnostics)

    def _send(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=diagnostics)
        )


def place_findings(server: LeaklineServer, key: str) -> list[tuple[Finding, Place]]:
    """The findings of a file that are not ignored, and where they stand now."""
    placed = []
    for finding in server.known.standing_in(key):
        place = server.places.find(finding.location)
        if place is not None and finding not in server.ignored:
            placed.append((finding, place))
    return placed


def diagnostic(server: LeaklineServer, finding: Finding, place: Place) -> types.Diagnostic:
    """The diagnostic of a finding that stands at a place."""
    return types.Diagnostic(
        range=place.range,
        message=_message(finding, place),
        severity=(
            types.DiagnosticSeverity.Hint if place.changed else _SEVERITIES[finding.severity]
        ),
        code=finding.code,
        code_description=_page(finding.code),
        source=SOURCE,
        related_information=_related(server, finding) or None,
        data={"fingerprint": finding.fingerprint},
    )


def _page(code: str) -> types.CodeDescription | None:
    # Sent to all: Neovim keeps it for its user and does not tell us so.
    uri = page_uri(code)
    return None if uri is None else types.CodeDescription(href=uri)


def _message(finding: Finding, place: Place) -> str:
    location = finding.location
    if place.changed:
        return f"{finding.message} ({CHANGED})"
    if location is not None and location.span is None and location.note:
        return f"{finding.message} ({location.note})"
    return finding.message


def _related(server: LeaklineServer, finding: Finding) -> list[types.DiagnosticRelatedInformation]:
    capabilities = server.client_capabilities.text_document
    pushed = capabilities and capabilities.publish_diagnostics
    pulled = capabilities and capabilities.diagnostic
    if not any(can and can.related_information for can in (pushed, pulled)):
        return []
    spots = [(finding.declaration, f"`{finding.root}` is declared here")]
    spots.extend((write, f"adds to `{finding.root}` too") for write in finding.other_writes)
    spots.extend((hop.location, f"leak trace: {hop.label}") for hop in finding.trace)
    related = []
    for location, message in spots:
        place = server.places.find(location)
        if place is not None and not place.gone:
            related.append(
                types.DiagnosticRelatedInformation(types.Location(place.uri, place.range), message)
            )
    return related
