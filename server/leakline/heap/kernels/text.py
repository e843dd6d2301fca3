# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, nonecheck=False
# mypy: ignore-errors
# ruff: noqa: PLR1714 -- comparisons are written for C
"""JSON without recursion, and the strings of a file.

See the package's head for what every function takes for granted.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.libc.string import memchr


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


def pair_ephemerons(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    found: cython.const[cython.int][::1],
    slots: cython.int[::1],
    example: cython.int[::1],
    table: cython.longlong[::1],
    pair_of_string: cython.int[::1],
) -> cython.Py_ssize_t:
    """Pair V8's names of WeakMap edges: two are a pair that are equal behind their number.

    V8 writes ``12 / part of key (K @1) -> value (V @2) pair in WeakMap (table @3)``.

    Args:
        data: The file.
        starts: Where each string begins.
        found: What :func:`find_ephemeron_names` found.
        slots: A hash table, -1 when given; a power of two in length, longer than ``found``.
        example: Per pair: filled with the place in ``found`` of its first name.
        table: Per pair: filled with the object id of the table, -1 where it has too many digits.
        pair_of_string: Per string: filled with its pair where it is such a name.

    Returns:
        How many pairs there are; -1 where a name holds an escape or more than ASCII, whose
        pairs are not told here.
    """
    value_mark: cython.const[cython.uchar][::1] = b") -> value ("
    table_mark: cython.const[cython.uchar][::1] = b") pair in WeakMap (table @"
    mask: cython.ulonglong = slots.shape[0] - 1
    multiplier: cython.ulonglong = 1099511628211
    word: cython.ulonglong = 0xFFFFFFFFFFFFFFFF
    code: cython.ulonglong
    row: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    after: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.Py_ssize_t
    number: cython.longlong = 0
    pair: cython.int
    pairs: cython.int = 0
    has_value: cython.bint
    matched: cython.bint
    plain: cython.bint = True
    with cython.nogil:
        for row in range(found.shape[0]):
            i = starts[found[row]]
            while data[i] >= 48 and data[i] <= 57:
                i += 1
            begin = i
            code = 1469598103
            after = begin + 16
            has_value = False
            matched = False
            while data[i] != 34:
                if data[i] == 92 or data[i] > 127:
                    plain = False
                    break
                code = ((code ^ data[i]) * multiplier) & word
                # An " @" and digits, then one of the two marks, each in its turn.
                if data[i] == 64 and i > after and data[i - 1] == 32:
                    k = i + 1
                    while data[k] >= 48 and data[k] <= 57:
                        k += 1
                    m = 0
                    if k > i + 1 and not has_value:
                        while m < 12 and data[k + m] == value_mark[m]:
                            m += 1
                        if m == 12:
                            has_value = True
                            after = k + m
                    elif k > i + 1:
                        while m < 26 and data[k + m] == table_mark[m]:
                            m += 1
                        if m == 26:
                            k += m
                            m = k
                            number = 0
                            while data[k] >= 48 and data[k] <= 57:
                                if k - m < 18:
                                    number = number * 10 + (data[k] - 48)
                                k += 1
                            if k > m and data[k] == 41 and data[k + 1] == 34:
                                matched = True
                                if k - m > 18:
                                    number = -1
                i += 1
            if not plain:
                break
            if not matched:
                continue
            while True:
                pair = slots[code & mask]
                if pair < 0:
                    pair = pairs
                    slots[code & mask] = pair
                    example[pair] = row
                    table[pair] = number
                    pairs += 1
                    break
                # Both end with a quote, so that the comparison ends inside the file.
                i = begin
                k = starts[found[example[pair]]]
                while data[k] >= 48 and data[k] <= 57:
                    k += 1
                while data[i] == data[k] and data[i] != 34:
                    i += 1
                    k += 1
                if data[i] == data[k]:
                    break
                code = (code + 1) & word
            pair_of_string[found[row]] = pair
    return pairs if plain else -1


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
