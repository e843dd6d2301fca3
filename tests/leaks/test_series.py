"""Snapshots that number their objects differently are still one series."""

from __future__ import annotations

from leakline.attribution.scripts import Script, Scripts, SourceFile
from leakline.heap import read_graph
from leakline.leaks import Series, Snapshot, find_leaks
from support.snapshots import Node, SnapshotBuilder

SOURCE = "const log = [];\nconst other = [];\nexport function handle(x) { log.push(x); }\n"
SCRIPT = 7


class NoFiles:
    def find(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        assert spelling
        return SourceFile(url, "server.mjs", None, content, lambda line: line)


def scripts() -> Scripts:
    script = Script(SCRIPT, "file:///server.mjs", lambda: SOURCE, lambda: None)
    return Scripts({SCRIPT: script}, NoFiles())


def snapshot(count: int, *, first_id: int) -> bytes:
    builder = SnapshotBuilder()
    ids = iter(range(first_id, first_id + 100_000, 2))

    def node(type_: str, name: str, size: int = 16) -> Node:
        return builder.node(type_, name, size=size, id=next(ids))

    function = builder.root.edge("element", 1, node("closure", "handle"))
    function.location = (SCRIPT, 2, 22)
    context = function.edge("internal", "context", node("object", "system / Context"))
    log = context.edge("context", "log", node("object", "Array"))
    for i in range(count):
        log.edge("element", i, node("object", "Object", 40))
    return builder.build()


def test_a_series_of_separate_captures_shows_growth() -> None:
    known = scripts()
    series = [
        Snapshot.of(read_graph(snapshot(100 * n, first_id=50_001 * n)), known, 100 * n)
        for n in (1, 2, 3)
    ]
    (finding,) = find_leaks(Series(series, known))
    assert finding.root == "log"
    assert finding.growth_per_request == 40
    assert finding.location is not None
    assert finding.location.span is not None
    assert finding.location.span.start.line == 2
