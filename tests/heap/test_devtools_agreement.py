"""Every figure is the one that Chrome DevTools' Memory panel shows."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leakline.heap import Graph, read_graph

SNAPSHOTS = Path(__file__).parents[2] / "fixtures" / "snapshots"
NAMES = sorted(path.name for path in SNAPSHOTS.glob("*.heapsnapshot.gz"))


@cache
def graph_of(name: str) -> Graph:
    return read_graph(gzip.decompress((SNAPSHOTS / name).read_bytes()), name)


@cache
def reference() -> dict[str, Any]:
    return json.loads(gzip.decompress((SNAPSHOTS / "devtools.json.gz").read_bytes()))


def test_every_runtime_has_a_snapshot() -> None:
    assert [name.split(".")[0] for name in NAMES] == [
        "chromium",
        "deno",
        "node20",
        "node22",
        "node24",
        "node26",
        "tracked20",
        "tracked24",
        "workerd",
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("shallow", "shallow_size"),
        ("retained", "retained_size"),
        ("distance", "distance"),
        ("dominator", "dominator"),
        ("detachedness", "detachedness"),
    ],
)
def test_column_is_devtools(name: str, column: str, attribute: str) -> None:
    expected = reference()[name]
    values = getattr(graph_of(name), attribute)
    assert values.size == expected["nodes"]
    assert zlib.crc32(values.astype(np.int64).tobytes()) == expected["columns"][column]


@pytest.mark.parametrize("name", NAMES)
def test_classes_are_devtools(name: str) -> None:
    found = {}
    for total in graph_of(name).class_totals:
        place = total.key.location
        prefix = f"{place.script_id},{place.line},{place.column}" if place else ""
        found[f"{prefix},{total.key.name}"] = [
            total.count,
            total.shallow_size,
            total.retained_size,
            total.distance,
        ]
    assert found == reference()[name]["classes"]


@pytest.mark.parametrize("name", NAMES)
def test_total_is_devtools(name: str) -> None:
    graph = graph_of(name)
    expected = reference()[name]["statistics"]["total"]
    assert graph.total_size + graph.meta.extra_native_bytes == expected
