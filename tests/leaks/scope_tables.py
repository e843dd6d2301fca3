"""Verdicts on captured variables, with V8's scope tables and without them."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from leakline.heap import read_graph
from leakline.pipeline import analyze
from leakline.pipeline.unused_variables import unused_variables
from leakline.recording import Recording, load_recording, open_snapshot

_TABLES = ("scopes", "scope_context_vars", "scope_uses")
_FIELDS = ("scope_fields", "scope_context_var_fields", "scope_use_fields")


def without_tables(recording: Recording, directory: Path) -> Recording:
    """A copy of a recording whose snapshots are as those of V8s that write no scope tables."""
    assert recording.path is not None
    copy = directory / "without-tables"
    shutil.copytree(recording.path, copy)
    for path in copy.glob("*.heapsnapshot*"):
        packed = path.suffix == ".gz"
        text = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        document: dict[str, Any] = json.loads(text)
        for table in _TABLES:
            del document[table]
        for fields in _FIELDS:
            del document["snapshot"]["meta"][fields]
        plain = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        bare = plain.encode("utf-8", "surrogatepass")
        path.write_bytes(gzip.compress(bare, 1) if packed else bare)
    stripped = load_recording(copy)
    return replace(stripped, workspace=recording.workspace)


def unused(recording: Recording) -> tuple[bool, dict[int, frozenset[str]]]:
    """Whether the newest snapshot has tables, and the unused variables of all its Contexts.

    Contexts that have none are left out: what is not known and what is used looks the same.
    """
    with open_snapshot(recording.rounds[-1].snapshot) as buffer:
        graph = read_graph(buffer, name="newest")
        graph.work_out()
        has_tables = graph.scopes is not None
        names = [i for i in np.unique(graph.node_name) if "Context" in graph.string(int(i))]
        contexts = np.flatnonzero(np.isin(graph.node_name, names)).tolist()
        told = unused_variables(graph, recording.scripts.values(), recording.workspace, contexts)
    return has_tables, {context: names for context, names in told.items() if names}


def told(recording: Recording) -> list[tuple[object, ...]]:
    """All that is said of a recording."""
    return [
        (each.code, each.severity, each.message, each.root, each.location, each.evidence)
        for each in analyze(recording).findings
    ]
