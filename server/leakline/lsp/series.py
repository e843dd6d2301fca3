"""What a newer recording takes the place of, and what it leaves.

It knows of its own program only, and only of what was done to it: another program, or another
click, tells nothing of what was found before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from leakline.errors import LeaklineError
from leakline.pipeline.model import Analysis
from leakline.recording import Load, load_recording, names_of

# Somebody who made more recordings since has forgotten the older ones.
_MOST = 20


class Measured(Protocol):
    """What a recording was made of."""

    @property
    def program(self) -> frozenset[str]:
        """What tells the program from others; empty where nothing is known of it."""

    @property
    def load(self) -> Load | None:
        """What was done in each round; None where nothing was, or nobody knows."""

    @property
    def snapshots(self) -> int:
        """How many can be compared: a single one cannot tell what grows."""


def replaces(new: Measured, old: Measured) -> bool:
    """Whether nothing that was found in an older recording holds any more."""
    return _is_of_program(new, old) and (
        old.snapshots == 1 or (new.snapshots > 1 and _does_the_same(new, old))
    )


def left_over(old: Analysis, new: Analysis) -> Analysis | None:
    """What holds of an analysis after a newer one; None where nothing does."""
    if not _is_of_program(new, old):
        return old
    growing = tuple(finding for finding in old.findings if len(finding.series) > 1)
    return None if replaces(new, old) or not growing else replace(old, findings=growing)


def _is_of_program(new: Measured, old: Measured) -> bool:
    return bool(new.program & old.program) or not old.program


def _does_the_same(new: Measured, old: Measured) -> bool:
    return new.load is None or old.load is None or new.load == old.load


@dataclass(frozen=True, slots=True)
class _Made:
    program: frozenset[str]
    load: Load | None
    snapshots: int


class Recorded:
    """Finds the recordings of a folder that no newer one takes the place of."""

    def __init__(self) -> None:
        self._made: dict[Path, _Made | None] = {}

    def standing(self, recordings: Sequence[Path]) -> list[Path]:
        """The recordings that tell all that is known of a folder's programs.

        Args:
            recordings: All of the folder, newest first.

        Returns:
            Some of them, newest first. One that cannot be read is among them if it is the
            newest: loading it tells what is wrong with it.
        """
        self._made = {path: self._made.get(path) or _made(path) for path in recordings[:_MOST]}
        found: list[Path] = []
        chosen: list[_Made] = []
        for path, made in self._made.items():
            if made is None:
                found += [] if found else [path]
            elif not any(replaces(newer, made) for newer in chosen):
                found.append(path)
                chosen.append(made)
        return found


def _made(path: Path) -> _Made | None:
    try:
        recording = load_recording(path)
    except LeaklineError:
        return None
    newest = recording.rounds[-1].isolate
    return _Made(
        names_of(recording.target, recording.scripts.values()),
        recording.load,
        sum(taken.isolate == newest for taken in recording.rounds),
    )
