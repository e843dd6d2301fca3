"""From the bytes of a ``.heapsnapshot`` file to a graph, its smaller tables included.

What their columns are used for later is checked here, once; nodes and edges are checked in
:mod:`leakline.heap.checking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leakline.errors import SnapshotError
from leakline.heap import kernels
from leakline.heap.allocations import Allocations
from leakline.heap.arrays import as_array
from leakline.heap.checking import figures_of
from leakline.heap.engine import view
from leakline.heap.figures import Figures
from leakline.heap.graph import Graph
from leakline.heap.parsing import WRONG_COUNTS, ParsedSnapshot, parse_snapshot, parse_table
from leakline.heap.tables import Column, Samples, Scopes

if TYPE_CHECKING:
    from leakline.heap.engine import Buffer


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
    parsed = parse_snapshot(buffer, name)
    return graph_of(figures_of(parsed, release=release), parsed)


def graph_of(figures: Figures, parsed: ParsedSnapshot) -> Graph:
    """Make the graph of a file whose figures are there already.

    Args:
        figures: What :func:`leakline.heap.figures_of` gave.
        parsed: What it was made of.

    Raises:
        SnapshotError: As :func:`read_graph` raises it.
    """
    return _Tables(figures, parsed).graph()


class _Tables:
    """Reads the smaller tables of one document."""

    def __init__(self, figures: Figures, parsed: ParsedSnapshot) -> None:
        self.figures = figures
        self.document = parsed.document
        self.meta = parsed.meta
        self.name = parsed.document.name
        self.view = view(parsed.document.data)
        self.strings = figures.strings

    def graph(self) -> Graph:
        return Graph(
            self.figures,
            scopes=self.scopes(self.figures.columns.nodes),
            allocations=self.allocations(),
            samples=self.samples(),
        )

    # ------------------------------------------------------------------ tables

    def table(self, section: str) -> dict[str, Column]:
        """Read a flat table into columns by field name; empty where the file has none."""
        fields = self.meta.tables.get(section, ())
        if not fields or section not in self.document.sections:
            return {}
        raw = parse_table(self.document, section, len(fields))
        numbers = as_array(raw.numbers).reshape(len(fields), raw.rows)
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
