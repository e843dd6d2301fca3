"""Closures by the place in a script that makes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leakline.heap.graph import Graph
from leakline.heap.places import Location
from leakline.heap.retention import user_distance
from leakline.heap.views.selection import largest


@dataclass(frozen=True, slots=True)
class ClosureGroup:
    """The closures made at one place.

    Attributes:
        name: The function's name; empty where it has none.
        location: Where the function starts.
        count: How many there are.
        shallow_size: Bytes of their own.
        retained_size: Bytes that would go with all of them.
        distance: The smallest of any, from the user's roots; None where none has one.
        example: V8's object id of the one that retains most.
    """

    name: str
    location: Location
    count: int
    shallow_size: int
    retained_size: int
    distance: int | None
    example: int


def closure_groups(graph: Graph, limit: int) -> tuple[ClosureGroup, ...]:
    """Give the places with closures, largest retained size first."""
    places = graph.locations
    rows = np.flatnonzero(graph.node_type[places.node] == graph.meta.node_type("closure"))
    if rows.size == 0:
        return ()
    order = rows[np.lexsort((places.column[rows], places.line[rows], places.script_id[rows]))]
    new = np.zeros(order.size, np.bool_)
    new[0] = True
    for column in (places.script_id, places.line, places.column):
        new[1:] |= column[order[1:]] != column[order[:-1]]
    groups = int(new.sum())
    group_of = np.zeros(graph.node_count, np.int32)
    group_of[places.node[order]] = np.cumsum(new)
    sums = graph.own_sums_of(group_of, groups + 1)
    retained = graph.retained_sums_of(group_of, groups + 1)
    starts = np.append(np.flatnonzero(new), order.size)
    found = []
    for group in largest(retained, np.arange(1, groups + 1), limit):
        members = places.node[order[starts[group - 1] : starts[group]]]
        node = int(members[np.argmax(graph.retained_size[members])])
        location = places.of(node)
        assert location is not None
        found.append(
            ClosureGroup(
                name=graph.node_name_of(node),
                location=location,
                count=sums.count[group],
                shallow_size=sums.shallow[group],
                retained_size=int(retained[group]),
                distance=user_distance(sums.distance[group]),
                example=int(graph.node_id[node]),
            )
        )
    return tuple(found)
