# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors
# ruff: noqa: F821, PLR1730 -- names of the .pxd; comparisons are written for C
"""Depth-first numbers, dominators, retained sizes.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython


def number_depth_first(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    edge_name_or_index: cython.const[cython.uint][::1],
    node_id: cython.const[cython.longlong][::1],
    state: cython.uchar[::1],
    weak: cython.int,
    shortcut: cython.int,
    internal: cython.int,
    pair_of_string: cython.const[cython.int][::1],
    pair_table: cython.const[cython.longlong][::1],
    essential: cython.uchar[::1],
    number_of: cython.int[::1],
    node_at: cython.int[::1],
    parent: cython.int[::1],
    cursor: cython.int[::1],
) -> cython.Py_ssize_t:
    """Number the nodes in depth-first order along the edges that retain.

    The order begins at the root. Nodes that it does not reach and that no such edge points to
    hang below it, in the file's order. Which edges retain is Chrome DevTools'
    ``computeIsEssentialEdge``.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        edge_name_or_index: Per edge.
        node_id: Per node.
        state: Per node: 1 where the page owns it when given; added to it are 2 where it has a
            number, 4 where an edge that retains may lead to it, 8 where an edge leads to it that
            does not retain.
        weak: The type of weak edges, -1 where the format has none.
        shortcut: The same for shortcut edges.
        internal: The same for internal edges.
        pair_of_string: Per string: the WeakMap pair that it names, -1 where it names none.
            Empty where the file has no such name.
        pair_table: Per pair: the object id of its WeakMap's table.
        essential: Per edge: filled with 1 where it retains, else 0; not filled for edges of
            nodes that get no number.
        number_of: Per node: its number; -1 when given, and afterwards where not reached.
        node_at: Per number: its node.
        parent: Per number: the number of the tree's parent, -1 for the root.
        cursor: Room for one edge index per node.

    Returns:
        How many nodes were reached.
    """
    nodes: cython.Py_ssize_t = first_edge.shape[0] - 1
    pairs: cython.Py_ssize_t = pair_table.shape[0]
    node: cython.Py_ssize_t
    to: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    last: cython.Py_ssize_t
    start: cython.Py_ssize_t = 0
    first: cython.int
    at: cython.int
    above: cython.int = -1
    pair: cython.int
    kind: cython.int
    keep: cython.bint
    owned: cython.bint
    # 0: from the root; 1: which nodes are held; 2: from those that are not.
    turn: cython.int = 0
    reached: cython.int = 0
    with cython.nogil:
        while turn < 3:
            for start in range(nodes):
                if state[start] & 2 or (turn == 2 and state[start] & 4):
                    continue
                node = start
                first = reached
                while True:
                    at = reached
                    edge = first_edge[node]
                    last = first_edge[node + 1]
                    if turn != 1:
                        # Enter the node.
                        state[node] |= 2
                        number_of[node] = reached
                        node_at[reached] = node
                        parent[reached] = above
                        reached += 1
                    # Go on along its edges, then along its ancestors', to the next new node.
                    while True:
                        owned = state[node] & 1
                        while edge < last:
                            to = edge_to[edge]
                            kind = edge_type[edge]
                            keep = not (
                                kind == weak
                                or to == node
                                or (
                                    node != 0
                                    and (kind == shortcut or (not owned and state[to] & 1))
                                )
                            )
                            if keep and pairs > 0 and kind == internal:
                                pair = pair_of_string[edge_name_or_index[edge]]
                                keep = not (pair >= 0 and pair_table[pair] == node_id[node])
                            essential[edge] = keep
                            if not keep:
                                state[to] |= 8
                            elif turn == 1:
                                state[to] |= 4
                            elif state[to] & 2 == 0:
                                break
                            edge += 1
                        if edge < last or turn == 1 or at == first:
                            break
                        at = parent[at]
                        node = node_at[at]
                        edge = cursor[at]
                        last = first_edge[node + 1]
                    if edge == last:
                        break
                    cursor[at] = edge + 1
                    above = at
                    node = edge_to[edge]
                above = 0
                if turn == 0:
                    break
            turn += 1
    return reached


def find_dominators(
    reached: cython.Py_ssize_t,
    number_of: cython.const[cython.int][::1],
    node_at: cython.const[cython.int][::1],
    parent: cython.const[cython.int][::1],
    essential: cython.const[cython.uchar][::1],
    state: cython.const[cython.uchar][::1],
    first_retainer: cython.const[cython.int][::1],
    retainer_node: cython.const[cython.int][::1],
    retainer_edge: cython.const[cython.int][::1],
    links: cython.int[::1],
    path: cython.int[::1],
    idom: cython.int[::1],
) -> cython.void:
    """Find immediate dominators by semi-NCA, in depth-first numbers.

    Loukas Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems",
    Princeton 2005, section 2.3.

    Args:
        reached: How many nodes were numbered.
        number_of: Per node.
        node_at: Per number.
        parent: Per number.
        essential: Per edge.
        state: Per node, as :func:`number_depth_first` left it: few nodes have edges to ask for.
        first_retainer: Per node and one more.
        retainer_node: Per edge, by target.
        retainer_edge: Per edge, by target.
        links: Room for two numbers per node: ancestor and smallest semidominator.
        path: Room for one number per node.
        idom: Per number: filled with its immediate dominator; the root's is left alone.
    """
    number: cython.Py_ssize_t
    node: cython.Py_ssize_t
    row: cython.Py_ssize_t
    rows: cython.Py_ssize_t = retainer_node.shape[0]
    at: cython.int
    above: cython.int
    best: cython.int
    label: cython.int
    depth: cython.Py_ssize_t
    asks: cython.bint
    with cython.nogil:
        for number in range(reached - 1, 0, -1):
            # What nodes to come need, each part of it a little before the next one.
            if cython.compiled and number > 16:
                prefetch(cython.address(first_retainer[node_at[number - 16]]))
                row = first_retainer[node_at[number - 8]]
                if row < rows:
                    prefetch(cython.address(retainer_node[row]))
                row = first_retainer[node_at[number - 4]]
                if row < rows:
                    prefetch(cython.address(number_of[retainer_node[row]]))
            node = node_at[number]
            best = parent[number]
            asks = state[node] & 8
            for row in range(first_retainer[node], first_retainer[node + 1]):
                if asks and not essential[retainer_edge[row]]:
                    continue
                at = number_of[retainer_node[row]]
                if at <= number:
                    # An ancestor, or a node of a ring that nothing reaches (-1).
                    if at >= 0 and at < best:
                        best = at
                    continue
                # Numbers above `number` are linked to their ancestors already. Walk to the
                # last linked one, then shorten the path on the way back.
                depth = 0
                while links[2 * at] > number:
                    path[depth] = at
                    depth += 1
                    at = links[2 * at]
                label = links[2 * at + 1]
                above = links[2 * at]
                while depth > 0:
                    depth -= 1
                    at = path[depth]
                    links[2 * at] = above
                    if label < links[2 * at + 1]:
                        links[2 * at + 1] = label
                    else:
                        label = links[2 * at + 1]
                if label < best:
                    best = label
            idom[number] = best
            links[2 * number] = parent[number]
            links[2 * number + 1] = best
        # So far the semidominators. The dominator is the nearest ancestor not below it.
        for number in range(1, reached):
            best = idom[number]
            at = parent[number]
            while at > best:
                at = idom[at]
            idom[number] = at


def fill_retained(
    reached: cython.Py_ssize_t,
    idom: cython.const[cython.int][::1],
    node_at: cython.const[cython.int][::1],
    number_of: cython.const[cython.int][::1],
    dominator: cython.int[::1],
    retained: cython.longlong[::1],
) -> cython.void:
    """Carry dominators over to ordinals and add up retained sizes.

    Args:
        reached: How many nodes were numbered; the others stay below the root.
        idom: Per number: its immediate dominator.
        node_at: Per number: its node.
        number_of: Per node: its number, -1 where it has none.
        dominator: Per node; filled: the root is its own dominator.
        retained: Per node: its shallow size when given, afterwards its retained size.
    """
    number: cython.Py_ssize_t
    node: cython.Py_ssize_t
    above: cython.Py_ssize_t
    with cython.nogil:
        if reached < number_of.shape[0]:
            for node in range(number_of.shape[0]):
                if number_of[node] < 0:
                    dominator[node] = 0
                    retained[0] += retained[node]
        dominator[0] = 0
        for number in range(reached - 1, 0, -1):
            node = node_at[number]
            above = node_at[idom[number]]
            dominator[node] = above
            retained[above] += retained[node]


def tour_tree(
    dominator: cython.const[cython.int][::1],
    first_dominated: cython.const[cython.int][::1],
    dominated: cython.const[cython.int][::1],
    pending: cython.int[::1],
    tour: cython.int[::1],
    place: cython.int[::1],
    below: cython.int[::1],
) -> cython.void:
    """Order the nodes so that what a node dominates stands behind it in one piece.

    Args:
        dominator: Per node; the root, node 0, is its own.
        first_dominated: As :func:`fill_dominated` filled it.
        dominated: The same.
        pending: Room for one node per node.
        tour: Filled with the nodes in their order.
        place: Per node: filled with where it stands in ``tour``.
        below: Per node: 1 when given, afterwards how many nodes it dominates, itself included.
    """
    nodes: cython.Py_ssize_t = dominator.shape[0]
    top: cython.Py_ssize_t = 1
    at: cython.Py_ssize_t
    row: cython.Py_ssize_t
    node: cython.Py_ssize_t
    with cython.nogil:
        pending[0] = 0
        for at in range(nodes):
            top -= 1
            node = pending[top]
            tour[at] = node
            place[node] = at
            for row in range(first_dominated[node], first_dominated[node + 1]):
                pending[top] = dominated[row]
                top += 1
        for at in range(nodes - 1, 0, -1):
            node = tour[at]
            below[dominator[node]] += below[node]


def fill_dominated(
    dominator: cython.const[cython.int][::1],
    first_dominated: cython.int[::1],
    dominated: cython.int[::1],
) -> cython.void:
    """List for each node the nodes that it dominates immediately.

    Args:
        dominator: Per node; the root, node 0, is its own.
        first_dominated: Per node and one more; zeros when given.
        dominated: Per node but the root; filled, rising within a dominator.
    """
    nodes: cython.Py_ssize_t = dominator.shape[0]
    node: cython.Py_ssize_t
    count: cython.int
    total: cython.int = 0
    with cython.nogil:
        for node in range(1, nodes):
            first_dominated[dominator[node]] += 1
        for node in range(nodes + 1):
            count = first_dominated[node]
            first_dominated[node] = total
            total += count
        for node in range(1, nodes):
            dominated[first_dominated[dominator[node]]] = node
            first_dominated[dominator[node]] += 1
        for node in range(nodes, 0, -1):
            first_dominated[node] = first_dominated[node - 1]
        first_dominated[0] = 0
