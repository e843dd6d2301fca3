"""Reads a snapshot of more than 4 GiB: makes it, reads it, deletes it.

    python bench/heap/huge.py

Most of it is strings, which stand before the nodes and the edges here, so that these lie beyond
4 GiB too. Takes 5 GB of disk and as much memory.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from heap.building import small  # noqa: E402
from leakline.heap import read_graph  # noqa: E402
from leakline.recording import open_snapshot  # noqa: E402

PADDING = 4400
"""Strings of a million characters each."""


def main() -> None:
    heap = small()
    document = heap.document()
    strings = document.pop("strings")
    document["nodes"][1] = PADDING + strings.index("Window")
    text = json.dumps(document, separators=(",", ":"))
    start = text.index('"nodes"')
    with tempfile.TemporaryDirectory(dir=ROOT / "bench" / "heap" / "build") as folder:
        path = Path(folder, "huge.heapsnapshot")
        with path.open("w") as file:
            file.write(text[:start] + '"strings":[')
            for _ in range(PADDING):
                file.write('"' + "x" * 1_000_000 + '",\n')
            file.write(",".join(json.dumps(one) for one in strings) + "]," + text[start:])
        begin = time.perf_counter()
        with open_snapshot(path) as buffer:
            graph = read_graph(buffer, path.name, release=True)
            graph.work_out()
            assert graph.node_name_of(0) == "Window"
            assert graph.string(PADDING - 1) == "x" * 1_000_000
            assert graph.retained_size.tolist() == heap.graph().retained_size.tolist()
        seconds = time.perf_counter() - begin
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{path.stat().st_size / 1e9:.2f} GB read in {seconds:.1f} s, {memory:.0f} MB")


if __name__ == "__main__":
    main()
