"""A workspace and findings made by hand, for what needs no real heap.

The play's recordings are real directories with a note in them that says what their analysis
gives. It runs in two processes: the tests import this file, and so does ``play_child.py``.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

from leakline.attribution.model import Evidence, EvidenceKind, Hop, SlotKind
from leakline.config.project import ProjectConfig
from leakline.errors import RecordingError
from leakline.leaks.model import Finding, SeriesPoint, Severity
from leakline.pipeline.model import Analysis
from leakline.positions import Position, SourceLocation, Span
from leakline.progress import OnProgress, Progress
from leakline.recording import Load, Recording, RecordingWriter, Target, names_of

INDEX = """\
// The seed of all leaks. \N{DECIDUOUS TREE}
let responseText = "";
const other = 1;

export default {
  async fetch() {
    responseText += "one more request served.\\n"; // grows
    return new Response(responseText);
  },
};

function shadow(responseText) {
  return responseText;
}
"""

CACHE = """\
export const pageCache = new Map();

class RateLimiter {
  windows = new Map();
  hit(key) {
    this.windows.set(key, Date.now());
    return this.windows.size;
  }
}

export function remember(path) {
  pageCache.set(path, render(path));
}
"""

USER = """\
import { pageCache as pages, remember } from "./cache.js";

export function count() {
  const windows = 1;
  return pages.size + windows;
}
"""

NOTE = "play.json"
SERIES = tuple(SeriesPoint(100 * n, 2_500 * n, 2_500 * n) for n in range(1, 5))


def lay_out(workspace: Path) -> None:
    """Write the workspace's files."""
    (workspace / "index.js").write_text(INDEX, "utf-8")
    (workspace / "cache.js").write_text(CACHE, "utf-8")
    (workspace / "user.js").write_text(USER, "utf-8")


def record(
    workspace: Path,
    play: str,
    *,
    seconds: float = 0.0,
    title: str = "",
    load: Load | None = None,
) -> Path:
    """Put a recording into the workspace whose analysis gives what ``play`` names.

    Args:
        workspace: The folder.
        play: What its analysis gives.
        seconds: How long that takes.
        title: The program's; the same one where none is given.
        load: What was done to it.
    """
    workspace.mkdir(exist_ok=True)
    time.sleep(0.002)  # names go by the millisecond
    with RecordingWriter(workspace, title or play) as writer:
        for number in range(1 if play == "one" else 2):
            with writer.snapshot() as sink:
                sink.write("{}")
            writer.add_round(sink, requests=200 + 200 * number)
        (writer.path / NOTE).write_text(json.dumps({"play": play, "seconds": seconds}))
        return writer.commit(Target(kind="node", title=title or "seed"), load).path


def place(path: Path, text: str, marked: str, occurrence: int = 0) -> SourceLocation:
    """Where ``marked`` stands in a text, columns in UTF-16 units."""
    offset = -1
    for _ in range(occurrence + 1):
        offset = text.index(marked, offset + 1)
    before = text[:offset]
    line = before.count("\n")
    column = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
    end = column + len(marked.encode("utf-16-le")) // 2
    return SourceLocation(
        path=str(path),
        url=path.as_uri(),
        span=Span(Position(line, column), Position(line, end)),
        line_text=text.split("\n")[line],
    )


def growing(workspace: Path) -> Finding:
    """The finding on ``responseText``."""
    file = workspace / "index.js"
    declaration = place(file, INDEX, "responseText")
    return Finding(
        code="growing-variable",
        severity=Severity.WARNING,
        message="global `responseText` grows per request: "
        "+25 B/request, 10.0 kB retained after 400 requests",
        root="responseText",
        slot_kind=SlotKind.GLOBAL,
        series=SERIES,
        growth_per_request=25.0,
        growth_per_snapshot=2_500.0,
        location=place(file, INDEX, 'responseText += "one more request served.\\n"'),
        declaration=declaration,
        other_writes=(),
        trace=(
            Hop("GC roots"),
            Hop("context of module index.js"),
            Hop("variable `responseText`", declaration, suspect=True),
            Hop("string [not](a link)", None, suspect=True),
        ),
        evidence=Evidence(EvidenceKind.WRITE, "the only write to `responseText` that adds to it"),
        preview="tok-8843 in the ``` heap",
        fingerprint="0f3a",
    )


def gone(workspace: Path) -> Finding:
    """The finding on ``responseText`` after its line was deleted from the file."""
    found = growing(workspace)
    assert found.location is not None
    note = "the line is gone from the file since the snapshot"
    return replace(found, location=replace(found.location, span=None, note=note))


def bundled(workspace: Path) -> Finding:
    """The finding on ``responseText`` whose source is known from the source map only."""
    found = growing(workspace)
    assert found.location is not None
    assert found.declaration is not None
    url, name = "webpack://play/src/index.js", "src/index.js"
    declaration = replace(found.declaration, path=None, url=url, name=name)
    return replace(
        found,
        location=replace(found.location, path=None, url=url, name=name),
        declaration=declaration,
        trace=(Hop("variable `responseText`", declaration, suspect=True),),
    )


def page_cache(workspace: Path) -> Finding:
    """The finding on the exported ``pageCache``."""
    file = workspace / "cache.js"
    return replace(
        growing(workspace),
        message="global `pageCache` grows per request: +6.4 kB/request",
        root="pageCache",
        growth_per_request=6_400.0,
        location=place(file, CACHE, "pageCache.set(path, render(path))"),
        declaration=place(file, CACHE, "pageCache"),
        trace=(),
        preview="",
        fingerprint="1b",
    )


def windows(workspace: Path) -> Finding:
    """The finding on a field."""
    file = workspace / "cache.js"
    return replace(
        growing(workspace),
        message="field `RateLimiter.windows` grows per request: +80 B/request",
        root="RateLimiter.windows",
        slot_kind=SlotKind.FIELD,
        growth_per_request=80.0,
        location=place(file, CACHE, "this.windows.set(key, Date.now())"),
        declaration=place(file, CACHE, "windows"),
        trace=(),
        preview="",
        fingerprint="2c",
    )


def large(workspace: Path) -> Finding:
    """A finding of severity information, from one snapshot."""
    return replace(
        growing(workspace),
        code="large-retained",
        severity=Severity.INFORMATION,
        message="global `other` retains 2.0 MB, 40 % of the heap",
        root="other",
        series=(SeriesPoint(None, 2_000_000, None),),
        growth_per_request=None,
        growth_per_snapshot=None,
        location=place(workspace / "index.js", INDEX, "other"),
        declaration=place(workspace / "index.js", INDEX, "other"),
        trace=(),
        preview="",
        fingerprint="3d",
    )


def many(workspace: Path) -> tuple[Finding, ...]:
    """A thousand findings in one file, besides the one on ``responseText``."""
    return (
        growing(workspace),
        *(replace(large(workspace), fingerprint=f"many-{n}") for n in range(1000)),
    )


def analyze(
    recording: Recording,
    *,
    workspace: Path | None,
    config: ProjectConfig,
    on_progress: OnProgress,
) -> Analysis:
    """Stand in for ``leakline.pipeline.analyze``."""
    note = json.loads((recording.path / NOTE).read_text())
    assert workspace is not None
    on_progress(Progress("reading snapshot 1 of 1", 0.1))
    time.sleep(note["seconds"])
    on_progress(Progress("looking for what grows", 0.9))
    match note["play"]:
        case "leak":
            findings: tuple[Finding, ...] = (growing(workspace), large(workspace))
        case "cache":
            findings = (page_cache(workspace), windows(workspace))
        case "many":
            findings = many(workspace)
        case "one":
            findings = (large(workspace),)
        case "table":
            table = "global `table` retains 3.0 MB, 60 % of the heap"
            findings = (replace(large(workspace), message=table, root="table", fingerprint="4e"),)
        case "gone":
            findings = (gone(workspace),)
        case "bundled":
            findings = (bundled(workspace),)
        case "mended":
            findings = ()
        case play:
            raise RecordingError(f"the play {play} ends badly", "see another")
    return Analysis(
        recording=recording.path,
        target=recording.target,
        findings=findings,
        snapshots=1 if note["play"] == "one" else 4,
        requests=400,
        heap_sizes=(1, 2, 3, 4),
        load=recording.load,
        program=names_of(recording.target, ()),
        notes=("a note on the analysis", *_overrides_note(config)),
        contents={"webpack://play/src/index.js": INDEX},
    )


def _overrides_note(config: ProjectConfig) -> tuple[str, ...]:
    return (f"overrides: {dict(config.path_overrides)}",) if config.path_overrides else ()
