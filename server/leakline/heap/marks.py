"""Nodes and strings marked: one byte each."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.meta import Meta
from leakline.heap.strings import StringTable
from leakline.memory import zeros


def marked_nodes(
    columns: Columns,
    meta: Meta,
    strings: StringTable,
    wanted: Mapping[str, tuple[int, str | None]],
) -> bytearray:
    """Mark nodes by their type and, where one is given, their name.

    Args:
        columns: The file's columns.
        meta: Its format.
        strings: Its strings.
        wanted: By the type's name the mark, 1 to 255, and what its nodes are called to have it;
            None for any.

    Returns:
        Per node its mark, 0 for none.
    """
    mark_of_type = bytearray(len(meta.node_types))
    name_of_type = array("q", [-1]) * len(meta.node_types)
    for type_name, (mark, text) in wanted.items():
        kind = meta.node_type(type_name)
        name = -1 if text is None else strings.index(text)
        if kind >= 0 and name is not None:
            mark_of_type[kind], name_of_type[kind] = mark, name
    marks = bytearray(columns.nodes)
    kernels.mark_nodes(
        view(columns.node_type),
        view(columns.node_name),
        view(mark_of_type),
        view(name_of_type),
        view(marks),
    )
    return marks


def places_with(marks: bytearray, bit: int) -> list[int]:
    """List the places whose mark has a bit, rising."""
    found = zeros(4096, "i")
    count = int(kernels.find_marked(view(marks), bit, view(found)))
    if count > len(found):
        found = zeros(count, "i")
        kernels.find_marked(view(marks), bit, view(found))
    return found[:count].tolist()
