"""Leakline: load, retained sizes, sums per class."""

import sys
from pathlib import Path

from leakline.heap import read_graph

path = Path(sys.argv[1])
graph = read_graph(path.read_bytes(), path.name)
graph.work_out()
print(graph.node_count, len(graph.class_totals))
