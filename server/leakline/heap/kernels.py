# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors
# ruff: noqa: PLR1714, PLR1730 -- comparisons are written for C
"""The hot loops of the heap engine: digits to columns, and the graph algorithms.

This is plain Python in Cython's pure Python mode. Compiled ahead of time it runs at the speed
of C and without the interpreter's lock; where no compiler was at hand the same lines run
interpreted, with the same results.

What every function here takes for granted, because compiled loops check no bounds:

- ``data`` is the whole file, one unsigned byte per item;
- a ``start`` and a ``stop`` are byte offsets with ``0 <= start <= stop < len(data)``;
- the byte at the end of a *flat section*, ``data[stop]``, is no digit (it is the ``]``, or the
  first byte of a chunk that begins behind a comma, where ``data[stop - 1]`` is that comma);
- the graph functions get columns that :mod:`leakline.heap.reader` has checked: every
  ``edge_to`` is a node, ``first_edge`` rises from 0 to the number of edges, every string index
  has a string.

Callers pass numpy arrays when compiled and memoryviews of them when interpreted
(:mod:`leakline.heap.engine` sees to it). Results go into arrays that the caller made. Byte
values are written as numbers: 34 is a quotation mark, 44 a comma, 48 to 57 are the digits,
91 and 93 square brackets, 92 a backslash, 123 and 125 braces.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.libc.string import memchr

# Type checkers cannot read Cython's memoryview types; they see these functions as untyped.

# ---------------------------------------------------------------------- JSON, no recursion


def skip_space(
    data: cython.const[cython.uchar][::1], position: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Give the offset of the first byte from ``position`` that is no JSON white space."""
    i: cython.Py_ssize_t = position
    with cython.nogil:
        while i < stop and (data[i] == 32 or data[i] == 10 or data[i] == 13 or data[i] == 9):
            i += 1
    return i


def skip_string(
    data: cython.const[cython.uchar][::1], position: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Give the offset behind the string whose opening quote is at ``position``; -1 if open."""
    i: cython.Py_ssize_t = position + 1
    with cython.nogil:
        while i < stop and data[i] != 34:
            i += 2 if data[i] == 92 else 1
    return i + 1 if i < stop else -1


def skip_value(
    data: cython.const[cython.uchar][::1], position: cython.Py_ssize_t, stop: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Give the offset behind the JSON value at ``position``; -1 where it does not end.

    Brackets and braces are only counted, so that depth costs nothing: a trace tree may be a
    million levels deep.
    """
    i: cython.Py_ssize_t = position
    depth: cython.Py_ssize_t = 0
    byte: cython.uchar
    done: cython.bint = False
    with cython.nogil:
        while i < stop and not done:
            byte = data[i]
            if byte == 34:
                i += 1
                while i < stop and data[i] != 34:
                    i += 2 if data[i] == 92 else 1
                i += 1
                done = depth == 0
            elif byte == 91 or byte == 123:
                depth += 1
                i += 1
            elif byte == 93 or byte == 125:
                if depth == 0:
                    done = True
                else:
                    depth -= 1
                    i += 1
                    done = depth == 0
            elif depth == 0 and byte == 44:
                done = True
            else:
                i += 1
    return i if done and i <= stop else -1


def find_byte(
    data: cython.const[cython.uchar][::1],
    position: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    wanted: cython.uchar,
) -> cython.Py_ssize_t:
    """Give the offset of the first ``wanted`` byte from ``position``; -1 where there is none."""
    if position >= stop:
        return -1
    if not cython.compiled:
        for i in range(position, stop, 1 << 16):
            found = bytes(data[i : min(i + (1 << 16), stop)]).find(wanted)
            if found >= 0:
                return i + found
        return -1
    begin: cython.p_const_uchar = cython.address(data[position])
    end: cython.p_const_uchar
    with cython.nogil:
        end = cython.cast(cython.p_const_uchar, memchr(begin, wanted, stop - position))
    return position + (end - begin) if end else -1


# ---------------------------------------------------------------------- digits to columns


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
    value: cython.longlong
    byte: cython.uchar
    for field in range(fields):
        byte = data[i]
        while (byte == 10 or byte == 32 or byte == 13 or byte == 9) and i < stop:
            i += 1
            byte = data[i]
        begin = i
        value = 0
        while byte >= 48 and byte <= 57:
            value = value * 10 + (byte - 48)
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


def parse_numbers(
    data: cython.const[cython.uchar][::1],
    start: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    numbers: cython.longlong[::1],
    negated: cython.uchar[::1],
) -> cython.Py_ssize_t:
    """Parse a flat section into one column; -1, or the offset of the first wrong byte.

    ``negated`` has a byte per number, zeros when given; set to 1 where a minus sign stood.
    """
    i: cython.Py_ssize_t = start
    index: cython.Py_ssize_t
    wrong: cython.Py_ssize_t = -1
    with cython.nogil:
        for index in range(numbers.shape[0]):
            while i < stop and (data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9):
                i += 1
            if i < stop and data[i] == 45:
                negated[index] = 1
                i += 1
            i = _parse_row(data, i, stop, 1, numbers[index:])
            if i < 0:
                wrong = -1 - i
                break
            if negated[index]:
                numbers[index] = -numbers[index]
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


def scan_strings(
    data: cython.const[cython.uchar][::1],
    position: cython.Py_ssize_t,
    stop: cython.Py_ssize_t,
    starts: cython.longlong[::1],
    result: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Find the strings of the array whose first item would be at ``position``.

    Args:
        data: The file.
        position: The offset behind the ``[``.
        stop: Where the file ends.
        starts: Filled with the offset of each string's first byte, behind its quote. Room for
            ``(stop - position) // 3 + 1`` of them.
        result: Two numbers: the offset behind the closing ``]``, and the offset of the first
            byte beyond ASCII, -1 where all is ASCII.

    Returns:
        How many strings there are; where a byte is wrong, its offset as ``-1 - offset``.
    """
    i: cython.Py_ssize_t = position
    count: cython.Py_ssize_t = 0
    beyond: cython.Py_ssize_t = -1
    wrong: cython.Py_ssize_t = -1
    k: cython.Py_ssize_t
    byte: cython.uchar = 0
    closed: cython.bint = False
    broken: cython.bint = False
    with cython.nogil:
        while i < stop:
            byte = data[i]
            if byte == 34:
                i += 1
                starts[count] = i
                count += 1
                while i < stop:
                    byte = data[i]
                    if byte == 34:
                        break
                    if byte == 92:
                        i += 1
                        if i >= stop:
                            break
                        byte = data[i]
                        if byte == 117:  # u and four hexadecimal digits
                            k = i + 4
                            while i < k and i + 1 < stop:
                                byte = data[i + 1]
                                if not (
                                    (byte >= 48 and byte <= 57)
                                    or (byte >= 65 and byte <= 70)
                                    or (byte >= 97 and byte <= 102)
                                ):
                                    break
                                i += 1
                            if i < k:
                                broken = True
                                break
                        elif not (
                            byte == 34
                            or byte == 92
                            or byte == 47
                            or byte == 98
                            or byte == 102
                            or byte == 110
                            or byte == 114
                            or byte == 116
                        ):
                            broken = True
                            break
                    elif byte < 32:
                        break
                    elif byte > 127 and beyond < 0:
                        beyond = i
                    i += 1
                if broken or i >= stop or data[i] != 34:
                    wrong = i
                    break
                i += 1
                while i < stop and (
                    data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9
                ):
                    i += 1
                if i < stop and data[i] == 44:
                    i += 1
                    while i < stop and (
                        data[i] == 10 or data[i] == 32 or data[i] == 13 or data[i] == 9
                    ):
                        i += 1
                    if i < stop and data[i] != 34:
                        wrong = i
                        break
                elif i < stop and data[i] == 93:
                    closed = True
                    break
                else:
                    wrong = i
                    break
            elif byte == 93 and count == 0:
                closed = True
                break
            elif byte == 10 or byte == 32 or byte == 13 or byte == 9:
                i += 1
            else:
                wrong = i
                break
        if not closed and wrong < 0:
            wrong = stop
    result[0] = i + 1
    result[1] = beyond
    return -1 - wrong if wrong >= 0 else count


def find_ephemeron_names(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    found: cython.int[::1],
) -> cython.Py_ssize_t:
    """Find the strings that begin like V8's names of WeakMap edges, ``12 / part of key (``.

    Args:
        data: The file.
        starts: Where each string begins.
        found: Filled with the indexes of such strings, as many as there is room for.

    Returns:
        How many there are.
    """
    mark: cython.const[cython.uchar][::1] = b" / part of key ("
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    index: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    room: cython.Py_ssize_t = found.shape[0]
    with cython.nogil:
        for index in range(starts.shape[0]):
            i = starts[index]
            if data[i] < 48 or data[i] > 57:
                continue
            while data[i] >= 48 and data[i] <= 57:
                i += 1
            k = 0
            while k < 16 and data[i] == mark[k]:
                i += 1
                k += 1
            if k == 16:
                if count < room:
                    found[count] = index
                count += 1
    return count


def find_string(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    wanted: cython.const[cython.uchar][::1],
) -> cython.Py_ssize_t:
    """Give the first string whose bytes in the file are ``wanted``, closing quote included."""
    index: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t = wanted.shape[0]
    found: cython.Py_ssize_t = -1
    with cython.nogil:
        for index in range(starts.shape[0]):
            i = starts[index]
            k = 0
            # A quote ends every string, so that the comparison ends inside the file.
            while k < size and data[i + k] == wanted[k]:
                k += 1
            if k == size:
                found = index
                break
    return found


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


# ---------------------------------------------------------------------- the graph


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
    left: cython.Py_ssize_t = queued
    with cython.nogil:
        while left > 0:
            left -= 1
            node = queue[left]
            for edge in range(first_edge[node], first_edge[node + 1]):
                if marks[edge_to[edge]] == 0 and edge_type[edge] != weak:
                    marks[edge_to[edge]] = 1
                    queue[left] = edge_to[edge]
                    left += 1


def mark_essential(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    edge_type: cython.const[cython.uchar][::1],
    edge_name_or_index: cython.const[cython.uint][::1],
    node_id: cython.const[cython.longlong][::1],
    page_owned: cython.const[cython.uchar][::1],
    weak: cython.int,
    shortcut: cython.int,
    internal: cython.int,
    pair_of_string: cython.const[cython.int][::1],
    pair_table: cython.const[cython.longlong][::1],
    essential: cython.uchar[::1],
    held: cython.uchar[::1],
) -> cython.void:
    """Mark the edges that retain, after Chrome DevTools' ``computeIsEssentialEdge``.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        edge_type: Per edge.
        edge_name_or_index: Per edge.
        node_id: Per node.
        page_owned: Per node: 1 where the page owns it.
        weak: The type of weak edges, -1 where the format has none.
        shortcut: The same for shortcut edges.
        internal: The same for internal edges.
        pair_of_string: Per string: the WeakMap pair that it names, -1 where it names none.
            Empty where the file has no such name.
        pair_table: Per pair: the object id of its WeakMap's table.
        essential: Per edge; filled with 0 or 1.
        held: Per node: set to 1 where an essential edge points to it; 0 when given.
    """
    nodes: cython.Py_ssize_t = first_edge.shape[0] - 1
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    to: cython.Py_ssize_t
    pair: cython.int
    kind: cython.int
    keep: cython.uchar
    pairs: cython.Py_ssize_t = pair_table.shape[0]
    with cython.nogil:
        for node in range(nodes):
            for edge in range(first_edge[node], first_edge[node + 1]):
                to = edge_to[edge]
                kind = edge_type[edge]
                keep = 1
                if (
                    kind == weak
                    or to == node
                    or (
                        node != 0
                        and (kind == shortcut or (page_owned[node] == 0 and page_owned[to] != 0))
                    )
                ):
                    keep = 0
                elif pairs > 0 and kind == internal:
                    pair = pair_of_string[edge_name_or_index[edge]]
                    if pair >= 0 and pair_table[pair] == node_id[node]:
                        keep = 0
                essential[edge] = keep
                if keep:
                    held[to] = 1


def number_depth_first(
    first_edge: cython.const[cython.int][::1],
    edge_to: cython.const[cython.int][::1],
    essential: cython.const[cython.uchar][::1],
    starts: cython.const[cython.int][::1],
    number_of: cython.int[::1],
    node_at: cython.int[::1],
    parent: cython.int[::1],
    cursor: cython.int[::1],
) -> cython.Py_ssize_t:
    """Number the nodes in depth-first order along essential edges.

    Args:
        first_edge: Per node and one more.
        edge_to: Per edge.
        essential: Per edge.
        starts: The root, then the nodes that hang below it for want of a holder.
        number_of: Per node: its number; -1 when given, and afterwards where not reached.
        node_at: Per number: its node.
        parent: Per number: the number of the tree's parent, -1 for the root.
        cursor: Room for one edge index per node.

    Returns:
        How many nodes were reached.
    """
    node: cython.Py_ssize_t
    edge: cython.Py_ssize_t
    last: cython.Py_ssize_t
    start: cython.Py_ssize_t
    first: cython.int
    at: cython.int
    above: cython.int
    reached: cython.int = 0
    with cython.nogil:
        for start in range(starts.shape[0]):
            node = starts[start]
            first = reached
            above = -1 if start == 0 else 0
            while True:
                # Enter the node.
                number_of[node] = reached
                node_at[reached] = node
                parent[reached] = above
                edge = first_edge[node]
                last = first_edge[node + 1]
                at = reached
                reached += 1
                # Go on along its edges, then along its ancestors', to the next new node.
                while True:
                    while edge < last and (not essential[edge] or number_of[edge_to[edge]] >= 0):
                        edge += 1
                    if edge < last or at == first:
                        break
                    at = parent[at]
                    edge = cursor[at]
                    last = first_edge[node_at[at] + 1]
                if edge == last:
                    break
                cursor[at] = edge + 1
                above = at
                node = edge_to[edge]
    return reached


def find_dominators(
    reached: cython.Py_ssize_t,
    number_of: cython.const[cython.int][::1],
    node_at: cython.const[cython.int][::1],
    parent: cython.const[cython.int][::1],
    essential: cython.const[cython.uchar][::1],
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
    at: cython.int
    above: cython.int
    best: cython.int
    label: cython.int
    depth: cython.Py_ssize_t
    with cython.nogil:
        for number in range(reached - 1, 0, -1):
            node = node_at[number]
            best = parent[number]
            for row in range(first_retainer[node], first_retainer[node + 1]):
                if not essential[retainer_edge[row]]:
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
    dominator: cython.int[::1],
    retained: cython.longlong[::1],
) -> cython.void:
    """Carry dominators over to ordinals and add up retained sizes.

    Args:
        reached: How many nodes were numbered; the others stay below the root.
        idom: Per number: its immediate dominator.
        node_at: Per number: its node.
        dominator: Per node; zeros when given: the root is its own dominator.
        retained: Per node: its shallow size when given, afterwards its retained size.
    """
    number: cython.Py_ssize_t
    node: cython.Py_ssize_t
    above: cython.Py_ssize_t
    with cython.nogil:
        for number in range(reached - 1, 0, -1):
            node = node_at[number]
            above = node_at[idom[number]]
            dominator[node] = above
            retained[above] += retained[node]


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


# ---------------------------------------------------------------------- classes


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


def sum_classes(
    class_of: cython.const[cython.int][::1],
    shallow: cython.const[cython.longlong][::1],
    retained: cython.const[cython.longlong][::1],
    distance: cython.const[cython.int][::1],
    first_dominated: cython.const[cython.int][::1],
    dominated: cython.const[cython.int][::1],
    stack: cython.int[::1],
    inside: cython.uchar[::1],
    class_count: cython.longlong[::1],
    class_shallow: cython.longlong[::1],
    class_retained: cython.longlong[::1],
    class_distance: cython.int[::1],
) -> cython.void:
    """Add up the nodes of each class; those without a size do not count.

    The retained size of a class is that of its nodes which no node of the same class
    dominates: Chrome DevTools' ``calculateClassesRetainedSize``.

    Args:
        class_of: Per node.
        shallow: Per node.
        retained: Per node.
        distance: Per node.
        first_dominated: Per node and one more.
        dominated: Per node but the root.
        stack: Room for two ordinals per node.
        inside: Per class; zeros when given.
        class_count: Per class; zeros when given.
        class_shallow: Per class; zeros when given.
        class_retained: Per class; zeros when given.
        class_distance: Per class: the smallest; the largest possible when given.
    """
    node: cython.Py_ssize_t
    child: cython.Py_ssize_t
    left: cython.Py_ssize_t
    one: cython.int
    with cython.nogil:
        for node in range(class_of.shape[0]):
            if shallow[node] != 0:
                one = class_of[node]
                class_count[one] += 1
                class_shallow[one] += shallow[node]
                class_distance[one] = min(class_distance[one], distance[node])
        stack[0] = 0
        left = 1
        while left > 0:
            left -= 1
            node = stack[left]
            if node < 0:
                # All below is done: leave the class again.
                inside[class_of[-1 - node]] = 0
                continue
            one = class_of[node]
            if shallow[node] != 0 and not inside[one]:
                class_retained[one] += retained[node]
                if first_dominated[node] != first_dominated[node + 1]:
                    inside[one] = 1
                    stack[left] = -1 - node
                    left += 1
            for child in range(first_dominated[node], first_dominated[node + 1]):
                stack[left] = dominated[child]
                left += 1
