"""Holds Leakline to Chrome DevTools' worker, node by node, on large generated snapshots.

    (cd bench && npm ci --ignore-scripts)
    python bench/heap/agree.py > bench/heap/agreement.json

Takes the snapshots that ``run.py`` makes, one of mixed shapes and the TypeScript compiler's
heap. Writes DevTools' figures: a checksum of each column and of the class sums. Ends with
status 1 where one of Leakline's columns or sums differs.
"""

from __future__ import annotations

import json
import shutil
import sys
import zlib

import numpy as np
import run

from leakline.heap import Graph, read_graph

sys.path.insert(0, str(run.BENCH.parent / "fixtures" / "snapshots"))
import reference

FILES = [(100, "mixed"), (150, "typescript")]


def main() -> None:
    node = shutil.which("node") or "node"
    found, differences = {}, []
    for size, shape in FILES:
        path = run.generate(node, size, shape)
        if path is None:
            raise SystemExit("there is not enough memory")
        theirs = reference.reference(path)
        ours = figures(read_graph(path.read_bytes(), path.name))
        expected = {"columns": theirs["columns"], "classes": theirs["classes"]}
        differences += [f"{path.name}: {name}" for name in compared(ours, expected)]
        classes = json.dumps(theirs["classes"], sort_keys=True)
        found[path.name] = {
            "bytes": path.stat().st_size,
            "nodes": theirs["nodes"],
            "columns": theirs["columns"],
            "classCount": len(theirs["classes"]),
            "classes": zlib.crc32(classes.encode()),
        }
    print(json.dumps(found, indent=2, sort_keys=True))
    for difference in differences:
        print(f"differs: {difference}", file=sys.stderr)
    raise SystemExit(1 if differences else 0)


def figures(graph: Graph) -> dict[str, dict]:
    graph.work_out()
    columns = {
        "shallow": graph.shallow_size,
        "retained": graph.retained_size,
        "distance": graph.distance,
        "dominator": graph.dominator,
        "detachedness": graph.detachedness,
    }
    sums = {}
    for total in graph.class_totals:
        place = total.key.location
        prefix = f"{place.script_id},{place.line},{place.column}" if place else ""
        sums[f"{prefix},{total.key.name}"] = [
            total.count,
            total.shallow_size,
            total.retained_size,
            total.distance,
        ]
    return {
        "columns": {
            name: zlib.crc32(column.astype(np.int64).tobytes()) for name, column in columns.items()
        },
        "classes": sums,
    }


def compared(ours: dict[str, dict], theirs: dict[str, dict]) -> list[str]:
    return [
        f"{part} {name}: {ours[part].get(name)} here, {theirs[part].get(name)} there"
        for part in theirs
        for name in sorted(ours[part].keys() | theirs[part].keys())
        if ours[part].get(name) != theirs[part].get(name)
    ]


if __name__ == "__main__":
    main()
