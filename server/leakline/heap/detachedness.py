"""Which nodes belong to a page's DOM, and which have left it."""

from __future__ import annotations

from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.marks import marked_nodes, places_with
from leakline.heap.meta import Meta
from leakline.heap.strings import StringTable
from leakline.memory import zeros

ATTACHED = 1
DETACHED = 2


def propagated_detachedness(columns: Columns, meta: Meta, strings: StringTable) -> memoryview:
    """Say of each node whether it is attached to a page's DOM.

    Chrome DevTools' ``propagateDOMState``: the embedder's nodes below an attached one are
    attached, those below a detached one are detached unless attached otherwise.

    Returns:
        ``B`` per node: 0 unknown, 1 attached, 2 detached.
    """
    nodes = columns.nodes
    if "detachedness" not in meta.node_fields:
        return _by_name(columns, meta.node_type("native"), strings)
    state = columns.detachedness.tobytes().translate(bytes(value & 3 for value in range(256)))
    if state == bytes(nodes):
        return memoryview(state)
    visited = bytearray(state.translate(bytes(min(value, 1) for value in range(256))))
    spread = bytearray(state)
    native = marked_nodes(columns, meta, strings, {"native": (1, None)})
    crossed = bytearray(one not in ("hidden", "invisible", "weak") for one in meta.edge_types)
    for wanted in (ATTACHED, DETACHED):
        kernels.propagate_state(
            view(columns.first_edge),
            view(columns.edge_to),
            view(columns.edge_type),
            view(crossed),
            view(native),
            view(spread),
            view(visited),
            wanted,
            view(zeros(nodes, "i")),
        )
    return memoryview(spread)


def _by_name(columns: Columns, kind: int, strings: StringTable) -> memoryview:
    """The state in files without the field, which have the word in the name."""
    used, state = bytearray(len(strings)), bytearray(columns.nodes)
    ways = bytearray(256)
    if kind >= 0:
        ways[kind] = 1
    kernels.mark_class_names(
        view(columns.node_type),
        view(columns.node_name),
        view(state),
        view(ways),
        view(used),
        -1,
        -1,
    )
    names = places_with(used, 1)
    marks = bytearray(len(strings))
    for name, text in zip(names, strings.texts(names), strict=True):
        if text.startswith("Detached "):
            marks[name] = DETACHED
    kernels.mark_named(
        view(columns.node_type), view(columns.node_name), kind, view(marks), view(state)
    )
    return memoryview(state)
