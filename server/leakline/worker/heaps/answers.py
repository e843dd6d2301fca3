"""Each question of the heap explorer, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leakline.errors import UsageError
from leakline.pipeline.profile import alive_lines
from leakline.progress import OnProgress
from leakline.report.heap_rows import HeapRows, statistics_data, well_formed_data
from leakline.worker.frames import HeapQuestion
from leakline.worker.heaps import comparing, listing, places, rows, tables, trees
from leakline.worker.heaps.arguments import Arguments
from leakline.worker.heaps.loaded import LoadedSnapshot
from leakline.worker.heaps.store import HeapStore

_View = Callable[[LoadedSnapshot, Arguments, HeapRows], dict[str, Any]]

_VIEWS: dict[str, _View] = {
    "load": lambda loaded, _, __: {
        "nodes": loaded.graph.node_count,
        "edges": loaded.graph.edge_count,
        "size": loaded.graph.total_size,
    },
    "statistics": lambda loaded, _, __: statistics_data(loaded.statistics),
    "summary": tables.summary,
    "objects": tables.objects,
    "containment": trees.containment,
    "dominators": trees.dominators,
    "treemap": trees.treemap,
    "retainers": trees.retainers,
}

_OF_FILES = ("open", "source", "profile")
"""What answers with paths of this machine, which must stay as they are."""

_STORE = HeapStore()


def answer(question: HeapQuestion, report: OnProgress) -> Any:  # noqa: ANN401 - JSON
    """Answer one question, loading the snapshots that it is about.

    Raises:
        UsageError: There is no such question, or what it asks for is not there.
        SnapshotError: A snapshot cannot be read.
        RecordingError: A recording cannot be read.
    """
    data = _answer(question, Arguments(question.arguments), report)
    return data if question.name in _OF_FILES else well_formed_data(rows.cut(data))


def _answer(question: HeapQuestion, arguments: Arguments, report: OnProgress) -> dict[str, Any]:
    name = question.name
    if name == "open":
        return listing.snapshots(arguments.paths("paths"))
    if name == "profile":
        workspace = question.workspace or Path.cwd()
        lines = alive_lines(arguments.path("profile"), workspace, question.path_overrides)
        return {"lines": [asdict(line) for line in lines]}
    if name in ("compare", "newObjects", "deletedObjects"):
        older, newer = arguments.path("older"), arguments.path("newer")
        compared = _STORE.compare(older, newer, report)
        if name == "compare":
            return comparing.compare(compared, arguments, _shown(compared.newer, question))
        new = name == "newObjects"
        shown = _shown(compared.newer if new else compared.older, question)
        return comparing.compared_objects(compared, arguments, shown, new=new)
    if name != "source" and name not in _VIEWS:
        raise UsageError(f"there is no view {name}")
    loaded = _STORE.get(arguments.path("snapshot"), report)
    if name == "source":
        return places.source(loaded, arguments, question)
    return _VIEWS[name](loaded, arguments, _shown(loaded, question))


def _shown(loaded: LoadedSnapshot, question: HeapQuestion) -> HeapRows:
    return HeapRows(question.values, loaded.script_urls)
