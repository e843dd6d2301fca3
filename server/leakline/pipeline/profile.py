"""A sampling heap profile, brought to the lines of the user's own files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leakline.pipeline.scripts import program_scripts
from leakline.pipeline.snapshot_scripts import script_on_disk
from leakline.pipeline.sources import WorkspaceFiles
from leakline.positions import Position
from leakline.recording import read_heap_profile


@dataclass(frozen=True, slots=True)
class AliveLine:
    """What the functions that begin on one line allocated and is still alive.

    Attributes:
        path: Absolute path of the file.
        line: The line, from 0.
        size: Bytes, an estimate from samples.
        functions: The functions' names, the largest first; empty for one without a name.
    """

    path: str
    line: int
    size: int
    functions: tuple[str, ...]


def alive_lines(
    profile: Path, workspace: Path, overrides: Mapping[str, str] | None = None
) -> tuple[AliveLine, ...]:
    """Bring a profile's sizes to lines.

    Args:
        profile: A ``.heapprofile`` file.
        workspace: Only its files count: a profile is untrusted, no other file is read for it.
        overrides: Path overrides for source maps; js-debug's own where None.

    Returns:
        The lines, the largest first.

    Raises:
        RecordingError: It cannot be read, or is no such profile.
    """
    alive = read_heap_profile(profile)
    ids = {url: number for number, url in enumerate(dict.fromkeys(each.url for each in alive))}
    files = WorkspaceFiles(workspace, overrides)
    on_disk = [script_on_disk(number, url, workspace) for url, number in ids.items()]
    scripts = program_scripts(on_disk, files, [])
    known = {script.id for script in on_disk if script.source is not None}
    sizes: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for each in alive:
        if ids[each.url] not in known:
            continue
        place = scripts.place(ids[each.url], Position(each.line, each.column))
        if place is not None and place.path is not None and place.span is not None:
            sizes[place.path, place.span.start.line][each.function] += each.size
    lines = (
        AliveLine(path, line, functions.total(), tuple(name for name, _ in functions.most_common()))
        for (path, line), functions in sizes.items()
    )
    return tuple(sorted(lines, key=lambda each: -each.size))
