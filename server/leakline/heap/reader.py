"""From the bytes of a ``.heapsnapshot`` file to a graph.

Everything that a later loop takes for granted is checked here, once: counts against arrays,
types, string indexes, edge targets.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leakline.errors import SnapshotError
from leakline.heap import kernels
from leakline.heap.allocations import Allocations
from leakline.heap.columns import Columns
from leakline.heap.engine import view
from leakline.heap.graph import Graph
from leakline.heap.meta import NUMBERED
from leakline.heap.parsing import (
    WRONG_COUNTS,
    ParsedSnapshot,
    RawTable,
    parse_snapshot,
    parse_table,
)
from leakline.heap.room import Room
from leakline.heap.strings import StringTable
from leakline.heap.tables import Column, Locations, Samples, Scopes

if TYPE_CHECKING:
    from leakline.heap.engine import Buffer

_DTYPES = {"B": np.uint8, "I": np.uint32, "i": np.int32, "q": np.int64}


def read_graph(buffer: Buffer, name: str = "snapshot", *, release: bool = False) -> Graph:
    """Read a heap snapshot.

    Args:
        buffer: The file's bytes (``bytes``, ``bytearray``, ``mmap``, ``memoryview``, a numpy
            array of uint8), not compressed. The graph keeps it and decodes strings from it: it
            must not change while the graph lives.
        name: What errors call the file.
        release: The memory of the numbers, most of the file, may be used for what is worked
            out, and what is left of it given back to the system. The buffer is an ``mmap`` or a
            view of one, and nobody else reads it.

    Returns:
        The graph. Distances, dominators and retained sizes are worked out when first asked for.

    Raises:
        SnapshotError: The bytes are no heap snapshot; names the file, what was found, and the
            offset.
    """
    return build_graph(parse_snapshot(buffer, name), release=release)


def build_graph(parsed: ParsedSnapshot, *, release: bool = False) -> Graph:
    """Make the graph of a file that :func:`leakline.heap.parse_snapshot` has parsed.

    Args:
        parsed: The numbers, which belong to the graph from now on.
        release: As :func:`read_graph` takes it.

    Raises:
        SnapshotError: As :func:`read_graph` raises it.
    """
    return _Reader(parsed).graph(_room(parsed) if release else Room())


def _room(parsed: ParsedSnapshot) -> Room:
    """The memory of the longer of the two great sections; the other's is given back."""
    buffer = parsed.buffer
    memory = buffer.obj if isinstance(buffer, memoryview) else buffer
    if not isinstance(memory, mmap.mmap):
        return Room()
    sections = [parsed.document.sections[section] for section in ("nodes", "edges")]
    shorter, longer = sorted(sections, key=lambda section: section[1] - section[0])
    Room(memory, *shorter).give_back()
    return Room(memory, *longer)


class _Reader:
    """Reads the sections of one document."""

    def __init__(self, parsed: ParsedSnapshot) -> None:
        self.parsed = parsed
        self.document = parsed.document
        self.meta = parsed.meta
        self.name = parsed.document.name
        self.view = view(parsed.document.data)
        self.strings = StringTable(
            parsed.document.data,
            _array(parsed.document.string_start),
            parsed.document.strings_stop,
        )

    def graph(self, room: Room) -> Graph:
        columns = self.columns()
        return Graph(
            name=self.name,
            meta=self.meta,
            strings=self.strings,
            columns=columns,
            locations=self.locations(columns.node_type.size),
            scopes=self.scopes(columns.node_type.size),
            allocations=self.allocations(),
            samples=self.samples(),
            room=room,
        )

    # ------------------------------------------------------------------ nodes and edges

    def columns(self) -> Columns:
        """Put the numbers into columns and check them."""
        columns = Columns(**{name: _array(memory) for name, memory in self.parsed.columns.items()})
        self.check(columns)
        return columns

    def check(self, columns: Columns) -> None:
        """Check what only the whole columns can show."""
        strings = len(self.strings)
        total = int(kernels.add_up(view(columns.first_edge)))
        if total != columns.edge_to.size:
            claim = "more than 2^31" if total < 0 else str(total)
            raise SnapshotError(
                f'{self.name}: its nodes claim {claim} edges, "edges" has {columns.edge_to.size}',
                WRONG_COUNTS,
            )
        if int(columns.node_name.max()) >= strings:
            node = int(np.argmax(columns.node_name >= strings))
            raise self.no_string("nodes", node, int(columns.node_name[node]))
        numbered = np.array([kind in NUMBERED for kind in self.meta.edge_types], np.uint8)
        edge = int(
            kernels.find_bad_edge_name(
                view(columns.edge_type),
                view(columns.edge_name_or_index),
                view(1 - numbered),
                strings,
            )
        )
        if edge >= 0:
            raise self.no_string("edges", edge, int(columns.edge_name_or_index[edge]))
        if float(columns.self_size.sum(dtype=np.float64)) > 2.0**62:
            raise SnapshotError(f"{self.name}: its sizes add up to more than 2^62 bytes")

    def no_string(self, section: str, row: int, index: int) -> SnapshotError:
        fields = self.meta.node_fields if section == "nodes" else self.meta.edge_fields
        start, stop = self.document.sections[section]
        offset = int(kernels.after_commas(self.view, start, stop, row * len(fields)))
        return SnapshotError(
            f'{self.name}: the record at offset {offset} of "{section}" names string {index}, '
            f'"strings" has {len(self.strings)}',
            WRONG_COUNTS,
        )

    # ------------------------------------------------------------------ tables

    def table(self, section: str) -> dict[str, Column]:
        """Read a flat table into columns by field name; empty where the file has none."""
        fields = self.meta.tables.get(section, ())
        if not fields or section not in self.document.sections:
            return {}
        if section == "locations":
            raw = self.parsed.locations
        else:
            raw = parse_table(self.document, section, len(fields))
        if isinstance(raw, SnapshotError):
            raise raw
        assert isinstance(raw, RawTable)
        numbers = _array(raw.numbers).reshape(len(fields), raw.rows)
        return dict(zip(fields, numbers, strict=True))

    def fields(self, section: str, names: tuple[str, ...]) -> list[Column] | None:
        """Give the named columns of a table, None where the file lacks the table."""
        table = self.table(section)
        if not table:
            return None
        for field in names:
            if field not in table:
                raise SnapshotError(f'{self.name}: its "{section}" lack "{field}"')
        return [table[field] for field in names]

    def ordinals(self, section: str, indexes: Column, nodes: int) -> Column:
        """Turn indexes into the array of nodes to ordinals."""
        fields = len(self.meta.node_fields)
        ordinals = indexes // fields
        wrong = (ordinals * fields != indexes) | (ordinals >= nodes) | (ordinals < 0)
        if wrong.any():
            raise self.no_node(section, int(indexes[np.argmax(wrong)]))
        return ordinals

    def no_node(self, section: str, index: int) -> SnapshotError:
        return SnapshotError(
            f'{self.name}: its "{section}" name node index {index}, where no node begins',
            WRONG_COUNTS,
        )

    def locations(self, nodes: int) -> Locations:
        columns = self.fields("locations", ("object_index", "script_id", "line", "column"))
        if columns is None:
            empty = np.zeros(0, np.int64)
            return Locations(empty, empty, empty, empty)
        indexes, fields = columns[0], len(self.meta.node_fields)
        rows = np.empty(indexes.size, np.int32)
        count = int(
            kernels.rank_rows(view(indexes), fields, view(np.zeros(nodes, np.int32)), view(rows))
        )
        if count < 0:
            raise self.no_node("locations", int(indexes[-1 - count]))
        rows = rows[:count]
        return Locations(indexes[rows] // fields, *(column[rows] for column in columns[1:]))

    def scopes(self, nodes: int) -> Scopes | None:
        scopes = self.fields(
            "scopes",
            (
                "script_node_index",
                "scope_id",
                "depth",
                "scope_context_vars_count",
                "scope_uses_count",
            ),
        )
        names = self.fields("scope_context_vars", ("name",))
        uses = self.fields("scope_uses", ("declaring_scope_id", "slot_index"))
        if scopes is None or names is None or uses is None:
            return None
        self.check_strings("scope_context_vars", names[0])
        return Scopes(
            scope_script_node=self.ordinals("scopes", scopes[0], nodes),
            scope_id=scopes[1],
            depth=scopes[2],
            first_context_var=self.first("scope_context_vars", scopes[3], names[0].size),
            first_use=self.first("scope_uses", scopes[4], uses[0].size),
            context_var_name=names[0],
            use_declaring_scope_id=uses[0],
            use_slot=uses[1],
        )

    def samples(self) -> Samples | None:
        table = self.table("samples")
        if not {"timestamp_us", "last_assigned_id"} <= table.keys():
            return None
        return Samples(table["timestamp_us"], table["last_assigned_id"])

    def allocations(self) -> Allocations | None:
        functions = self.fields(
            "trace_function_infos", ("name", "script_name", "script_id", "line", "column")
        )
        fields = self.meta.tables.get("trace_tree", ())
        if functions is None or not fields or "trace_tree" not in self.document.sections:
            return None
        expected = ("id", "function_info_index", "count", "size")
        if fields[-1] != "children" or not set(expected) <= set(fields):
            raise SnapshotError(f'{self.name}: its "trace_node_fields" are of an unknown kind')
        start, stop = self.document.sections["trace_tree"]
        if self.document.data[start] != ord("["):
            raise self.document.wrong("trace_tree", start, "an array")
        width = len(fields) - 1
        # A record takes a digit and a comma per number, and two brackets.
        room = (stop - start) // (2 * width + 2) + 1
        numbers, parent = np.empty(room * width, np.int64), np.empty(room, np.int32)
        rows = int(kernels.parse_tree(self.view, start, stop, view(numbers), width, view(parent)))
        if rows < 0:
            raise self.document.wrong("trace_tree", -1 - rows, "records of whole numbers")
        table = numbers[: rows * width].reshape(rows, width)
        tree = {name: np.ascontiguousarray(table[:, fields.index(name)]) for name in expected}
        function = tree["function_info_index"]
        if rows and int(function.max()) >= functions[0].size:
            raise SnapshotError(
                f'{self.name}: its "trace_tree" names function {int(function.max())}, '
                f'"trace_function_infos" has {functions[0].size}',
                WRONG_COUNTS,
            )
        for column in functions[:2]:
            self.check_strings("trace_function_infos", column)
        return Allocations(
            trace_id=tree["id"],
            function=function,
            count=tree["count"],
            size=tree["size"],
            parent=parent[:rows].astype(np.int64),
            function_name=functions[0],
            script_name=functions[1],
            script_id=functions[2],
            line=functions[3] - 1,  # V8 counts these, and only these, from 1
            column=functions[4] - 1,
            strings=self.strings,
        )

    def check_strings(self, section: str, indexes: Column) -> None:
        """Check that a table's string indexes have strings."""
        wrong = (indexes < 0) | (indexes >= len(self.strings))
        if wrong.any():
            raise SnapshotError(
                f'{self.name}: its "{section}" name string '
                f'{int(indexes[np.argmax(wrong)])}, "strings" has {len(self.strings)}',
                WRONG_COUNTS,
            )

    def first(self, section: str, counts: Column, rows: int) -> Column:
        """Turn counts per scope into where each scope's part begins."""
        first = np.zeros(counts.size + 1, np.int64)
        # Each count is held against the rows first, so that the sum cannot overflow.
        fits = bool(((counts >= 0) & (counts <= rows)).all())
        if fits:
            np.cumsum(counts, out=first[1:])
        if not fits or int(first[-1]) != rows:
            raise SnapshotError(
                f'{self.name}: its scopes do not share out the {rows} rows of "{section}"',
                WRONG_COUNTS,
            )
        return first


def _array(memory: memoryview) -> NDArray[Any]:
    return np.asarray(memory).view(_DTYPES[memory.format])
