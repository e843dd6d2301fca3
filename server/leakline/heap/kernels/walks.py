# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors
# ruff: noqa: F821 -- names of the .pxd

"""Edges turned round, and walks along them.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython


def fill_retainers(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    first_retainer: cython.int[::1],
    retainer_node: cython.int[::1],
    retainer_edge: cython.int[::1],
) -> cython.void:
    """Turn the edges round: for each node the nodes and edges that point to it.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        first_retainer: Per node and one more; zeros when given.
        retainer_node: Per edge; filled, in ascending order within a node.
        retainer_edge: Per edge; filled.
    """
    nodes: cython.Py_ssize_t = first_edge.shape[0] - 1
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    slot: cython.int
    total: cython.int = 0
    count: cython.int
    with cython.nogil:
        for edge in range(edge_to.shape[0]):
            first_retainer[edge_to[edge]] += 1
        for node in range(nodes + 1):
            count = first_retainer[node]
            first_retainer[node] = total
            total += count
        for node in range(nodes):
            for edge in range(first_edge[node], first_edge[node + 1]):
                slot = first_retainer[edge_to[edge]]
                first_retainer[edge_to[edge]] = slot + 1
                retainer_node[slot] = node
                retainer_edge[slot] = edge
        # Each start has moved to its end, which is the next one's start.
        for node in range(nodes, 0, -1):
            first_retainer[node] = first_retainer[node - 1]
        first_retainer[0] = 0


def mark_reachable(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    weak: cython.int,
    marks: cython.uchar[::1],
    queue: cython.int[::1],
    queued: cython.Py_ssize_t,
) -> cython.void:
    """Mark all that the queued nodes reach without weak edges.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        weak: The type of weak edges, -1 where the format has none.
        marks: Per node: 1 where reached; the queued nodes are 1 when given.
        queue: Room for every node; holds the nodes to begin with.
        queued: How many these are.
    """
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    edges: cython.Py_ssize_t = edge_to.shape[0]
    # First in, first out: which node comes next is known long before it is needed.
    head: cython.Py_ssize_t = 0
    tail: cython.Py_ssize_t = queued
    with cython.nogil:
        while head < tail:
            node = queue[head]
            head += 1
            # What nodes to come need.
            if cython.compiled and head + 8 < tail:
                prefetch(cython.address(first_edge[queue[head + 8]]))
                edge = first_edge[queue[head + 4]]
                if edge < edges:
                    prefetch(cython.address(edge_to[edge]))
                    prefetch(cython.address(edge_type[edge]))
            for edge in range(first_edge[node], first_edge[node + 1]):
                if marks[edge_to[edge]] == 0 and edge_type[edge] != weak:
                    marks[edge_to[edge]] = 1
                    queue[tail] = edge_to[edge]
                    tail += 1


def shift_to_owners(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    weak: cython.int,
    movable: cython.const[cython.uchar][::1],
    taker: cython.const[cython.uchar][::1],
    owner: cython.int[::1],
    stack: cython.int[::1],
    size: cython.longlong[::1],
) -> cython.void:
    """Move sizes of V8's own parts to the one object that owns them.

    Chrome DevTools' ``calculateShallowSizes``: an array or hidden node that only one object
    reaches through such nodes counts as a part of that object.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        weak: The type of weak edges, -1 where the format has none.
        movable: Per node: 1 where its size may move.
        taker: Per node: 1 where it may take sizes.
        owner: Room for one ordinal per node.
        stack: Room for two ordinals per node.
        size: Per node: bytes; changed in place.
    """
    nodes: cython.Py_ssize_t = first_edge.shape[0] - 1
    start: cython.Py_ssize_t
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    to: cython.Py_ssize_t
    left: cython.Py_ssize_t
    mine: cython.int
    with cython.nogil:
        for node in range(nodes):
            owner[node] = -1 if movable[node] else node
        for start in range(nodes):
            if movable[start]:
                continue
            stack[0] = start
            left = 1
            while left > 0:
                left -= 1
                node = stack[left]
                mine = owner[node]
                for edge in range(first_edge[node], first_edge[node + 1]):
                    to = edge_to[edge]
                    # -1: nobody yet; -2: several. A node changes at most twice.
                    if (
                        movable[to] == 0
                        or owner[to] == mine
                        or owner[to] == -2
                        or edge_type[edge] == weak
                    ):
                        continue
                    owner[to] = mine if owner[to] == -1 else -2
                    stack[left] = to
                    left += 1
        for node in range(nodes):
            mine = owner[node]
            if mine >= 0 and mine != node and taker[mine]:
                size[mine] += size[node]
                size[node] = 0


def measure_distances(
    data: cython.const[cython.uchar][::1],
    string_start: cython.const[cython.longlong][::1],
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    edge_name_or_index: cython.const[cython.uint][::1],
    special: cython.const[cython.uchar][::1],
    numbered: cython.const[cython.uchar][::1],
    weak: cython.int,
    internal: cython.int,
    sloppy_name: cython.longlong,
    pair_of_string: cython.const[cython.int][::1],
    pair_seen: cython.uchar[::1],
    distance: cython.int[::1],
    queue: cython.int[::1],
    queued: cython.Py_ssize_t,
) -> cython.void:
    """Go breadth first from the queued nodes, after Chrome DevTools' ``calculateDistances``.

    Args:
        data: The file.
        string_start: Per string: where it begins.
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        edge_name_or_index: Per edge.
        special: Per node: 1 for a native context, whose map of sloppy functions is skipped;
            2 for a descriptor array, of whose elements the descriptors are skipped.
        numbered: Per edge type: 1 where edges have a number in place of a name.
        weak: The type of weak edges, -1 where the format has none.
        internal: The same for internal edges.
        sloppy_name: The string ``sloppy_function_map``, -1 where there is none.
        pair_of_string: Per string: the WeakMap pair that it names, -1 where it names none.
            Empty where the file has no such name.
        pair_seen: Per pair: whether its first edge was met.
        distance: Per node: -5 where not reached yet.
        queue: The nodes to begin with, whose distance is set; room for all nodes behind them.
        queued: How many these are.
    """
    head: cython.Py_ssize_t = 0
    tail: cython.Py_ssize_t = queued
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    edges: cython.Py_ssize_t = edge_to.shape[0]
    to: cython.Py_ssize_t
    i: cython.Py_ssize_t
    next_distance: cython.int
    pair: cython.int
    index: cython.longlong
    kind: cython.uchar
    pairs: cython.Py_ssize_t = pair_seen.shape[0]
    with cython.nogil:
        while head < tail:
            node = queue[head]
            head += 1
            # What nodes to come need.
            if cython.compiled and head + 8 < tail:
                prefetch(cython.address(first_edge[queue[head + 8]]))
                edge = first_edge[queue[head + 4]]
                if edge < edges:
                    prefetch(cython.address(edge_to[edge]))
                    prefetch(cython.address(edge_type[edge]))
            next_distance = distance[node] + 1
            for edge in range(first_edge[node], first_edge[node + 1]):
                to = edge_to[edge]
                if distance[to] != -5:
                    continue
                kind = edge_type[edge]
                if kind == weak:
                    continue
                if special[node] == 1:
                    if numbered[kind] == 0 and edge_name_or_index[edge] == sloppy_name:
                        continue
                elif special[node] == 2:
                    index = edge_name_or_index[edge]
                    if numbered[kind] == 0:
                        i = string_start[index]
                        index = 0
                        while data[i] >= 48 and data[i] <= 57 and index < 100000000:
                            index = index * 10 + (data[i] - 48)
                            i += 1
                    if index >= 2 and index % 3 == 1:
                        continue
                if pairs > 0 and kind == internal:
                    pair = pair_of_string[edge_name_or_index[edge]]
                    if pair >= 0:
                        # The value of a WeakMap is as far as the farther of key and table:
                        # the second of the two edges counts.
                        pair_seen[pair] = 1 - pair_seen[pair]
                        if pair_seen[pair]:
                            continue
                distance[to] = next_distance
                queue[tail] = to
                tail += 1


def propagate_state(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    crossed: cython.const[cython.uchar][::1],
    native: cython.const[cython.uchar][::1],
    state: cython.uchar[::1],
    visited: cython.uchar[::1],
    wanted: cython.uchar,
    stack: cython.int[::1],
) -> cython.void:
    """Hand a DOM state on from the nodes that have it, after DevTools' ``propagateDOMState``.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        crossed: Per edge type: 1 where the state is handed on along such edges.
        native: Per node: 1 where it is the embedder's; others know no state.
        state: Per node: changed in place.
        visited: Per node: 1 where the state is settled; changed in place.
        wanted: The state to hand on.
        stack: Room for one ordinal per node.
    """
    nodes: cython.Py_ssize_t = first_edge.shape[0] - 1
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    to: cython.Py_ssize_t
    left: cython.Py_ssize_t = 0
    with cython.nogil:
        for node in range(nodes):
            if state[node] == wanted and native[node]:
                stack[left] = node
                left += 1
        while left > 0:
            left -= 1
            node = stack[left]
            for edge in range(first_edge[node], first_edge[node + 1]):
                to = edge_to[edge]
                if visited[to] or not crossed[edge_type[edge]]:
                    continue
                visited[to] = 1
                if native[to]:
                    state[to] = wanted
                    stack[left] = to
                    left += 1
