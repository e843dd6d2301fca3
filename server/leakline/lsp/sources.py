"""Sources that are no files on this machine, under a URI scheme of their own.

Their texts came with the program, in its source maps or as its scripts. Clients that can show
such documents (LSP 3.18's ``workspace/textDocumentContent``) open them read-only. For others
they are written to files that may only be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import blake2s
from pathlib import Path
from urllib.parse import quote, urlsplit

from leakline.errors import UsageError
from leakline.leaks.model import Finding
from leakline.lsp.source_files import is_source_file, remove_others, write_read_only
from leakline.pipeline.locations import locations_of, with_locations
from leakline.pipeline.model import Analysis
from leakline.positions import SourceLocation

SCHEME = "leakline-source"


def source_key(uri: str) -> str | None:
    """One name for a source, however a client escapes its URI; None for any other URI."""
    parts = urlsplit(uri)
    return f"{SCHEME}:{parts.query}" if parts.scheme == SCHEME else None


class SourceTexts:
    """The texts that findings point into and that are no files.

    Attributes:
        writes_files: Whether the client can only open files.
    """

    def __init__(self) -> None:
        self.writes_files = True
        self._texts: dict[str, str] = {}

    def adopt(self, folder: Path, analysis: Analysis, kept: Iterable[Finding]) -> Analysis:
        """Keep an analysis' texts, and give its locations in them the URIs to open them by.

        Args:
            folder: The workspace folder.
            analysis: Its analysis.
            kept: The folder's findings of other analyses, whose texts stay.
        """
        uris: dict[str, str] = {}
        files: dict[str, Path | None] = {}
        digests: set[str] = set()

        def written(url: str, name: str, text: str) -> Path | None:
            digest = _digest(url, text)
            digests.add(digest)
            try:
                return write_read_only(folder, digest, name, text)
            except UsageError:
                return None

        def moved(location: SourceLocation) -> SourceLocation:
            text = analysis.contents.get(location.url)
            if location.path is not None or text is None:
                return location
            if self.writes_files:
                if location.url not in files:
                    files[location.url] = written(location.url, location.name, text)
                path = files[location.url]
                return location if path is None else replace(location, path=str(path))
            if location.url not in uris:
                digest = _digest(str(folder), location.url, text)
                name = [part for part in location.name.split("/") if part not in ("", ".", "..")]
                uri = f"{SCHEME}:/{quote('/'.join(name) or 'source.js', errors='replace')}?{digest}"
                uris[location.url] = uri
                key = source_key(uri)
                assert key is not None
                self._texts[key] = text
            return replace(location, url=uris[location.url])

        findings = analysis.findings
        if analysis.contents:
            findings = tuple(with_locations(finding, moved) for finding in findings)
        if self.writes_files:
            paths = {location.path for finding in kept for location in locations_of(finding)}
            digests |= {
                Path(path).parent.name
                for path in paths
                if path is not None and is_source_file(path, folder)
            }
            remove_others(folder, digests)
        return replace(analysis, findings=findings, contents={})

    def text(self, uri: str) -> str | None:
        """The text behind a URI; None when it is not known any more."""
        key = source_key(uri)
        return None if key is None else self._texts.get(key)

    def forget_others(self, used: Collection[str | None]) -> None:
        """Let go of all texts but those with certain keys."""
        self._texts = {key: text for key, text in self._texts.items() if key in used}


def _digest(*said: str) -> str:
    return blake2s("\0".join(said).encode("utf-8", "replace"), digest_size=8).hexdigest()
