"""The URLs of scripts, as a snapshot knows them.

A closure's ``shared`` leads to its script (``script``, up to V8 11 ``script_or_debug_info``), a
node that is named by the script's URL.
"""

from __future__ import annotations

from leakline.heap import kernels
from leakline.heap.engine import view
from leakline.heap.figures import Figures
from leakline.memory import zeros

SCRIPT_EDGES = ("script", "script_or_debug_info")
NODE_PREFIX = "system / Script / "


def script_urls(figures: Figures) -> dict[int, str]:
    """Give the URL of each script that has functions in a snapshot, by V8's number of it.

    A script without a URL has no entry.
    """
    columns, places = figures.columns, figures.places
    runs = zeros(len(places.node), "i")
    # Functions of one script stand together: one of each such run answers for all.
    count = int(
        kernels.find_runs(
            view(places.node),
            view(places.script_id),
            view(columns.node_type),
            figures.meta.node_type("closure"),
            view(runs),
        )
    )
    shared, scripts = _names(figures, ("shared",)), _names(figures, SCRIPT_EDGES)
    urls: dict[int, str] = {}
    for row in runs[:count]:
        script_id = places.script_id[row]
        if script_id in urls:
            continue
        info = _target(figures, places.node[row], shared)
        script = None if info is None else _target(figures, info, scripts)
        if script is not None:
            url = figures.strings[columns.node_name[script]].removeprefix(NODE_PREFIX)
            if url:
                urls[script_id] = url
    return urls


def _names(figures: Figures, texts: tuple[str, ...]) -> frozenset[int]:
    indexes = (figures.strings.index(text) for text in texts)
    return frozenset(index for index in indexes if index is not None)


def _target(figures: Figures, node: int, names: frozenset[int]) -> int | None:
    """Where a node's first internal edge of one of some names leads."""
    columns, internal = figures.columns, figures.meta.edge_type("internal")
    for edge in range(columns.first_edge[node], columns.first_edge[node + 1]):
        if columns.edge_type[edge] == internal and columns.edge_name_or_index[edge] in names:
            target: int = columns.edge_to[edge]
            return target
    return None
