"""Rows as the explorer's tables show them: those of ``leakline heap``, each with a label."""

from __future__ import annotations

from typing import Any

from leakline.heap import Graph
from leakline.heap.views import Branch, node_row
from leakline.report.heap_rows import HeapRows

LONGEST_TEXT = 1000
"""Characters of a name that are sent; V8 itself cuts many at 1024."""


def node(graph: Graph, ordinal: int, shown: HeapRows) -> dict[str, Any]:
    """An object."""
    row = node_row(graph, ordinal)
    label = "(root)" if ordinal == 0 else shown.label(row)
    return {**shown.node_data(row), "label": label}


def branch(one: Branch, shown: HeapRows) -> dict[str, Any]:
    """A line of a tree."""
    label = "(root)" if one.row.node == 0 else shown.label(one.row)
    return {**shown.branch_data(one), "label": label}


def edge(graph: Graph, number: int) -> dict[str, Any]:
    """An edge."""
    return {"edgeName": graph.edge_name(number), "edgeType": graph.edge_type_name(number)}


def cut(data: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON with long texts cut: a name or a ``data:`` URL can be as long as memory."""
    if isinstance(data, str):
        return data[:LONGEST_TEXT]
    if isinstance(data, dict):
        return {key: cut(value) for key, value in data.items()}
    if isinstance(data, list):
        return [cut(value) for value in data]
    return data
