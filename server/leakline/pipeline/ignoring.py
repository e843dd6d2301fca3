"""Findings that the user does not want to hear of.

A comment above the growth line, or above the declaration, names the detector and says why::

    // leakline-ignore-next-line growing-variable: the platform clears it
    /* leakline-ignore-next-line growing-variable, sliced-string: why */

Without a detector it means all. An entry of ``.leakline.toml`` does the same for a whole
workspace, and its threshold leaves out what grows slowly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from leakline.config.project import ProjectConfig
from leakline.leaks.model import Finding
from leakline.positions import SourceLocation

MARK = "leakline-ignore-next-line"

_COMMENT_LINE = re.compile(r"\s*(?://|\{?\s*/\*.*\*/\s*\}?\s*$)")
_IGNORE = re.compile(rf"\s*(?://|\{{?\s*/\*+)\s*{MARK}(?![\w-])(?P<codes>[^:*]*)")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_COMMENT = 1000
_LINE_END = re.compile(r"\r\n|\r|\n")


def is_ignored_above(code: str, lines: Sequence[str], line: int) -> bool:
    """Whether a comment above a line ignores a detector's findings on it.

    Args:
        code: The detector's code.
        lines: The text's lines.
        line: The line, from 0. Between it and the comment only comments of one line may
            stand, such as those of other tools.
    """
    number = min(line, len(lines)) - 1
    while number >= 0 and _is_comment(lines[number]):
        found = _IGNORE.match(lines[number])
        if found is not None:
            codes = _CODE.findall(found["codes"])
            if not codes or code in codes:
                return True
        number -= 1
    return False


def _is_comment(line: str) -> bool:
    # The patterns are quadratic in the spaces of a line, and texts are untrusted.
    return len(line) <= _LONGEST_COMMENT and _COMMENT_LINE.match(line) is not None


def is_ignored_by(config: ProjectConfig, finding: Finding, file: str) -> bool:
    """Whether ``.leakline.toml`` leaves a finding out.

    Args:
        config: What it says.
        finding: The finding.
        file: The path in the workspace of the file that it stands in; empty when unknown.
    """
    growth = finding.growth_per_request
    if growth is not None and growth < config.min_bytes_per_request:
        return True
    return any(entry.matches(finding.code, finding.root, file) for entry in config.ignores)


class Ignoring:
    """Tells which findings of an analysis are ignored.

    Args:
        config: What ``.leakline.toml`` says.
        text: Gives the text that a location's span is of.
        file: Gives a location's path in the workspace.
    """

    def __init__(
        self,
        config: ProjectConfig,
        text: Callable[[SourceLocation], str | None],
        file: Callable[[SourceLocation], str],
    ) -> None:
        self._config = config
        self._text = text
        self._file = file
        self._lines: dict[tuple[str | None, str], list[str]] = {}

    def ignores(self, finding: Finding) -> bool:
        """Whether a finding is ignored."""
        location = finding.location
        if is_ignored_by(self._config, finding, "" if location is None else self._file(location)):
            return True
        return any(
            is_ignored_above(finding.code, self._lines_of(place), place.span.start.line)
            for place in (location, finding.declaration)
            if place is not None and place.span is not None
        )

    def _lines_of(self, location: SourceLocation) -> list[str]:
        key = (location.path, location.url)
        if key not in self._lines:
            self._lines[key] = _LINE_END.split(self._text(location) or "")
        return self._lines[key]
