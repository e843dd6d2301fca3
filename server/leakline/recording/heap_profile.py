"""Sampling heap profiles (``.heapprofile``): bytes still alive, by where they were allocated.

The format is that of ``HeapProfiler.stopSampling`` in the Chrome DevTools Protocol, which
``node --heap-prof`` and Chrome DevTools save as JSON: a tree of call frames, each with the
bytes allocated in it that garbage collection has not taken.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from leakline.errors import RecordingError
from leakline.recording.contents import read_bounded

_MAX_BYTES = 256 << 20

_Place = tuple[str, str, int, int]  # URL, function, line, column


@dataclass(frozen=True, slots=True)
class AliveBytes:
    """Bytes that one function allocated and that are still alive.

    Attributes:
        url: The URL of its script.
        function: Its name; empty when it has none.
        line: Line where the function begins, from 0.
        column: Column where it begins in UTF-16 units, from 0.
        size: Bytes, an estimate from samples.
    """

    url: str
    function: str
    line: int
    column: int
    size: int


def read_heap_profile(path: Path) -> tuple[AliveBytes, ...]:
    """Read a sampling heap profile.

    Args:
        path: The ``.heapprofile`` file.

    Returns:
        The functions of scripts with bytes alive, the most first.

    Raises:
        RecordingError: It cannot be read, or is no such profile.
    """
    content = read_bounded(path, _MAX_BYTES, advice="check the path and its permissions")
    try:
        sizes = _sizes(json.loads(content)["head"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordingError(
            f"{path} is not a sampling heap profile", "save one with node --heap-prof or DevTools"
        ) from error
    return tuple(
        AliveBytes(url, function, line, column, size)
        for (url, function, line, column), size in sizes.most_common()
        if size > 0
    )


def _sizes(head: dict[str, object]) -> Counter[_Place]:
    sizes: Counter[_Place] = Counter()
    waiting: list[tuple[dict[str, object], _Place | None]] = [(head, None)]
    while waiting:
        node, caller = waiting.pop()
        frame, size = cast("dict[str, object]", node["callFrame"]), node["selfSize"]
        if not isinstance(size, int | float):
            raise TypeError("a size that is no number")
        # What a built-in function such as `join` allocates is its caller's.
        place = _place(frame) or caller
        if place is not None:
            sizes[place] += int(size)
        children = cast("list[dict[str, object]]", node["children"])
        waiting += [(child, place) for child in children]
    return sizes


def _place(frame: dict[str, object]) -> _Place | None:
    """A call frame's place; None for one that is in no script."""
    url, function = frame["url"], frame["functionName"]
    line, column = frame["lineNumber"], frame["columnNumber"]
    if not (
        isinstance(url, str)
        and isinstance(function, str)
        and isinstance(line, int)
        and isinstance(column, int)
    ):
        raise TypeError("a call frame of no shape")
    return (url, function, line, column) if url and line >= 0 else None
