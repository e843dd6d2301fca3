"""Leakline: load, retained sizes, sums per class."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from leakline.recording import open_snapshot

path = Path(sys.argv[1])
with ThreadPoolExecutor(1) as reader, ExitStack() as stack:
    # The file is read while numpy loads.
    file = reader.submit(stack.enter_context, open_snapshot(path))
    from leakline.heap import read_graph

    graph = read_graph(file.result(), path.name, release=True)
    graph.work_out()
    print(graph.node_count, len(graph.class_totals))
