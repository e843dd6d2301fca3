"""Leakline: load, retained sizes, sums per class."""

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

from leakline.heap import parse_snapshot
from leakline.recording import open_snapshot

path = Path(sys.argv[1])
parsed = []


def parse() -> None:
    parsed.append(parse_snapshot(file.__enter__(), path.name))


file = open_snapshot(path)
# The file is read and parsed while numpy loads.
parsing = Thread(target=parse)
parsing.start()
build_graph = import_module("leakline.heap").build_graph
parsing.join()
graph = build_graph(parsed[0], release=True)
graph.work_out()
print(graph.node_count, len(graph.class_totals))
