"""The shape of a recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SCHEMA_VERSION = 1


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


@dataclass(frozen=True, slots=True)
class Round:
    """One snapshot and what had been asked of the program before it.

    Attributes:
        snapshot: Absolute path of the ``.heapsnapshot`` or ``.heapsnapshot.gz`` file.
        requests: Requests answered by the program so far, warm-up included; None when
            nobody counted.
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
    """

    path: Path
    target: Target
    rounds: tuple[Round, ...]
    scripts: dict[int, Script] = field(default_factory=dict)
    workspace: Path | None = None
    notes: tuple[str, ...] = ()
