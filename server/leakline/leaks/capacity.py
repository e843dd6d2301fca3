"""What the tables inside containers cost, without the jumps in which V8 makes them larger.

V8 makes an array's backing store half as large again when it is full, and a hash table twice as
large. A container that gains one element per request therefore stays as large as it is for most
rounds, and jumps in one. What it costs in the long run is a number of bytes per element: here
each table counts as its elements at that price, so that every round shows its share.

A table of small integers shows no elements in a snapshot (they have no node). All that is known
of it is when it doubles; where it does so again and again, what it gained is spread evenly over
the requests.

Sources: V8's ``JSObject::NewElementsCapacity``, ``OrderedHashTable`` and ``HashTable``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.slots import Slots
from leakline.heap import Graph

# Smaller tables are no larger than other noise.
MIN_BYTES = 512

# The largest ones are looked at.
MAX_TABLES = 2000

# Edges of a table by which the others are judged.
SAMPLE = 256

# A table of which nothing but the size is known grows when it doubled at least so often.
MIN_DOUBLINGS = 2

# A factor by which tables grow is, on average over time, this much room for each element.
_ROOM_HALF = 0.5 / math.log(1.5)
_ROOM_DOUBLE = 1 / math.log(2)

# Words per element: an array's; a Set's (value, chain, half a bucket); a Map's (and a key); a
# dictionary's (key, value, details; it is never more than two thirds full).
_ARRAY = _ROOM_HALF
_SET = 2.5 * _ROOM_DOUBLE
_MAP = 3.5 * _ROOM_DOUBLE
_DICTIONARY = 3 * 1.5 * _ROOM_DOUBLE


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of one container in one snapshot.

    Attributes:
        owner: The container's ordinal.
        bytes: The table's size.
        elements: How many elements it has; None where that cannot be seen.
        words: Machine words that one of them costs in the long run.
    """

    owner: int
    bytes: int
    elements: int | None
    words: float


def table_corrections(
    series: Sequence[Slots], requests: Sequence[int | None]
) -> list[dict[int, int]]:
    """How far the sizes of a series are off by the jumps of tables.

    Args:
        series: The slots of each snapshot, oldest first, of one session.
        requests: Requests answered before each snapshot; None where nobody counted.

    Returns:
        For each snapshot: container's ordinal -> bytes to add to its size.
    """
    corrections: list[dict[int, int]] = [{} for _ in series]
    tables = [_tables_by_id(slots) for slots in series]
    word = next((w for slots in series if (w := _word(slots.graph))), 8)
    for key in tables[-1]:
        found = [each.get(key) for each in tables]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            continue
        prices = _prices(known, requests, word)
        for table, price, sums in zip(known, prices, corrections, strict=True):
            if price != table.bytes:
                sums[table.owner] = sums.get(table.owner, 0) + price - table.bytes
    return corrections


def _prices(tables: Sequence[_Table], requests: Sequence[int | None], word: int) -> list[int]:
    """What each table counts as, in bytes: nothing else than it has, where it stays as it is."""
    sizes = [table.bytes for table in tables]
    counts = [table.elements for table in tables]
    if all(count is None for count in counts):
        return _spread(sizes, requests)
    if any(count is None for count in counts) or sizes[0] >= sizes[-1]:
        # Not grown: full of room that was there before, such as `new Array(1000)`.
        return sizes
    return [round((each.elements or 0) * each.words * word) for each in tables]


def _spread(sizes: Sequence[int], requests: Sequence[int | None]) -> list[int]:
    """The growth of a table that doubles now and then, evenly over the rounds."""
    grew = [after > before for before, after in pairwise(sizes)]
    still = any(not here and not there for here, there in pairwise(grew))
    # A table that only doubles once was filled once.
    doublings = math.log2(sizes[-1] / sizes[0]) if sizes[0] else 0.0
    if still or sum(grew) < MIN_DOUBLINGS or doublings < MIN_DOUBLINGS - 0.5:
        return list(sizes)
    times = [index if each is None else each for index, each in enumerate(requests)]
    if times[-1] <= times[0]:
        times = list(range(len(sizes)))
    rate = (sizes[-1] - sizes[0]) / (times[-1] - times[0])
    return [round(sizes[0] + rate * (time - times[0])) for time in times]


def _tables_by_id(slots: Slots) -> dict[tuple[int, str], _Table]:
    """The larger tables of a snapshot: their containers' object id, and the edge -> table."""
    graph = slots.graph
    found: dict[tuple[int, str], _Table] = {}
    for kind in ("table", "elements", "properties"):
        edges = graph.find_edges_named(kind, "internal")
        sizes = graph.self_size[graph.edge_to[edges]]
        large = edges[sizes >= MIN_BYTES]
        large = large[np.argsort(sizes[sizes >= MIN_BYTES])[::-1][:MAX_TABLES]]
        for edge in large.tolist():
            owner, table = graph.edge_source(edge), int(graph.edge_to[edge])
            if int(graph.dominator[table]) != owner:
                continue
            read = _read(slots, owner, table, kind)
            if read is not None:
                found[int(graph.node_id[owner]), kind] = read
    return found


def _read(slots: Slots, owner: int, table: int, kind: str) -> _Table | None:
    graph = slots.graph
    size = int(graph.self_size[table])
    if kind == "table":
        name = graph.node_name_of(owner)
        if name not in {"Map", "Set"}:
            return None
        count = _entries(graph, table, 3 if name == "Map" else 2)
        return _Table(owner, size, count, _MAP if name == "Map" else _SET)
    if kind == "properties":
        count = _numbers(graph, owner, "property").size
        return _Table(owner, size, count, _DICTIONARY) if count * 8 < size else None
    indexes = _numbers(graph, owner, "element")
    # An array has room for the holes between its elements, a dictionary has none.
    span, count = int(indexes.max(initial=-1)) + 1, indexes.size
    if count and size <= 8 * (1.6 * span + 32):
        return _Table(owner, size, span, _ARRAY)
    # Plain numbers have no nodes, and an array may be made larger than it needs to be.
    is_dictionary = count * 8 < size <= 128 * count and graph.node_name_of(owner) != "Array"
    return _Table(owner, size, count, _DICTIONARY) if is_dictionary else None


def _numbers(graph: Graph, node: int, kind: str) -> NDArray[np.int64]:
    """The numbers, or the strings of the names, of a node's edges of one type."""
    edges = slice(*graph.first_edge[node : node + 2].tolist())
    of_kind = graph.edge_type[edges] == graph.meta.edge_type(kind)
    numbers: NDArray[np.int64] = graph.edge_name_or_index[edges][of_kind].astype(np.int64)
    return numbers


def _entries(graph: Graph, table: int, width: int) -> int | None:
    """How many entries a hash table has; None where none of them can be seen.

    Keys and values of one entry stand side by side; those that are small integers, true or
    undefined have no edge. How many edges an entry has is seen from some of them.
    """
    edges = graph.edges_of(table)
    some = range(edges.start, min(edges.stop, edges.start + SAMPLE))
    names = (str(graph.edge_name(edge)) for edge in some)
    places = [int(name) for name in names if name.isdigit()]
    if not places:
        return None
    rows = {(place - places[0]) // width for place in places}
    return round(len(edges) * len(rows) / len(places))


def _word(graph: Graph) -> int:
    """Bytes of a machine word in the heap, which may be compressed; 0 where it is not seen.

    A Map's table has five words and three and a half for each entry that it has room for, and
    it has room for a power of two.
    """
    for edge in graph.find_edges_named("table", "internal").tolist():
        if graph.node_name_of(graph.edge_source(edge)) != "Map":
            continue
        size = int(graph.self_size[graph.edge_to[edge]])
        for word in (8, 4):
            room = (size / word - 5) / 3.5
            if room >= 4 and math.log2(room).is_integer():
                return word
    return 0
