# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors

"""Columns filled, marked, counted and picked from.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython


def fill(numbers: cython.int[::1], value: cython.int) -> cython.void:
    """Make all numbers ``value``."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(numbers.shape[0]):
            numbers[i] = value


def find_beyond(
    numbers: cython.const[cython.uint][::1], limit: cython.longlong
) -> cython.Py_ssize_t:
    """Give the first place of a number that is not below ``limit``; -1 where there is none."""
    i: cython.Py_ssize_t
    found: cython.Py_ssize_t = -1
    with cython.nogil:
        for i in range(numbers.shape[0]):
            if numbers[i] >= limit:
                found = i
                break
    return found


def add_sizes(sizes: cython.const[cython.longlong][::1]) -> cython.longlong:
    """Add up numbers that are not below zero; -1 past 2^62."""
    i: cython.Py_ssize_t
    total: cython.longlong = 0
    most: cython.longlong = 0x4000000000000000
    with cython.nogil:
        for i in range(sizes.shape[0]):
            if sizes[i] > most - total:
                total = -1
                break
            total += sizes[i]
    return total


def mark_nodes(
    node_type: cython.const[cython.uchar][::1],
    node_name: cython.const[cython.uint][::1],
    mark_of_type: cython.const[cython.uchar][::1],
    name_of_type: cython.const[cython.longlong][::1],
    marks: cython.uchar[::1],
) -> cython.void:
    """Mark nodes by their type and name.

    Args:
        node_type: Per node.
        node_name: Per node.
        mark_of_type: Per node type: the mark of its nodes, 0 for none.
        name_of_type: Per node type: the string that a node is called by to be marked, -1 where
            any is.
        marks: Per node; zeros when given, filled.
    """
    node: cython.Py_ssize_t
    kind: cython.uchar
    with cython.nogil:
        for node in range(node_type.shape[0]):
            kind = node_type[node]
            if mark_of_type[kind] != 0 and (
                name_of_type[kind] == -1 or name_of_type[kind] == node_name[node]
            ):
                marks[node] = mark_of_type[kind]


def mark_named(
    node_type: cython.const[cython.uchar][::1],
    node_name: cython.const[cython.uint][::1],
    kind: cython.int,
    mark_of_string: cython.const[cython.uchar][::1],
    marks: cython.uchar[::1],
) -> cython.void:
    """Mark nodes of one type by their names.

    Args:
        node_type: Per node.
        node_name: Per node.
        kind: The type, -1 where the format has none.
        mark_of_string: Per string: the mark of the nodes that are called by it.
        marks: Per node; filled where the type is the one.
    """
    node: cython.Py_ssize_t
    with cython.nogil:
        for node in range(node_type.shape[0]):
            if node_type[node] == kind:
                marks[node] = mark_of_string[node_name[node]]


def find_marked(
    marks: cython.const[cython.uchar][::1], bit: cython.uchar, found: cython.int[::1]
) -> cython.Py_ssize_t:
    """List the places whose mark has a bit; give how many there are.

    ``found`` is filled as far as it goes: call again with room for all.
    """
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    room: cython.Py_ssize_t = found.shape[0]
    with cython.nogil:
        for i in range(marks.shape[0]):
            if marks[i] & bit:
                if count < room:
                    found[count] = i
                count += 1
    return count


def find_runs(
    nodes: cython.const[cython.longlong][::1],
    values: cython.const[cython.longlong][::1],
    node_type: cython.const[cython.uchar][::1],
    kind: cython.int,
    found: cython.int[::1],
) -> cython.Py_ssize_t:
    """List the rows of nodes of one type whose value is another than the one before.

    Args:
        nodes: Per row: its node.
        values: Per row.
        node_type: Per node.
        kind: The type; rows of others are passed over.
        found: Room for every row: filled.

    Returns:
        How many there are.
    """
    row: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    before: cython.Py_ssize_t = -1
    with cython.nogil:
        for row in range(nodes.shape[0]):
            if node_type[nodes[row]] == kind:
                if before < 0 or values[before] != values[row]:
                    found[count] = row
                    count += 1
                before = row
    return count


def pick(
    numbers: cython.const[cython.longlong][::1],
    rows: cython.const[cython.int][::1],
    picked: cython.longlong[::1],
) -> cython.void:
    """Fill ``picked`` with the numbers of some rows."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(rows.shape[0]):
            picked[i] = numbers[rows[i]]


def count_groups(
    group_of: cython.const[cython.int][::1], counts: cython.longlong[::1]
) -> cython.void:
    """Add to each group's count how often it is there."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(group_of.shape[0]):
            counts[group_of[i]] += 1


def assign_groups(
    nodes: cython.const[cython.int][::1],
    group_of: cython.const[cython.int][::1],
    label_of_group: cython.const[cython.int][::1],
    label_of: cython.int[::1],
) -> cython.void:
    """Give some nodes the label of their group.

    Args:
        nodes: The nodes.
        group_of: Per place in ``nodes``.
        label_of_group: Per group.
        label_of: Per node of the heap: filled for ``nodes``.
    """
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(nodes.shape[0]):
            label_of[nodes[i]] = label_of_group[group_of[i]]
