"""The shape of a recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from leakline.untrusted import visible

SCHEMA_VERSION = 1

_MOST_NAMED = 3
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Target:
    """The program that was captured.

    Attributes:
        kind: ``wrangler``, ``node``, ``deno``, ``page`` or ``unknown``.
        title: What the inspector calls it.
        url: The URL or path that the inspector gives for it; may be empty.
        runtime: Name and version of the runtime where known, such as ``Node.js/v24.21.0``.
        v8: V8's version where known, else empty.
    """

    kind: str
    title: str = ""
    url: str = ""
    runtime: str = ""
    v8: str = ""


UNITS = ("request", "click", "load", "call")
"""What a round may be counted in; a load is one of a page, a call is one of a function."""


@dataclass(frozen=True, slots=True)
class Load:
    """What was done to the program in each round.

    Attributes:
        unit: What is counted, one of :data:`UNITS`.
        of: What was asked for or clicked on, such as ``GET /leak/{i}`` or ``#buy``, sorted;
            empty for loading a page anew, and where others made the traffic.
        observed: Whether others made it.
    """

    unit: str = UNITS[0]
    of: tuple[str, ...] = ()
    observed: bool = False

    @property
    def in_words(self) -> str:
        """``clicks on #buy``; for a sentence on what was measured."""
        named = [visible(each[:_LONGEST_NAME]) for each in self.of[:_MOST_NAMED]]
        what = ", ".join(named) + (" and others" if self.of[_MOST_NAMED:] else "")
        if self.unit == "load":
            return "loading the page anew"
        if self.observed:
            return f"{self.unit}s of others"
        return f"clicks on {what}" if self.unit == "click" else what


def unit_of(load: Load | None) -> str:
    """What rounds are counted in."""
    return UNITS[0] if load is None else load.unit


@dataclass(frozen=True, slots=True)
class Round:
    """One snapshot and what had been asked of the program before it.

    Attributes:
        snapshot: Absolute path of the ``.heapsnapshot`` or ``.heapsnapshot.gz`` file.
        requests: Requests answered by the program so far, or what else the recording's load
            counts, warm-up included; None when nobody counted.
        time: When the snapshot was complete, in UTC; None when unknown.
        heap_used: The heap's size in bytes as the runtime gave it; None where it gives none.
        isolate: Number of the isolate that the snapshot is of: it goes up when the program
            was reloaded between two rounds, since nothing in the two heaps is comparable.
        errors: How many of the requests since the snapshot before were answered with an HTTP
            status of 400 or above: growth under errors is another story.
    """

    snapshot: Path
    requests: int | None
    time: datetime | None = None
    heap_used: int | None = None
    isolate: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """One script that V8 had parsed.

    Attributes:
        id: V8's script id, as snapshots name it.
        url: The script's URL as the inspector gives it.
        source_map_url: The script's ``sourceMappingURL``, verbatim, but a ``data:`` URL without
            its data when the map was saved; empty when it has none.
        hash: V8's hash of the source; may be empty.
        length: Length of the source in UTF-16 units; 0 when unknown.
        source: Absolute path of the saved source text (UTF-8); None when not saved.
        source_map: Absolute path of the saved source map; None when there is none.
        source_map_base: The URL against which the map's sources are resolved (the map's own
            URL, or the script's when the map was inline); empty when there is no map.
    """

    id: int
    url: str
    source_map_url: str = ""
    hash: str = ""
    length: int = 0
    source: Path | None = None
    source_map: Path | None = None
    source_map_base: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A capture on disk, or bare snapshot files taken together.

    Attributes:
        path: The recording's directory; the first file's directory for bare files.
        target: The program.
        rounds: Oldest first; at least one.
        scripts: The scripts of the program by id; empty for bare files.
        workspace: Absolute path of the workspace the recording was made in; None when unknown.
        notes: What the user should know of how it was made, one sentence each.
        load: What was done in each round; None where nothing was, or nobody knows.
    """

    path: Path
    target: Target
    rounds: tuple[Round, ...]
    scripts: dict[int, Script] = field(default_factory=dict)
    workspace: Path | None = None
    notes: tuple[str, ...] = ()
    load: Load | None = None
