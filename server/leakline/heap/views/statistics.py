"""What the heap consists of, by kind of memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leakline.heap.graph import Graph
from leakline.heap.views.nodes import STRING_TYPES


@dataclass(frozen=True, slots=True)
class Statistics:
    """Chrome DevTools' Statistics, in bytes.

    Attributes:
        nodes: How many nodes the snapshot has.
        edges: How many edges.
        total: All of it, bytes outside the heap that V8 counts included.
        native: Outside V8's heap, typed arrays included.
        typed_arrays: The data of typed arrays.
        v8_heap: In V8's heap: the total without ``native``.
        code: Compiled code.
        strings: Strings.
        js_arrays: Arrays with their elements.
        system: V8's own parts.
    """

    nodes: int
    edges: int
    total: int
    native: int
    typed_arrays: int
    v8_heap: int
    code: int
    strings: int
    js_arrays: int
    system: int

    @property
    def other(self) -> int:
        """What is left of ``v8_heap``: objects, closures and the rest."""
        return self.v8_heap - self.code - self.strings - self.js_arrays - self.system


def statistics(graph: Graph) -> Statistics:
    """Add up the heap as Chrome DevTools' ``calculateStatistics`` does.

    Like there, sizes of V8's own parts are counted to the kind of the object that owns them.
    """
    sizes, extra = graph.shallow_size, graph.meta.extra_native_bytes
    sums = {
        kind: int(sizes[graph.node_type == number].sum())
        for number, kind in enumerate(graph.node_type_names)
    }
    native = sums.get("native", 0) + extra
    total = graph.total_size + extra
    buffers = graph.nodes_named("system / JSArrayBufferData", "native")
    return Statistics(
        nodes=graph.node_count,
        edges=graph.edge_count,
        total=total,
        native=native,
        typed_arrays=int(sizes[buffers].sum()),
        v8_heap=total - native,
        code=sums.get("code", 0),
        strings=sum(sums.get(kind, 0) for kind in STRING_TYPES),
        js_arrays=_js_arrays(graph),
        system=sums.get("hidden", 0),
    )


def _js_arrays(graph: Graph) -> int:
    """Sizes of arrays, and of their elements where nothing else holds these."""
    counted = [
        graph.meta.node_type(kind) for kind in ("hidden", "native", "code", *sorted(STRING_TYPES))
    ]
    arrays = graph.nodes_named("Array")
    arrays = arrays[~np.isin(graph.node_type[arrays], counted)]
    is_array = np.zeros(graph.node_count, np.bool_)
    is_array[arrays] = True
    edges = graph.find_edges_named("elements", "internal")
    owners = graph.edge_sources(edges)
    of_array = is_array[owners]
    # DevTools stops at an array's first such edge.
    _, first = np.unique(owners[of_array], return_index=True)
    elements = graph.edge_to[edges[of_array][first]]
    held_once = np.diff(graph.first_retainer)[elements] == 1
    sizes = graph.shallow_size
    return int(sizes[arrays].sum() + sizes[elements[held_once]].sum())
