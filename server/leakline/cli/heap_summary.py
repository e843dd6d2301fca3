"""The answer of ``leakline heap summary``, which needs no numpy and so none of its time."""

from __future__ import annotations

from pathlib import Path

from leakline.cli.heap_files import SnapshotFiles
from leakline.cli.heap_tables import Column, Shown, table
from leakline.heap import figures_of, script_urls, user_distance


def summary(*, files: SnapshotFiles, path: Path, limit: int, values: bool) -> tuple[object, str]:
    """Objects by constructor, as data for programs and text for people."""
    snapshot = files.get(path)
    figures = figures_of(snapshot.parsed, release=True)
    figures.work_out()
    urls = {number: script.url for number, script in snapshot.scripts.items()}
    shown = Shown(values, urls or script_urls(figures))
    rows = figures.class_totals[:limit]
    columns: list[Column] = [
        ("count", lambda row: row.count),
        ("shallow", lambda row: row.shallow_size),
        ("retained", lambda row: row.retained_size),
        ("distance", lambda row: user_distance(row.distance)),
        ("constructor", lambda row: shown.class_name(row.key)),
    ]
    more = len(figures.class_totals) - len(rows)
    text = table(rows, columns, "no objects") + (f"{more:,} more\n" if more else "")
    return {"classes": [shown.total_data(row) for row in rows], "more": more}, text
