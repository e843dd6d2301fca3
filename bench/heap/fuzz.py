"""Fuzzes the reader with atheris: damaged snapshots must give an error that is meant, or a graph.

    pip install atheris
    python bench/heap/fuzz.py [-max_total_time=3600] [corpus folder]

Each input goes through the interpreted kernels, whose branches lead atheris, and through a
build of the kernels with bounds checks on. The answers, errors included, have to be the same.
Options are libFuzzer's. The number of executions is in its last line.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from types import ModuleType

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from heap.building import Heap, checked_heap, interpreted_heap, small  # noqa: E402
from leakline.errors import SnapshotError  # noqa: E402

with atheris.instrument_imports(include=["leakline.heap"]):
    INTERPRETED = interpreted_heap()
CHECKED = checked_heap(Path(tempfile.mkdtemp(prefix="leakline-fuzz-")))


def rich() -> Heap:
    """A heap with a WeakMap, a plain object, samples and allocation stacks."""
    heap = small()
    pair = " / part of key (K @1) -> value (V @2) pair in WeakMap (table @7)"
    heap.node("object", "Object", 24)
    heap.edge(2, 4, "internal", f"1{pair}")
    heap.edge(3, 4, "internal", f"2{pair}")
    heap.edge(4, 3, "property", "held")
    heap.node("code", "info", 8)
    heap.node("code", "system / Script / file:///app/leak.js", 8)
    heap.edge(3, 5, "internal", "shared")
    heap.edge(5, 6, "internal", "script")
    heap.node_fields.append("trace_node_id")
    heap.locations = [[3 * len(heap.node_fields), 7, 4, 9]]
    heap.extra_meta = {
        "sample_fields": ["timestamp_us", "last_assigned_id"],
        "trace_function_info_fields": [
            *("function_id", "name", "script_name", "script_id", "line", "column")
        ],
        "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
    }
    heap.extra_sections = {
        "samples": [0, 3, 50000, 7],
        "trace_function_infos": [0, 1, 2, 0, -1, -1],
        "trace_tree": [1, 0, 0, 0, [2, 0, 1, 8, []]],
    }
    return heap


def use(heap: ModuleType, raw: bytes) -> object:
    """Read a file and ask for everything; its figures, or the error."""
    try:
        graph = heap.read_graph(raw, "fuzzed")
    except SnapshotError as error:
        message = str(error)
        assert message.startswith("fuzzed: "), message
        assert "\n" not in message, message
        return message
    return (
        [repr(one) for one in graph.class_totals],
        graph.retained_size.tolist(),
        graph.distance.tolist(),
        graph.retainer_edge.tolist(),
        [graph.string(index) for index in range(len(graph.strings))],
        heap.script_urls(graph.figures),
    )


def run(raw: bytes) -> None:
    # An exception other than SnapshotError ends the run: IndexError is a bound overstepped.
    assert use(INTERPRETED, raw) == use(CHECKED, raw)


def main() -> None:
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    corpus = Path(folders[0]) if folders else Path(tempfile.mkdtemp(prefix="leakline-corpus-"))
    corpus.mkdir(exist_ok=True)
    (corpus / "small").write_bytes(small().file())
    (corpus / "rich").write_bytes(rich().file())
    atheris.Setup([*sys.argv, *([] if folders else [str(corpus)])], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
