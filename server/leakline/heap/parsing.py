"""From the text of a ``.heapsnapshot`` file to its numbers.

Without numpy: a program that needs it can load it meanwhile, and the loops here run without
the interpreter's lock. :mod:`leakline.heap.checking` checks what is found.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from leakline.errors import SnapshotError
from leakline.heap import kernels
from leakline.heap.columns import Columns
from leakline.heap.document import Document, open_document
from leakline.heap.engine import view
from leakline.heap.meta import Meta, read_meta
from leakline.heap.parallel import Chunk, count_numbers, cut, run
from leakline.memory import Kind, large_memory, size_of, zeros

if TYPE_CHECKING:
    from leakline.heap.engine import Buffer

MOST = 2**31 - 1
"""Most nodes, edges and rows of a table: their numbers are kept in 32 bits with a sign."""

WRONG_COUNTS = "the file is damaged: take the snapshot again"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A flat table's numbers.

    Attributes:
        rows: How many records it has.
        numbers: Column after column, format ``q``.
    """

    rows: int
    numbers: memoryview


@dataclass(frozen=True, slots=True)
class ParsedSnapshot:
    """What the text of a file says; string indexes and counts of edges are not checked yet.

    Attributes:
        buffer: What was parsed, as it was given.
        document: Where the parts of the file lie.
        meta: Its format.
        columns: Its nodes and edges; ``first_edge`` holds counts still.
        locations: The table of places; the error where it cannot be read, None where the file
            has none.
    """

    buffer: Buffer
    document: Document
    meta: Meta
    columns: Columns
    locations: RawTable | SnapshotError | None


def parse_snapshot(buffer: Buffer, name: str = "snapshot") -> ParsedSnapshot:
    """Parse a heap snapshot, the first and longer part of :func:`leakline.heap.read_graph`.

    Args:
        buffer: The file's bytes, as :func:`leakline.heap.read_graph` takes them.
        name: What errors call the file.

    Raises:
        SnapshotError: The bytes are no heap snapshot; names the file, what was found, and the
            offset.
    """
    document = open_document(buffer, name)
    return _Parser(document, read_meta(document.header, name)).parsed(buffer)


def parse_table(document: Document, section: str, fields: int) -> RawTable:
    """Parse a flat table of numbers, which may have a minus sign.

    Raises:
        SnapshotError: It holds something else, or no whole number of records.
    """
    start, stop = document.sections[section]
    count, _ = count_numbers(view(document.data), start, stop)
    rows = _rows(document.name, section, count, fields)
    numbers = zeros(count, "q")
    if rows:
        wrong = int(
            kernels.parse_table(
                view(document.data), start, stop, fields, rows, view(numbers), view(array("q", [0]))
            )
        )
        if wrong >= 0:
            raise document.wrong(section, wrong, "whole numbers")
    return RawTable(rows, numbers)


class _Parser:
    """Parses the sections of one document."""

    def __init__(self, document: Document, meta: Meta) -> None:
        self.document = document
        self.meta = meta
        self.name = document.name
        self.view = view(document.data)

    def parsed(self, buffer: Buffer) -> ParsedSnapshot:
        meta = self.meta
        node_chunks = self.chunks("nodes", len(meta.node_fields), meta.node_count)
        edge_chunks = self.chunks("edges", len(meta.edge_fields), meta.edge_count)
        nodes = sum(chunk.rows for chunk in node_chunks)
        edges = sum(chunk.rows for chunk in edge_chunks)
        if nodes == 0:
            raise SnapshotError(f"{self.name}: it has no nodes", WRONG_COUNTS)
        # V8 before 13 writes the field, zeros, also where it tracked nothing.
        has_trace = "trace_node_id" in meta.node_fields and self.has_trace_tree()
        memory = laid_out(
            {
                "node_id": ("q", nodes),
                "self_size": ("q", nodes),
                "trace_node": ("q", nodes if has_trace else 0),
                "node_name": ("I", nodes),
                "first_edge": ("i", nodes + 1),
                "edge_name_or_index": ("I", edges),
                "edge_to": ("i", edges),
                "node_type": ("B", nodes),
                "detachedness": ("B", nodes),
                "edge_type": ("B", edges),
            }
        )
        columns = Columns(**memory)
        parts: list[Callable[[], int | RawTable | SnapshotError | None]] = [
            *(partial(self.parse_edges, columns, nodes, chunk) for chunk in edge_chunks),
            *(partial(self.parse_nodes, columns, chunk) for chunk in node_chunks),
            self.try_locations,
        ]
        *wrong, locations = run(parts)
        for section, expected, offsets in (
            ("nodes", "a node of whole numbers in range", wrong[len(edge_chunks) :]),
            ("edges", "an edge to a node of this file", wrong[: len(edge_chunks)]),
        ):
            for offset in offsets:
                if isinstance(offset, int) and offset >= 0:
                    raise self.document.wrong(section, offset, expected)
        assert not isinstance(locations, int)
        return ParsedSnapshot(buffer, self.document, meta, columns, locations)

    def chunks(self, section: str, fields: int, claimed: int | None) -> list[Chunk]:
        """Count the records of a flat section and cut it into parts."""
        start, stop = self.document.sections.get(section, (0, 0))
        numbers, commas = count_numbers(self.view, start, stop)
        rows = _rows(self.name, section, numbers, fields)
        if claimed is not None and claimed != rows:
            raise SnapshotError(
                f'{self.name}: its header claims {claimed} {section}, "{section}" '
                f"at offset {start} has {rows}",
                WRONG_COUNTS,
            )
        return cut(self.view, (start, stop), fields, rows, commas) if rows else []

    def parse_nodes(self, columns: Columns, chunk: Chunk) -> int:
        """Parse one part of the nodes; -1, or the offset of what is wrong."""
        fields = self.meta.node_fields
        names = ["type", "name", "id", "self_size", "edge_count", "detachedness"]
        names.append("trace_node_id" if columns.trace_node.nbytes else "")
        return int(
            kernels.parse_nodes(
                self.view,
                chunk.start,
                chunk.stop,
                len(fields),
                _positions(fields, names),
                len(self.meta.node_types),
                chunk.first_row,
                chunk.rows,
                view(columns.node_type),
                view(columns.node_name),
                view(columns.node_id),
                view(columns.self_size),
                view(columns.first_edge),
                view(columns.detachedness),
                view(columns.trace_node),
                view(array("q", [0] * len(fields))),
            )
        )

    def parse_edges(self, columns: Columns, nodes: int, chunk: Chunk) -> int:
        """Parse one part of the edges; -1, or the offset of what is wrong."""
        fields = self.meta.edge_fields
        return int(
            kernels.parse_edges(
                self.view,
                chunk.start,
                chunk.stop,
                len(fields),
                _positions(fields, ("type", "name_or_index", "to_node")),
                len(self.meta.edge_types),
                len(self.meta.node_fields),
                nodes,
                chunk.first_row,
                chunk.rows,
                view(columns.edge_type),
                view(columns.edge_name_or_index),
                view(columns.edge_to),
                view(array("q", [0] * len(fields))),
            )
        )

    def try_locations(self) -> RawTable | SnapshotError | None:
        """Parse the table of places; what is wrong with nodes and edges is said first."""
        fields = self.meta.tables.get("locations", ())
        if not fields or "locations" not in self.document.sections:
            return None
        try:
            return parse_table(self.document, "locations", len(fields))
        except SnapshotError as error:
            return error

    def has_trace_tree(self) -> bool:
        """Whether there is more than an empty array of allocation traces."""
        start, stop = self.document.sections.get("trace_tree", (0, 0))
        return bytes(self.document.data[start : min(stop, start + 64)]).split() not in (
            [],
            [b"[]"],
            [b"[", b"]"],
        )


def laid_out(
    columns: Mapping[str, tuple[Kind, int]],
) -> dict[str, memoryview]:
    """Lay columns one behind the other into one piece of memory, filled with zeros.

    Args:
        columns: By name, the format (as :mod:`struct` has it) and the number of items.
    """
    line = 64  # a cache line
    sizes = {name: size_of(count, kind) for name, (kind, count) in columns.items()}
    memory = memoryview(large_memory(sum(-(-size // line) * line for size in sizes.values()) or 1))
    found, start = {}, 0
    for name, (kind, _) in columns.items():
        found[name] = memory[start : start + sizes[name]].cast(kind)
        start += -(-sizes[name] // line) * line
    return found


def _rows(name: str, section: str, numbers: int, fields: int) -> int:
    if numbers % fields:
        raise SnapshotError(
            f'{name}: "{section}" has {numbers} numbers, not a multiple of {fields}', WRONG_COUNTS
        )
    if numbers // fields > MOST:
        raise SnapshotError(f"{name}: it has {numbers // fields} {section}, more than {MOST}")
    return numbers // fields


def _positions(fields: tuple[str, ...], names: Sequence[str]) -> Any:  # noqa: ANN401 - as kernels.view gives it
    return view(array("q", [fields.index(name) if name in fields else -1 for name in names]))
