"""Leakline: load, retained sizes, sums per class."""

import sys
from pathlib import Path
from threading import Thread

from leakline.recording import open_snapshot

path = Path(sys.argv[1])
file = open_snapshot(path)
buffers = []
# The file is read while numpy loads.
reading = Thread(target=lambda: buffers.append(file.__enter__()))
reading.start()
from leakline.heap import read_graph  # noqa: E402

reading.join()
graph = read_graph(buffers[0], path.name, release=True)
graph.work_out()
print(graph.node_count, len(graph.class_totals))
