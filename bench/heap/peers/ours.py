"""Leakline: load, retained sizes, sums per class."""

import sys
from pathlib import Path
from threading import Thread

from leakline.recording import open_snapshot

path = Path(sys.argv[1])
file = open_snapshot(path)
read = []
# The file is read while the engine loads.
reading = Thread(target=lambda: read.append(file.__enter__()))
reading.start()

from leakline.heap import figures_of, parse_snapshot  # noqa: E402

reading.join()
figures = figures_of(parse_snapshot(read.pop(), path.name), release=True)
figures.work_out()
print(figures.columns.nodes, len(figures.class_totals))
