"""``sourceMapPathOverrides`` with the meaning that VS Code's js-debug gives them.

An entry maps a pattern for the source's spelling in the map to a path. ``*`` on the left is
what replaces ``*`` on the right; ``?:*`` matches anything and is dropped. The longest pattern
that changes the source wins. A left side without ``*`` also matches whatever lies below it.
Letters match in either case. A right side with ``$1`` and no ``*`` makes the left side a
regular expression.

Source: microsoft/vscode-js-debug, ``src/targets/sourceMapOverrides.ts`` and its tests.

Both sides of a match are untrusted, patterns and sources, so wildcards are matched by hand in
linear time, and only regular expressions that cannot run away are taken.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

DEFAULT_OVERRIDES: Mapping[str, str] = {
    "webpack://?:*/*": "${workspaceFolder}/*",
    "webpack:///./~/*": "${workspaceFolder}/node_modules/*",
    "meteor://💻app/*": "${workspaceFolder}/*",
}

_WILDCARD = re.compile(r"\?:\*|\*")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_WORKSPACE_FOLDER = "${workspaceFolder}"

_REFERENCE = re.compile(r"\$(?:(?P<number>[0-9]{1,2})|(?P<all>&)|(?P<dollar>\$))")
_USES_REFERENCE = re.compile(r"\$[0-9'`&]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"[*+{]|(?<![(*+}])\?")
_LONGEST_REGEX = 200
_LONGEST_REGEX_SUBJECT = 500
_MOST_REPETITIONS = 2


@dataclass(frozen=True, slots=True)
class _Wildcards:
    """A pattern without regular expression.

    Attributes:
        literals: What stands between the wildcards, in lower case.
        captured: Which wildcard is kept; None when what lies below the pattern is.
        replacement: The right side, its ``*`` standing for what is kept.
    """

    literals: tuple[str, ...]
    captured: int | None
    replacement: str

    def apply(self, source: str) -> str | None:
        # Wildcards match as little as they can, so each literal goes where it first fits.
        folded = source.translate(_LOWER)
        first = self.literals[0]
        if not folded.startswith(first):
            return None
        place = len(first)
        gaps: list[tuple[int, int]] = []
        for literal in self.literals[1:-1]:
            found = folded.find(literal, place)
            if found < 0:
                return None
            gaps.append((place, found))
            place = found + len(literal)
        if self.captured is None:
            kept = self._below(source, folded, place)
            return None if kept is None else self.replacement.replace("*", kept, 1)
        last = self.literals[-1]
        end = len(folded) - len(last)
        if end < place or not folded.endswith(last):
            return None
        gaps.append((place, end))
        start, stop = gaps[self.captured]
        return self.replacement.replace("*", source[start:stop], 1)

    def _below(self, source: str, folded: str, place: int) -> str | None:
        last = self.literals[-1]
        if len(self.literals) == 1:
            rest = source[place:]
            return rest if not rest or rest[0] in "/\\" else None
        while (found := folded.find(last, place)) >= 0:
            rest = source[found + len(last) :]
            if not rest or rest[0] in "/\\":
                return rest
            place = found + 1
        return None


@dataclass(frozen=True, slots=True)
class _Regex:
    pattern: re.Pattern[str]
    replacement: str

    def apply(self, source: str) -> str | None:
        if len(source) > _LONGEST_REGEX_SUBJECT:
            return None
        match = self.pattern.fullmatch(source)
        return None if match is None else _REFERENCE.sub(_referred(match), self.replacement)


class PathOverrides:
    """Overrides ready to be applied.

    Args:
        overrides: Pattern to path, as in ``launch.json``.
        workspace_folder: What stands for ``${workspaceFolder}``.

    Attributes:
        notes: Why entries were left out, one sentence each.
    """

    def __init__(self, overrides: Mapping[str, str], *, workspace_folder: str) -> None:
        self.notes: tuple[str, ...] = ()
        self._rules: list[_Wildcards | _Regex] = []
        patterns = sorted(overrides, key=lambda one: -len(one.replace("?:*", "*", 1)))
        for pattern in patterns:
            path = overrides[pattern].replace(_WORKSPACE_FOLDER, workspace_folder)
            left = pattern.replace(_WORKSPACE_FOLDER, workspace_folder)
            rule = _rule(left, path)
            if isinstance(rule, str):
                self.notes += (f"sourceMapPathOverrides: {pattern!r} is left out, {rule}",)
            else:
                self._rules.append(rule)

    def apply(self, source: str) -> str | None:
        """The path that the first matching pattern gives for a source, None when none matches.

        Args:
            source: The source as the map spells it, or its URL.
        """
        source = source.replace("\\", "/")
        for rule in self._rules:
            path = rule.apply(source)
            if path is not None and path != source:
                return posixpath.normpath(path.replace("\\", "/"))
        return None


def _rule(pattern: str, path: str) -> _Wildcards | _Regex | str:
    if "*" not in path and _USES_REFERENCE.search(path):
        return _regex(pattern, path)
    wildcards = _WILDCARD.findall(pattern)
    captured = [index for index, wildcard in enumerate(wildcards) if wildcard == "*"]
    if len(captured) > 1:
        return "only one asterisk is allowed in a pattern"
    if path.count("*") > len(captured):
        return "its path has more asterisks than its pattern"
    literals = _WILDCARD.split(pattern.replace("\\", "/").translate(_LOWER))
    if captured:
        return _Wildcards(tuple(literals), captured[0], path)
    return _Wildcards(tuple(literals), None, path + "*")


def _regex(pattern: str, path: str) -> _Regex | str:
    if (
        len(pattern) > _LONGEST_REGEX
        or _REPEATED_GROUP.search(pattern)
        or len(_REPETITION.findall(pattern)) > _MOST_REPETITIONS
    ):
        return (
            "a regular expression may have no repeated group "
            f"and at most {_MOST_REPETITIONS} repetitions"
        )
    try:
        return _Regex(re.compile(pattern, re.IGNORECASE), path)
    except re.error as error:
        return f"it is no regular expression ({error})"


def _referred(match: re.Match[str]) -> Callable[[re.Match[str]], str]:
    """What ``$1``, ``$&`` and ``$$`` stand for in a JavaScript replacement."""

    def text(reference: re.Match[str]) -> str:
        if reference["dollar"]:
            return "$"
        if reference["all"]:
            return match[0]
        number = int(reference["number"])
        groups = match.re.groups
        if number > groups and number >= 10:
            tail = reference["number"][1:]
            number = number // 10
            if 1 <= number <= groups:
                return (match[number] or "") + tail
        if not 1 <= number <= groups:
            return reference[0]
        return match[number] or ""

    return text
