"""A slot that keeps a large part of the heap."""

from __future__ import annotations

from dataclasses import replace

from leakline.attribution.slot_path import SlotPath
from leakline.config import LARGE_RETAINED_BYTES, LARGE_RETAINED_SHARE
from leakline.leaks.figures import format_bytes
from leakline.leaks.information import information
from leakline.leaks.model import Finding
from leakline.leaks.series import Series

CODE = "large-retained"


def detect(series: Series) -> list[Finding]:
    """Findings for the slots that keep the most in the newest snapshot, largest first."""
    slots = series.newest
    graph = slots.graph
    heap = graph.total_size
    limit = max(LARGE_RETAINED_BYTES, LARGE_RETAINED_SHARE * heap)
    large: dict[int, SlotPath] = {}
    pending = list(slots.top_level().items())
    seen: set[int] = set()
    while pending:
        path, value = pending.pop()
        if value in seen or int(graph.retained_size[value]) < limit:
            continue
        seen.add(value)
        if graph.node_type_name(value) != "closure":
            large[value] = path
        pending.extend(slots.named_below(path, value).items())
    deepest = dict(large)
    for value in large:
        # A slot that only wraps another large one says nothing new.
        above = int(graph.dominator[value])
        while above not in large and above != int(graph.dominator[above]):
            above = int(graph.dominator[above])
        if above in deepest and graph.retained_size[value] > 0.5 * graph.retained_size[above]:
            deepest.pop(above, None)
    found = (_finding(series, path, value, heap) for value, path in deepest.items())
    ranked = [finding for finding in found if finding is not None]
    return sorted(ranked, key=lambda finding: finding.retained_size, reverse=True)


def _finding(series: Series, path: SlotPath, value: int, heap: int) -> Finding | None:
    located = series.locate(path)
    if located is None:
        return None
    size = int(series.newest.graph.retained_size[value])
    message = (
        f"{located.kind.value} `{located.name}` keeps {format_bytes(size)}: "
        f"{100 * size / heap:.0f} % of the heap"
    )
    # What is large need not grow: it is told where it is declared.
    declared = replace(located, writes=()) if located.declaration is not None else located
    return information(series, CODE, path, declared, message)
