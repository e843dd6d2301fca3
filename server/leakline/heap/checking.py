"""What only the whole of a parsed file can show, checked once before any loop counts on it."""

from __future__ import annotations

import mmap
from array import array

from leakline.errors import SnapshotError
from leakline.heap import kernels
from leakline.heap.engine import view
from leakline.heap.figures import Figures
from leakline.heap.meta import NUMBERED
from leakline.heap.parsing import WRONG_COUNTS, ParsedSnapshot, RawTable
from leakline.heap.places import Places
from leakline.heap.room import Room
from leakline.heap.strings import StringTable
from leakline.memory import zeros


def figures_of(parsed: ParsedSnapshot, *, release: bool = False) -> Figures:
    """Check what was parsed, and make of it what figures are worked out from.

    Args:
        parsed: The numbers, which belong to the figures from now on.
        release: As :func:`leakline.heap.read_graph` takes it.

    Raises:
        SnapshotError: Counts, string indexes or places do not fit together; names the file,
            what was found, and the offset.
    """
    checks = _Checks(parsed)
    checks.check_counts()
    checks.check_names()
    checks.check_sizes()
    return Figures(
        name=parsed.document.name,
        meta=parsed.meta,
        strings=checks.strings,
        columns=parsed.columns,
        places=checks.places(),
        room=_room(parsed) if release else Room(),
    )


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


class _Checks:
    """Checks one file."""

    def __init__(self, parsed: ParsedSnapshot) -> None:
        self.parsed = parsed
        self.columns = parsed.columns
        self.name = parsed.document.name
        self.strings = StringTable(
            parsed.document.data, parsed.document.string_start, parsed.document.strings_stop
        )

    def check_counts(self) -> None:
        """Turn counts of edges into the first edge of each node."""
        total = int(kernels.add_up(view(self.columns.first_edge)))
        if total != self.columns.edges:
            claim = "more than 2^31" if total < 0 else str(total)
            raise SnapshotError(
                f'{self.name}: its nodes claim {claim} edges, "edges" has {self.columns.edges}',
                WRONG_COUNTS,
            )

    def check_names(self) -> None:
        columns, strings = self.columns, len(self.strings)
        node = int(kernels.find_beyond(view(columns.node_name), strings))
        if node >= 0:
            raise self.no_string("nodes", node, columns.node_name[node])
        is_named = bytearray(kind not in NUMBERED for kind in self.parsed.meta.edge_types)
        edge = int(
            kernels.find_bad_edge_name(
                view(columns.edge_type), view(columns.edge_name_or_index), view(is_named), strings
            )
        )
        if edge >= 0:
            raise self.no_string("edges", edge, columns.edge_name_or_index[edge])

    def check_sizes(self) -> None:
        if int(kernels.add_sizes(view(self.columns.self_size))) < 0:
            raise SnapshotError(f"{self.name}: its sizes add up to more than 2^62 bytes")

    def no_string(self, section: str, row: int, index: int) -> SnapshotError:
        document, meta = self.parsed.document, self.parsed.meta
        fields = meta.node_fields if section == "nodes" else meta.edge_fields
        start, stop = document.sections[section]
        offset = int(kernels.after_commas(view(document.data), start, stop, row * len(fields)))
        return SnapshotError(
            f'{self.name}: the record at offset {offset} of "{section}" names string {index}, '
            f'"strings" has {len(self.strings)}',
            WRONG_COUNTS,
        )

    def places(self) -> Places:
        """Put the table of places in the order of its nodes."""
        raw, names = self.parsed.locations, ("object_index", "script_id", "line", "column")
        fields = self.parsed.meta.tables.get("locations", ())
        if isinstance(raw, SnapshotError):
            raise raw
        if raw is None:
            return Places(*(zeros(0, "q") for _ in names))
        for name in names:
            if name not in fields:
                raise SnapshotError(f'{self.name}: its "locations" lack "{name}"')
        indexes, *columns = (_column(raw, fields.index(name)) for name in names)
        rows, nodes = array("i", bytes(4 * raw.rows)), zeros(raw.rows, "q")
        count = int(
            kernels.rank_rows(
                view(indexes),
                len(self.parsed.meta.node_fields),
                view(zeros(self.columns.nodes, "i")),
                view(rows),
                view(nodes),
            )
        )
        if count < 0:
            raise SnapshotError(
                f'{self.name}: its "locations" name node index {indexes[-1 - count]}, where no '
                "node begins",
                WRONG_COUNTS,
            )
        picked = [zeros(count, "q") for _ in columns]
        kept = memoryview(rows)[:count]
        for column, own in zip(columns, picked, strict=True):
            kernels.pick(view(column), view(kept), view(own))
        return Places(nodes[:count], *picked)


def _column(table: RawTable, number: int) -> memoryview:
    return table.numbers[number * table.rows : (number + 1) * table.rows]
