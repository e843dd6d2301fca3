"""Which findings are ignored, as the texts and ``.leakline.toml`` are right now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath

from leakline.leaks.model import Finding
from leakline.lsp.documents import file_key
from leakline.lsp.known import KnownLeaks
from leakline.lsp.places import Places
from leakline.lsp.projects import Projects
from leakline.lsp.source_files import is_source_file
from leakline.pipeline.ignoring import MARK, is_ignored_above, is_ignored_by
from leakline.turns import Steps


class IgnoredFindings:
    """Remembers which findings are ignored.

    Args:
        known: All findings.
        places: Where they are.
        projects: What each folder's ``.leakline.toml`` says.
    """

    def __init__(self, known: KnownLeaks, places: Places, projects: Projects) -> None:
        self._known = known
        self._places = places
        self._projects = projects
        self._fingerprints: set[str] = set()

    def __contains__(self, finding: Finding) -> bool:
        return finding.fingerprint in self._fingerprints

    def look_again(self, findings: Iterable[Finding]) -> Steps[list[Finding]]:
        """Find out anew whether findings are ignored.

        Returns:
            Those of which it was not known.
        """
        changed = []
        # Whether there is a comment of ours in a text at all, by the text's key: most have none,
        # and this is done after each edit.
        marked: dict[str, bool] = {}
        for finding in findings:
            yield
            if self._is_ignored(finding, marked) is not (finding in self):
                self._fingerprints ^= {finding.fingerprint}
                changed.append(finding)
        return changed

    def _is_ignored(self, finding: Finding, marked: dict[str, bool]) -> bool:
        folder = self._known.folder_of(finding)
        config = self._projects.config_of(folder)
        file = file_in_workspace(finding, folder) if config.ignores else ""
        if is_ignored_by(config, finding, file):
            return True
        for location in (finding.location, finding.declaration):
            key = None if location is None else self._places.key(location)
            if location is None or location.span is None or key is None:
                continue
            lines = self._places.lines(key) or ()
            if key not in marked:
                marked[key] = any(MARK in line for line in lines)
            place = self._places.find(location) if marked[key] else None
            if place is None or place.gone:
                continue
            if is_ignored_above(finding.code, lines, place.span.start.line):
                return True
        return False


def file_in_workspace(finding: Finding, folder: Path) -> str:
    """The path below the folder of the file that a finding stands in; empty when unknown."""
    location = finding.location
    if location is None:
        return ""
    if location.path is None or is_source_file(location.path, folder):
        return location.name
    path, root = PurePath(file_key(location.path)), file_key(str(folder))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else location.name
