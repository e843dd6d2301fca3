"""The top level of a snapshot file: where each section lies.

The file is one JSON object. Its large values are flat arrays of numbers and one array of
strings; they are found, not parsed, so that sections which a newer V8 adds come along for free.

Without numpy, which takes as long to load as this: see :mod:`leakline.heap.parsing`.
"""

from __future__ import annotations

import codecs
import json
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from leakline.errors import SnapshotError
from leakline.heap import kernels
from leakline.heap.engine import view
from leakline.memory import large_memory, shrunk

if TYPE_CHECKING:
    from leakline.heap.engine import Buffer

FLAT_SECTIONS = frozenset(
    {
        "nodes",
        "edges",
        "trace_function_infos",
        "samples",
        "locations",
        "scopes",
        "scope_context_vars",
        "scope_uses",
    }
)
"""Sections that are arrays of numbers."""

LONGEST_HEADER = 1 << 20
"""Bytes; V8's header has about two thousand."""

CUT_SHORT = "it was cut short: take the snapshot again"
NO_SNAPSHOT = "give a file as V8's heap profiler writes it"


@dataclass(frozen=True, slots=True)
class Document:
    """One file and where its parts lie.

    Attributes:
        name: The file's name for errors.
        data: The whole file, one unsigned byte per item.
        header: The value of ``snapshot``.
        sections: For each flat section the offsets behind its ``[`` and of its ``]``; for any
            other section those of its first byte and behind its last.
        string_start: The offset of each string's first byte, behind its quote; format ``q``.
        strings_stop: Offset of the ``]`` behind the strings.
    """

    name: str
    data: memoryview
    header: object
    sections: dict[str, tuple[int, int]]
    string_start: memoryview
    strings_stop: int

    def wrong(self, section: str, offset: int, expected: str) -> SnapshotError:
        """Make the error for a wrong byte."""
        return wrong_byte(self.name, self.data, section, offset, expected)


def wrong_byte(
    name: str, data: memoryview, section: str, offset: int, expected: str
) -> SnapshotError:
    """Make the error for a wrong byte: names the file, what was found, and where."""
    if offset >= data.nbytes:
        return SnapshotError(f'{name}: the file ends in "{section}" at offset {offset}', CUT_SHORT)
    found = bytes(data[offset : offset + 12]).split(b"\n")[0].decode("ascii", "backslashreplace")
    return SnapshotError(
        f'{name}: expected {expected} in "{section}" at offset {offset}, found {found!r}'
    )


def open_document(buffer: Buffer, name: str) -> Document:
    """Find the sections of a file.

    Args:
        buffer: The file's bytes: anything that gives a contiguous buffer. It must not change
            while the document or anything made of it lives.
        name: The file's name for errors.

    Raises:
        SnapshotError: The file is no JSON object of this shape.
    """
    data = memoryview(cast("Any", buffer)).cast("B")
    if data.nbytes == 0:
        raise SnapshotError(f"{name}: the file is empty", CUT_SHORT)
    return _Walk(name, data).document()


class _Walk:
    """One pass over the top level."""

    def __init__(self, name: str, data: memoryview) -> None:
        self.name = name
        self.data = data
        self.view = view(data)
        self.size = data.nbytes
        self.header: object = None
        self.sections: dict[str, tuple[int, int]] = {}
        self.string_start: memoryview | None = None
        self.strings_stop = 0

    def document(self) -> Document:
        position = self.skip_space(0)
        if position >= self.size or self.data[position] != ord("{"):
            raise SnapshotError(
                f"{self.name}: it does not begin like a heap snapshot, but with "
                f"{bytes(self.data[position : position + 12])!r} at offset {position}",
                NO_SNAPSHOT,
            )
        seen: set[str] = set()
        position = self.skip_space(position + 1)
        while not self.at(position, "}"):
            if seen:
                position = self.skip_space(self.expect(position, ",", "a comma or a brace"))
            key, position = self.key(position)
            if key in seen:
                raise SnapshotError(
                    f'{self.name}: it has "{key}" twice, again at offset {position}'
                )
            seen.add(key)
            position = self.skip_space(self.expect(self.skip_space(position), ":", "a colon"))
            position = self.skip_space(self.value(key, position))
        end = self.skip_space(position + 1)
        if end < self.size:
            raise wrong_byte(self.name, self.data, "snapshot", end, "the end of the file")
        for key in ("snapshot", "nodes", "edges", "strings"):
            if key not in seen:
                raise SnapshotError(f'{self.name}: it has no "{key}"', NO_SNAPSHOT)
        assert self.string_start is not None
        return Document(
            self.name, self.data, self.header, self.sections, self.string_start, self.strings_stop
        )

    def value(self, key: str, position: int) -> int:
        """Note the value at ``position`` and give the offset behind it."""
        if key == "strings":
            return self.strings(self.expect(position, "[", "an array"))
        if key in FLAT_SECTIONS:
            begin = self.expect(position, "[", "an array")
            end = kernels.find_byte(self.view, begin, self.size, ord("]"))
            if end < 0:
                raise wrong_byte(self.name, self.data, key, self.size, "]")
            self.sections[key] = (begin, end)
            return int(end) + 1
        end = kernels.skip_value(self.view, position, self.size)
        if end < 0:
            raise wrong_byte(self.name, self.data, key, self.size, "the end of the value")
        if end == position:
            raise wrong_byte(self.name, self.data, key, position, "a value")
        if key == "snapshot":
            self.header = self.parse_header(position, end)
        else:
            self.sections[key] = (position, end)
        return int(end)

    def parse_header(self, begin: int, end: int) -> object:
        if end - begin > LONGEST_HEADER:
            raise SnapshotError(f"{self.name}: its header has {end - begin} bytes", NO_SNAPSHOT)
        try:
            return json.loads(bytes(self.data[begin:end]))
        except (ValueError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "it is no JSON"
            offset = begin + (error.pos if isinstance(error, json.JSONDecodeError) else 0)
            raise SnapshotError(
                f"{self.name}: its header cannot be read at offset {offset}: {what}", NO_SNAPSHOT
            ) from None

    def strings(self, begin: int) -> int:
        # A string takes three bytes at least. What is not filled is never touched.
        memory = large_memory(8 * ((self.size - begin) // 3 + 1))
        starts, result = memoryview(memory).cast("q"), array("q", [0, 0])
        count = int(kernels.scan_strings(self.view, begin, self.size, view(starts), view(result)))
        starts.release()
        if count < 0:
            raise wrong_byte(self.name, self.data, "strings", -1 - count, "a string or ]")
        end, beyond_ascii = result
        if beyond_ascii >= 0:
            self.check_utf8(beyond_ascii, end)
        self.string_start = memoryview(shrunk(memory, 8 * count))[: 8 * count].cast("q")
        self.strings_stop = end - 1
        return end

    def check_utf8(self, begin: int, end: int) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        step = 1 << 20
        for offset in range(begin, end, step):
            chunk = bytes(self.data[offset : min(offset + step, end)])
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=offset + step >= end)
            except UnicodeDecodeError as error:
                raise wrong_byte(
                    self.name, self.data, "strings", offset - pending + error.start, "UTF-8"
                ) from None

    def key(self, position: int) -> tuple[str, int]:
        if not self.at(position, '"'):
            raise wrong_byte(self.name, self.data, "snapshot", position, "a name in quotes")
        end = kernels.skip_string(self.view, position, min(self.size, position + 256))
        if end < 0:
            raise wrong_byte(self.name, self.data, "snapshot", position, "a short name in quotes")
        return bytes(self.data[position + 1 : end - 1]).decode("utf-8", "backslashreplace"), end

    def expect(self, position: int, byte: str, what: str) -> int:
        if not self.at(position, byte):
            raise wrong_byte(self.name, self.data, "snapshot", position, what)
        return position + 1

    def at(self, position: int, byte: str) -> bool:
        if position >= self.size:
            raise wrong_byte(self.name, self.data, "snapshot", self.size, byte)
        return bool(self.data[position] == ord(byte))

    def skip_space(self, position: int) -> int:
        return int(kernels.skip_space(self.view, position, self.size))
