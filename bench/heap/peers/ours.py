"""Leakline: load, retained sizes, sums per class."""

import sys
from pathlib import Path

from leakline.heap import figures_of, parse_snapshot
from leakline.recording import open_snapshot

path = Path(sys.argv[1])
with open_snapshot(path) as buffer:
    figures = figures_of(parse_snapshot(buffer, path.name), release=True)
figures.work_out()
print(figures.columns.nodes, len(figures.class_totals))
