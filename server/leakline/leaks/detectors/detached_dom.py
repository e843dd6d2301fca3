"""Elements that are out of the document and are kept from script.

Chromium writes for each node of the DOM whether it is attached to a document (``detachedness``
in the snapshot); what hangs below a detached node is detached too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Slots
from leakline.heap.detachedness import DETACHED
from leakline.leaks.detectors import growing_variable
from leakline.leaks.explained import Part, explain_growth, recoded
from leakline.leaks.grown import Growth
from leakline.leaks.holders import Holder, find_holders, nearest_above
from leakline.leaks.information import information
from leakline.leaks.model import Finding
from leakline.leaks.series import Series

CODE = "detached-dom"

# Without growth fewer than this are not worth telling of: a dialog that is kept for later, a
# list's rows that are used again.
MIN_ELEMENTS = 500


def explain(series: Series, growing: Sequence[Growth]) -> tuple[list[Finding], list[Growth]]:
    """Tells of the growths that consist of detached elements.

    Args:
        series: At least two snapshots.
        growing: The slots that grow.

    Returns:
        The findings, and the growths that are left.
    """
    explained, left = explain_growth(series, growing, _sized)
    found = [
        recoded(finding, CODE, f"{finding.message}; it keeps {_in_words(each.count)}")
        for each in explained
        for finding in growing_variable.detect(series, [each.growth])
    ]
    return found, left


def detect(series: Series) -> list[Finding]:
    """Findings for the slots that keep many detached elements, the most first."""
    nodes = detached_elements(series.newest)
    weights = np.ones(nodes.size, dtype=np.int64)
    # An element is never empty: whoever keeps that many retains at least a byte for each.
    holders = find_holders(
        series.newest, nodes, weights, limit=MIN_ELEMENTS, least_retained=MIN_ELEMENTS
    )
    found = map(partial(_finding, series), holders)
    return [finding for finding in found if finding is not None]


def detached_elements(slots: Slots) -> NDArray[np.int64]:
    """Ordinals, int64 and rising, of the elements that are in no document."""
    graph = slots.graph
    marked = np.asarray(graph.figures.columns.detachedness) == DETACHED
    if not marked.any():
        return np.empty(0, dtype=np.int64)
    # An element that script has never touched is marked by what it hangs below only. Its name
    # is its tag, as no other native object's is.
    strings = graph.strings
    is_tag = np.asarray(strings.data)[np.asarray(strings.starts)[graph.node_name]] == ord("<")
    is_native = graph.node_type == graph.meta.node_type("native")
    below = (graph.detachedness == DETACHED) & is_tag & is_native
    return np.flatnonzero(marked | below)


def _sized(slots: Slots) -> Part:
    """The detached elements; the outermost ones stand for what hangs below them."""
    graph = slots.graph
    nodes = detached_elements(slots)
    if not nodes.size:
        return nodes, nodes
    inner = nearest_above(graph, nodes)[graph.dominator[nodes]] >= 0
    return nodes, np.where(inner, 0, graph.retained_size[nodes])


def _in_words(count: int) -> str:
    return "one detached DOM element" if count == 1 else f"{count:,} detached DOM elements"


def _finding(series: Series, holder: Holder) -> Finding | None:
    located = series.locate(holder.path)
    if located is None:
        return None
    message = f"{located.kind.value} `{located.name}` keeps {_in_words(holder.weight)}"
    return information(series, CODE, holder.path, located, message)
