# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors
# ruff: noqa: PLR1714 -- comparisons are written for C
"""Digits to columns.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython


def count_commas(
    data: cython.const[cython.uchar][::1], start: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Count the commas in ``data[start:stop]``."""
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(start, stop):
            count += data[i] == 44
    return count


def after_commas(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    commas: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Give the offset behind the next ``commas`` commas, ``stop`` where there are fewer."""
    i: cython.Py_ssize_t = start
    left: cython.Py_ssize_t = commas
    with cython.nogil:
        while i < stop and left > 0:
            if data[i] == 44:
                left -= 1
            i += 1
    return i


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _parse_row(
    data: cython.const[cython.uchar][::1],
    position: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    fields: cython.Py_ssize_t,
    row: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Parse ``fields`` numbers into ``row``.

    Returns:
        The offset behind the comma that follows, ``stop`` at the end of the section; where a
        byte is wrong, its offset as ``-1 - offset``.
    """
    i: cython.Py_ssize_t = position
    begin: cython.Py_ssize_t
    field: cython.Py_ssize_t
    value: cython.ulonglong
    most: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    byte: cython.uchar
    for field in range(fields):
        byte = data[i]
        while (byte == 10 or byte == 32 or byte == 13 or byte == 9) and i < stop:
            i += 1
            byte = data[i]
        begin = i
        value = 0
        while byte >= 48 and byte <= 57:
            value = (value * 10 + (byte - 48)) & most
            i += 1
            byte = data[i]
        if i - begin > 18:
            return -1 - begin
        if i == begin:
            return -1 - i
        row[field] = value
        if byte != 44:
            while (byte == 10 or byte == 32 or byte == 13 or byte == 9) and i < stop:
                i += 1
                byte = data[i]
            if i < stop and byte != 44:
                return -1 - i
        if i < stop:
            i += 1
        elif field + 1 < fields:
            return -1 - i
    return i


def parse_table(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    fields: cython.Py_ssize_t,
    rows: cython.Py_ssize_t,
    numbers: cython.longlong[::1],
    scratch: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Parse a flat section into columns; -1, or the offset of the first wrong byte.

    Args:
        data: The file.
        start: Where the section begins.
        stop: Where it ends.
        fields: Numbers per record.
        rows: How many records there are.
        numbers: Filled column after column. Numbers may have a minus sign.
        scratch: Room for one number.
    """
    i: cython.Py_ssize_t = start
    row: cython.Py_ssize_t
    field: cython.Py_ssize_t
    wrong: cython.Py_ssize_t = -1
    negative: cython.bint
    with cython.nogil:
        for row in range(rows):
            for field in range(fields):
                while i < stop and (
                    data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9
                ):
                    i += 1
                negative = i < stop and data[i] == 45
                if negative:
                    i += 1
                i = _parse_row(data, i, stop, 1, scratch)
                if i < 0:
                    wrong = -1 - i
                    break
                numbers[field * rows + row] = -scratch[0] if negative else scratch[0]
            if wrong >= 0:
                break
        if wrong < 0 and i != stop:
            wrong = i
    return wrong


def parse_tree(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    numbers: cython.longlong[::1],
    fields: cython.Py_ssize_t,
    parent: cython.int[::1],
) -> cython.Py_ssize_t:
    """Parse a trace tree: an array of records, each ``fields`` numbers and an array of records.

    Args:
        data: The file.
        start: Offset of the outermost ``[``.
        stop: Offset behind its ``]``; a byte stands there, since the file goes on.
        numbers: Filled record by record, parents first.
        fields: Numbers per record.
        parent: Per record: filled with the one it stands in, -1 for the outermost.

    Returns:
        How many records there are; where a byte is wrong, its offset as ``-1 - offset``.
    """
    i: cython.Py_ssize_t = start + 1
    rows: cython.int = 0
    inside: cython.int = -1
    wrong: cython.Py_ssize_t = -1
    open_lists: cython.Py_ssize_t = 1
    with cython.nogil:
        while open_lists > 0:
            while i < stop and (data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9):
                i += 1
            if i >= stop:
                wrong = i
                break
            if data[i] == 93:
                i += 1
                open_lists -= 1
                if open_lists > 0:
                    inside = parent[inside]
                    while i < stop and (
                        data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9
                    ):
                        i += 1
                    if i < stop and data[i] == 44:
                        i += 1
                continue
            if (rows + 1) * fields > numbers.shape[0]:
                wrong = i
                break
            i = _parse_row(data, i, stop, fields, numbers[rows * fields :])
            if i < 0:
                wrong = -1 - i
                break
            while i < stop and (data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9):
                i += 1
            if i >= stop or data[i] != 91:
                wrong = i
                break
            i += 1
            parent[rows] = inside
            inside = rows
            rows += 1
            open_lists += 1
        if wrong < 0 and i != stop:
            wrong = i
    return -1 - wrong if wrong >= 0 else rows


def parse_nodes(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    fields: cython.Py_ssize_t,
    position_of: cython.const[cython.Py_ssize_t][::1],
    types: cython.longlong,
    first_row: cython.Py_ssize_t,
    rows: cython.Py_ssize_t,
    node_type: cython.uchar[::1],
    node_name: cython.uint[::1],
    node_id: cython.longlong[::1],
    self_size: cython.longlong[::1],
    first_edge: cython.int[::1],
    detachedness: cython.uchar[::1],
    trace_node: cython.longlong[::1],
    scratch: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Parse ``rows`` nodes into the columns from ``first_row`` on.

    Args:
        data: The file.
        start: Where the chunk begins.
        stop: Where it ends.
        fields: Numbers per node.
        position_of: Positions within a node of type, name, id, self_size, edge_count,
            detachedness and trace_node_id; the last two are -1 where the format lacks them.
        types: How many node types there are.
        first_row: Ordinal of the chunk's first node.
        rows: How many nodes the chunk has.
        node_type: Filled with indexes into the type names.
        node_name: Filled with indexes into the strings.
        node_id: Filled with V8's object ids.
        self_size: Filled with bytes.
        first_edge: Filled with the number of edges of node ``n`` at ``n + 1``.
        detachedness: Filled with V8's values, 0 to 255; any longer is 0.
        trace_node: Filled with allocation trace nodes; empty where the format lacks them.
        scratch: Room for one node.

    Returns:
        -1, or the offset of the first wrong byte or of the node with a number out of range.
    """
    at_type: cython.Py_ssize_t = position_of[0]
    at_name: cython.Py_ssize_t = position_of[1]
    at_id: cython.Py_ssize_t = position_of[2]
    at_size: cython.Py_ssize_t = position_of[3]
    at_edges: cython.Py_ssize_t = position_of[4]
    at_detached: cython.Py_ssize_t = position_of[5]
    at_trace: cython.Py_ssize_t = position_of[6]
    i: cython.Py_ssize_t = start
    row: cython.Py_ssize_t
    before: cython.Py_ssize_t
    wrong: cython.Py_ssize_t = -1
    widest: cython.longlong = 0xFFFFFFFF
    with cython.nogil:
        for row in range(first_row, first_row + rows):
            before = i
            i = _parse_row(data, i, stop, fields, scratch)
            if i < 0:
                wrong = -1 - i
                break
            if (
                scratch[at_type] >= types
                or scratch[at_name] > widest
                or scratch[at_edges] > 0x7FFFFFFF
            ):
                wrong = before
                break
            node_type[row] = scratch[at_type]
            node_name[row] = scratch[at_name]
            node_id[row] = scratch[at_id]
            self_size[row] = scratch[at_size]
            first_edge[row + 1] = scratch[at_edges]
            if at_detached >= 0 and scratch[at_detached] < 256:
                detachedness[row] = scratch[at_detached]
            if at_trace >= 0:
                trace_node[row] = scratch[at_trace]
        if wrong < 0 and i != stop:
            wrong = i
    return wrong


def parse_edges(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    fields: cython.Py_ssize_t,
    position_of: cython.const[cython.Py_ssize_t][::1],
    types: cython.longlong,
    node_fields: cython.longlong,
    nodes: cython.longlong,
    first_row: cython.Py_ssize_t,
    rows: cython.Py_ssize_t,
    edge_type: cython.uchar[::1],
    edge_name_or_index: cython.uint[::1],
    edge_to: cython.int[::1],
    scratch: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Parse ``rows`` edges into the columns from ``first_row`` on.

    Args:
        data: The file.
        start: Where the chunk begins.
        stop: Where it ends.
        fields: Numbers per edge.
        position_of: Positions within an edge of type, name_or_index and to_node.
        types: How many edge types there are.
        node_fields: Numbers per node: ``to_node`` counts numbers, not nodes.
        nodes: How many nodes there are.
        first_row: Index of the chunk's first edge.
        rows: How many edges the chunk has.
        edge_type: Filled with indexes into the type names.
        edge_name_or_index: Filled with string indexes or element numbers.
        edge_to: Filled with node ordinals.
        scratch: Room for one edge.

    Returns:
        -1, or the offset of the first wrong byte or of the edge with a number out of range.
    """
    at_type: cython.Py_ssize_t = position_of[0]
    at_name: cython.Py_ssize_t = position_of[1]
    at_to: cython.Py_ssize_t = position_of[2]
    i: cython.Py_ssize_t = start
    row: cython.Py_ssize_t
    before: cython.Py_ssize_t
    wrong: cython.Py_ssize_t = -1
    to: cython.longlong
    widest: cython.longlong = 0xFFFFFFFF
    with cython.nogil:
        for row in range(first_row, first_row + rows):
            before = i
            i = _parse_row(data, i, stop, fields, scratch)
            if i < 0:
                wrong = -1 - i
                break
            to = scratch[at_to] // node_fields
            if (
                scratch[at_type] >= types
                or scratch[at_name] > widest
                or to >= nodes
                or to * node_fields != scratch[at_to]
            ):
                wrong = before
                break
            edge_type[row] = scratch[at_type]
            edge_name_or_index[row] = scratch[at_name]
            edge_to[row] = to
        if wrong < 0 and i != stop:
            wrong = i
    return wrong


def add_up(counts: cython.int[::1]) -> cython.longlong:
    """Turn counts into running sums, in place; give the last sum, -1 past 2^31 - 1."""
    i: cython.Py_ssize_t
    total: cython.longlong = 0
    with cython.nogil:
        for i in range(counts.shape[0]):
            total += counts[i]
            if total > 0x7FFFFFFF:
                total = -1
                break
            counts[i] = total
    return total


def find_bad_edge_name(
    edge_type: cython.const[cython.uchar][::1],
    edge_name_or_index: cython.const[cython.uint][::1],
    is_named: cython.const[cython.uchar][::1],
    strings: cython.longlong,
) -> cython.Py_ssize_t:
    """Give the first edge whose name has no string; -1 where there is none.

    ``is_named`` says for each edge type whether its edges have a name (else a number).
    """
    edge: cython.Py_ssize_t
    wrong: cython.Py_ssize_t = -1
    with cython.nogil:
        for edge in range(edge_type.shape[0]):
            if edge_name_or_index[edge] >= strings and is_named[edge_type[edge]]:
                wrong = edge
                break
    return wrong


def rank_rows(
    indexes: cython.const[cython.longlong][::1],
    node_fields: cython.longlong,
    last_row: cython.int[::1],
    rows: cython.int[::1],
    ordinals: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Put a table's rows in the order of their nodes; of several for a node the last stays.

    Args:
        indexes: Per row: where its node begins in the array of nodes.
        node_fields: Numbers per node.
        last_row: Per node; zeros when given.
        rows: Room for each row; filled.
        ordinals: Room for each row: filled with its node.

    Returns:
        How many rows stay; ``-1 - row`` for the first row that names no node.
    """
    row: cython.int
    count: cython.Py_ssize_t = 0
    node: cython.longlong
    nodes: cython.longlong = last_row.shape[0]
    with cython.nogil:
        for row in range(indexes.shape[0]):
            node = indexes[row] // node_fields
            if node < 0 or node >= nodes or node * node_fields != indexes[row]:
                count = -1 - row
                break
            last_row[node] = row + 1
        if count == 0:
            for node in range(nodes):
                if last_row[node] > 0:
                    rows[count] = last_row[node] - 1
                    ordinals[count] = node
                    count += 1
    return count
