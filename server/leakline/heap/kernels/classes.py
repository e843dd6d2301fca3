# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors

"""Nodes grouped by shape and by class.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython


def mark_class_names(
    node_type: cython.const[cython.uchar][::1],
    node_name: cython.const[cython.uint][::1],
    state: cython.const[cython.uchar][::1],
    named: cython.const[cython.uchar][::1],
    used: cython.uchar[::1],
    object_type: cython.int,
    plain_name: cython.longlong,
) -> cython.Py_ssize_t:
    """Find the names that nodes have classes by.

    Args:
        node_type: Per node.
        node_name: Per node.
        state: Per node: its DOM state; 2 is detached.
        named: Per node type: 1 where a node's class is its name, 2 where the DOM state counts
            too, else 0.
        used: Per string: 1 is added where nodes have it as a class, 2 where detached ones
            have; zeros when given.
        object_type: The type of objects.
        plain_name: The string ``Object``, -1 where there is none.

    Returns:
        How many plain objects there are.
    """
    node: cython.Py_ssize_t
    plain: cython.Py_ssize_t = 0
    kind: cython.uchar
    with cython.nogil:
        for node in range(node_type.shape[0]):
            kind = named[node_type[node]]
            if kind != 0:
                used[node_name[node]] |= 2 if kind == 2 and state[node] == 2 else 1
                plain += node_type[node] == object_type and node_name[node] == plain_name
    return plain


def assign_classes(
    node_type: cython.const[cython.uchar][::1],
    node_name: cython.const[cython.uint][::1],
    state: cython.const[cython.uchar][::1],
    named: cython.const[cython.uchar][::1],
    class_of_type: cython.const[cython.int][::1],
    class_of_name: cython.const[cython.int][::1],
    class_of_detached: cython.const[cython.int][::1],
    object_type: cython.int,
    plain_name: cython.longlong,
    class_of: cython.int[::1],
    plain: cython.int[::1],
) -> cython.void:
    """Give every node the class of its type or of its name.

    Args:
        node_type: Per node.
        node_name: Per node.
        state: Per node: its DOM state; 2 is detached.
        named: Per node type, as for :func:`mark_class_names`.
        class_of_type: Per node type.
        class_of_name: Per string, where :func:`mark_class_names` added 1.
        class_of_detached: Per string, where it added 2.
        object_type: The type of objects.
        plain_name: The string ``Object``, -1 where there is none.
        class_of: Per node: filled.
        plain: Filled with the plain objects, as many as :func:`mark_class_names` counted.
    """
    node: cython.Py_ssize_t
    found: cython.Py_ssize_t = 0
    kind: cython.uchar
    with cython.nogil:
        for node in range(node_type.shape[0]):
            kind = named[node_type[node]]
            if kind == 0:
                class_of[node] = class_of_type[node_type[node]]
            elif kind == 2 and state[node] == 2:
                class_of[node] = class_of_detached[node_name[node]]
            else:
                class_of[node] = class_of_name[node_name[node]]
                if node_type[node] == object_type and node_name[node] == plain_name:
                    plain[found] = node
                    found += 1


def group_places(
    nodes: cython.const[cython.longlong][::1],
    script_id: cython.const[cython.longlong][::1],
    line: cython.const[cython.longlong][::1],
    column: cython.const[cython.longlong][::1],
    node_type: cython.const[cython.uchar][::1],
    object_type: cython.int,
    first_class: cython.int,
    slots: cython.int[::1],
    example: cython.int[::1],
    base: cython.int[::1],
    class_of: cython.int[::1],
) -> cython.Py_ssize_t:
    """Tell classes of one name apart by the places of their constructors.

    Args:
        nodes: Per place: its node; no node twice.
        script_id: Per place.
        line: Per place.
        column: Per place.
        node_type: Per node.
        object_type: The type of objects; places of others are passed over.
        first_class: Number of the first class that is made here.
        slots: A hash table, -1 when given; a power of two in length, longer than ``nodes``.
        example: Per class made: filled with the first place that has it.
        base: Per class made: filled with the class that its nodes had.
        class_of: Per node: changed in place.

    Returns:
        How many classes were made; numbered in the order of their first places.
    """
    mask: cython.ulonglong = slots.shape[0] - 1
    multiplier: cython.ulonglong = 1099511628211
    word: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    code: cython.ulonglong
    row: cython.Py_ssize_t
    one: cython.Py_ssize_t
    old: cython.int
    made: cython.int
    count: cython.int = 0
    with cython.nogil:
        for row in range(nodes.shape[0]):
            if node_type[nodes[row]] != object_type:
                continue
            old = class_of[nodes[row]]
            code = ((1469598103 ^ old) * multiplier) & word
            code = ((code ^ (script_id[row] & word)) * multiplier) & word
            code = ((code ^ (line[row] & word)) * multiplier) & word
            code = ((code ^ (column[row] & word)) * multiplier) & word
            code ^= code >> 29
            while True:
                made = slots[code & mask]
                if made < 0:
                    made = count
                    slots[code & mask] = made
                    example[made] = row
                    base[made] = old
                    count += 1
                    break
                one = example[made]
                if (
                    base[made] == old
                    and column[one] == column[row]
                    and line[one] == line[row]
                    and script_id[one] == script_id[row]
                ):
                    break
                code = (code + 1) & word
            class_of[nodes[row]] = first_class + made
    return count


def group_shapes(
    first_edge: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    edge_name_or_index: cython.const[cython.uint][::1],
    kind: cython.int,
    nodes: cython.const[cython.int][::1],
    slots: cython.int[::1],
    example: cython.int[::1],
    shape_of: cython.int[::1],
) -> cython.Py_ssize_t:
    """Group nodes whose edges of one type have the same names in the same order.

    Args:
        first_edge: Per node and one more.
        edge_type: Per edge.
        edge_name_or_index: Per edge.
        kind: The edge type to look at.
        nodes: The nodes to group.
        slots: A hash table, -1 when given; a power of two in length, longer than ``nodes``.
        example: Per group: filled with the place in ``nodes`` of its first node.
        shape_of: Per place in ``nodes``: filled with its group.

    Returns:
        How many groups there are; numbered in the order of their first nodes.
    """
    mask: cython.ulonglong = slots.shape[0] - 1
    row: cython.Py_ssize_t
    one: cython.Py_ssize_t
    two: cython.Py_ssize_t
    stop_one: cython.Py_ssize_t
    stop_two: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    shape: cython.int
    groups: cython.int = 0
    code: cython.ulonglong
    name: cython.ulonglong
    multiplier: cython.ulonglong = 1099511628211
    word: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    same: cython.bint
    with cython.nogil:
        for row in range(nodes.shape[0]):
            code = 1469598103
            for edge in range(first_edge[nodes[row]], first_edge[nodes[row] + 1]):
                if edge_type[edge] == kind:
                    name = edge_name_or_index[edge]
                    code = ((code ^ name) * multiplier) & word
                    code ^= code >> 29
            while True:
                shape = slots[code & mask]
                if shape < 0:
                    shape = groups
                    groups += 1
                    slots[code & mask] = shape
                    example[shape] = row
                    break
                # Step through both, looking at edges of this kind only.
                one = first_edge[nodes[row]]
                stop_one = first_edge[nodes[row] + 1]
                two = first_edge[nodes[example[shape]]]
                stop_two = first_edge[nodes[example[shape]] + 1]
                same = True
                while same:
                    while one < stop_one and edge_type[one] != kind:
                        one += 1
                    while two < stop_two and edge_type[two] != kind:
                        two += 1
                    if one == stop_one or two == stop_two:
                        same = one == stop_one and two == stop_two
                        break
                    same = edge_name_or_index[one] == edge_name_or_index[two]
                    one += 1
                    two += 1
                if same:
                    break
                code = (code + 1) & word
            shape_of[row] = shape
    return groups


def sum_own(
    group_of: cython.const[cython.int][::1],
    shallow: cython.const[cython.longlong][::1],
    distance: cython.const[cython.int][::1],
    group_count: cython.longlong[::1],
    group_shallow: cython.longlong[::1],
    group_distance: cython.int[::1],
) -> cython.void:
    """Add up the nodes of each group; those without a size do not count.

    Args:
        group_of: Per node.
        shallow: Per node.
        distance: Per node.
        group_count: Per group; zeros when given.
        group_shallow: Per group; zeros when given.
        group_distance: Per group: the smallest; the largest possible when given.
    """
    node: cython.Py_ssize_t
    one: cython.int
    with cython.nogil:
        for node in range(group_of.shape[0]):
            if shallow[node] != 0:
                one = group_of[node]
                group_count[one] += 1
                group_shallow[one] += shallow[node]
                group_distance[one] = min(group_distance[one], distance[node])


def sum_retained(
    group_of: cython.const[cython.int][::1],
    shallow: cython.const[cython.longlong][::1],
    retained: cython.const[cython.longlong][::1],
    first_dominated: cython.const[cython.int][::1],
    dominated: cython.const[cython.int][::1],
    stack: cython.int[::1],
    inside: cython.uchar[::1],
    group_retained: cython.longlong[::1],
) -> cython.void:
    """Add up what each group retains: its nodes which no node of the same group dominates.

    Chrome DevTools' ``calculateClassesRetainedSize``; nodes without a size do not count.

    Args:
        group_of: Per node.
        shallow: Per node.
        retained: Per node.
        first_dominated: Per node and one more.
        dominated: Per node but the root.
        stack: Room for two ordinals per node.
        inside: Per group; zeros when given.
        group_retained: Per group; zeros when given.
    """
    node: cython.Py_ssize_t
    child: cython.Py_ssize_t
    left: cython.Py_ssize_t
    one: cython.int
    with cython.nogil:
        stack[0] = 0
        left = 1
        while left > 0:
            left -= 1
            node = stack[left]
            if node < 0:
                # All below is done: leave the group again.
                inside[group_of[-1 - node]] = 0
                continue
            one = group_of[node]
            if shallow[node] != 0 and not inside[one]:
                group_retained[one] += retained[node]
                if first_dominated[node] != first_dominated[node + 1]:
                    inside[one] = 1
                    stack[left] = -1 - node
                    left += 1
            for child in range(first_dominated[node], first_dominated[node + 1]):
                stack[left] = dominated[child]
                left += 1
