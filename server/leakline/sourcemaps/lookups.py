"""Look-ups in a decoded source map, both ways, one at a time and many at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leakline.positions import Position
from leakline.sourcemaps.document import Document, Section, read_document
from leakline.sourcemaps.mappings import (
    COLUMN_BITS,
    LARGEST,
    Column,
    Keys,
    Segments,
    concatenate_segments,
    decode_mappings,
)
from leakline.sourcemaps.refusal import refusal
from leakline.sourcemaps.urls import resolve_url

_MOST_URL_CHARACTERS = 2**28


@dataclass(frozen=True, slots=True)
class OriginalMapping:
    """Where a place of the generated code comes from.

    Attributes:
        source_index: Index into ``SourceMap.sources``.
        source: The source's resolved URL; None when the map does not name it.
        position: Line and column in that source.
        name: The name that the map gives for it, None when it gives none.
    """

    source_index: int
    source: str | None
    position: Position
    name: str | None


class Originals(NamedTuple):
    """Answers to many look-ups: four int32 arrays, -1 where there is no answer."""

    source: Column
    line: Column
    column: Column
    name: Column


class GeneratedPlaces(NamedTuple):
    """Answers to many look-ups the other way round, any number for each.

    Attributes:
        query: intp, which look-up a row answers; ascending.
        line: int32, generated line.
        column: int32, generated column; places of one look-up stand in generated order.
    """

    query: npt.NDArray[np.intp]
    line: Column
    column: Column


class _BySource(NamedTuple):
    """Segments in the order of the original code.

    Attributes:
        order: Index of the segment.
        keys: Original line times 2**31 plus original column, ascending within a source.
        bounds: Where each source's segments begin; one more entry than there are sources.
    """

    order: npt.NDArray[np.intp]
    keys: Keys
    bounds: npt.NDArray[np.intp]


class SourceMap:
    """A decoded source map; made by :func:`parse_source_map`.

    Attributes:
        file: The generated file that the map says it is for.
        debug_id: The map's debug id.
        sources: URLs resolved against the source root and the map's URL; None where null.
        source_names: The same as the file spells them.
        sources_content: The text of each source where the map has it.
        names: Original names.
        ignored: Indexes of sources that are not the user's code.
        segments: The decoded columns.
    """

    def __init__(
        self,
        *,
        file: str | None,
        debug_id: str | None,
        sources: tuple[str | None, ...],
        source_names: tuple[str | None, ...],
        sources_content: tuple[str | None, ...],
        names: tuple[str, ...],
        ignored: frozenset[int],
        segments: Segments,
    ) -> None:
        self.file = file
        self.debug_id = debug_id
        self.sources = sources
        self.source_names = source_names
        self.sources_content = sources_content
        self.names = names
        self.ignored = ignored
        self.segments = segments

    def original(self, line: int, column: int) -> OriginalMapping | None:
        """Where a generated position comes from.

        The segment that counts is the last one at or before the column on the same line; of
        several at exactly that column the first.

        Args:
            line: Generated line, from 0.
            column: Generated column, from 0, in UTF-16 units.

        Returns:
            None when no segment stands there, or it says that the code has no source.
        """
        answer = self.originals(np.array([line]), np.array([column]))
        source = int(answer.source[0])
        if source < 0:
            return None
        name = int(answer.name[0])
        return OriginalMapping(
            source_index=source,
            source=self.sources[source],
            position=Position(int(answer.line[0]), int(answer.column[0])),
            name=None if name < 0 else self.names[name],
        )

    def originals(self, lines: npt.ArrayLike, columns: npt.ArrayLike) -> Originals:
        """Where many generated positions come from; see :meth:`original`.

        Args:
            lines: Generated lines, from 0.
            columns: Generated columns, from 0; as many as lines.

        Returns:
            Four int32 arrays of that length, -1 where there is no answer.
        """
        asked_lines = np.asarray(lines, np.int64)
        asked_columns = np.asarray(columns, np.int64)
        valid = (asked_lines >= 0) & (asked_lines <= LARGEST) & (asked_columns >= 0)
        wanted = (asked_lines << COLUMN_BITS) | np.minimum(asked_columns, LARGEST)
        keys = self.segments.generated
        if not keys.size:
            none = np.full(asked_lines.size, -1, np.int32)
            return Originals(none, none.copy(), none.copy(), none.copy())
        index = np.searchsorted(keys, wanted, side="right") - 1
        at = keys[index]
        found = valid & (index >= 0) & ((at >> COLUMN_BITS) == asked_lines)
        exact = np.flatnonzero(found & (at == wanted))
        index[exact] = np.searchsorted(keys, wanted[exact], side="left")
        return Originals(
            *(
                np.where(found, column[index], np.int32(-1))
                for column in (
                    self.segments.source,
                    self.segments.line,
                    self.segments.column,
                    self.segments.name,
                )
            )
        )

    def generated(
        self, source_index: int, line: int, column: int | None = None
    ) -> tuple[Position, ...]:
        """All generated positions that an original place became.

        Args:
            source_index: Index into ``sources``.
            line: Line in that source, from 0.
            column: Column in that line, from 0; the first mapped column at or after it counts,
                as in trace-mapping's ``allGeneratedPositionsFor``. None for the whole line.

        Returns:
            Positions in the order of the generated code; empty when nothing came of it.
        """
        if column is not None:
            found = self.all_generated([source_index], [line], [column])
            places = zip(found.line.tolist(), found.column.tolist(), strict=True)
            return tuple(Position(*place) for place in places)
        if not 0 <= source_index < len(self.sources) or not 0 <= line <= LARGEST:
            return ()
        by_source = self._by_source
        low, high = by_source.bounds[source_index : source_index + 2]
        ends = ((line << COLUMN_BITS) - 1, (line << COLUMN_BITS) | LARGEST)
        start, stop = low + np.searchsorted(by_source.keys[low:high], ends, side="right")
        keys = np.unique(self.segments.generated[by_source.order[start:stop]]).tolist()
        return tuple(Position(key >> COLUMN_BITS, key & LARGEST) for key in keys)

    def all_generated(
        self, source_indexes: npt.ArrayLike, lines: npt.ArrayLike, columns: npt.ArrayLike
    ) -> GeneratedPlaces:
        """All generated positions of many original places; see :meth:`generated`.

        Args:
            source_indexes: Indexes into ``sources``.
            lines: Lines in those sources, from 0; as many as indexes.
            columns: Columns in those lines, from 0; as many as indexes.
        """
        sources = np.asarray(source_indexes, np.int64)
        asked_lines = np.asarray(lines, np.int64)
        asked_columns = np.asarray(columns, np.int64)
        valid = (asked_lines >= 0) & (asked_lines <= LARGEST)
        wanted = (asked_lines << COLUMN_BITS) | np.clip(asked_columns, 0, LARGEST)
        by_source = self._by_source
        first = np.zeros(sources.size, np.int64)
        counts = np.zeros(sources.size, np.int64)
        for source in np.unique(sources[(sources >= 0) & (sources < len(self.sources))]).tolist():
            low, high = by_source.bounds[source : source + 2]
            keys = by_source.keys[low:high]
            asked = np.flatnonzero(valid & (sources == source))
            start = np.searchsorted(keys, wanted[asked])
            asked, start = asked[start < keys.size], start[start < keys.size]
            mapped = (keys[start] >> COLUMN_BITS) == asked_lines[asked]
            asked, start = asked[mapped], start[mapped]
            first[asked] = low + start
            counts[asked] = np.searchsorted(keys, keys[start], side="right") - start
        query = np.repeat(np.arange(sources.size), counts)
        offsets = np.arange(query.size) - np.repeat(np.cumsum(counts) - counts, counts)
        found = self.segments.generated[by_source.order[first[query] + offsets]]
        in_order = np.lexsort((found, query))
        query, found = query[in_order], found[in_order]
        new = np.ones(query.size, np.bool_)
        new[1:] = (query[1:] != query[:-1]) | (found[1:] != found[:-1])
        query, found = query[new], found[new]
        return GeneratedPlaces(
            query,
            (found >> COLUMN_BITS).astype(np.int32),
            (found & LARGEST).astype(np.int32),
        )

    @cached_property
    def _by_source(self) -> _BySource:
        source = self.segments.source
        keys = (self.segments.line.astype(np.int64) << COLUMN_BITS) | self.segments.column
        order = np.lexsort((keys, source))
        order = order[int(np.count_nonzero(source < 0)) :]
        bounds = np.searchsorted(source[order], np.arange(len(self.sources) + 1))
        return _BySource(order, keys[order], bounds)


def parse_source_map(data: bytes | str, *, base_url: str = "") -> SourceMap:
    """Decode a source map of revision 3 (ECMA-426), plain or with sections.

    Args:
        data: The file; a first line that begins with ``)]}`` is skipped.
        base_url: The map's own URL or path, against which sources are resolved.

    Raises:
        SourceMapError: With the reason, if the map breaks the standard.
    """
    document = read_document(data)
    _check_url_lengths(document, base_url)
    sources: list[str | None] = []
    source_names: list[str | None] = []
    contents: list[str | None] = []
    names: list[str] = []
    ignored: set[int] = set()
    parts: list[Segments] = []
    for section in document.sections:
        parts.append(_placed(section, len(sources), len(names)))
        ignored.update(index + len(sources) for index in section.map.ignored)
        sources += _resolved(section.map.sources, section.map.source_root, base_url)
        source_names += section.map.sources
        contents += section.map.sources_content
        names += section.map.names
    if not parts:
        parts.append(decode_mappings("", sources=0, names=0))
    return SourceMap(
        file=document.file,
        debug_id=document.debug_id,
        sources=tuple(sources),
        source_names=tuple(source_names),
        sources_content=tuple(contents),
        names=tuple(names),
        ignored=frozenset(ignored),
        segments=concatenate_segments(parts),
    )


def _check_url_lengths(document: Document, base_url: str) -> None:
    """Each source repeats the root and the base: a small file could ask for any memory."""
    characters = sum(
        (len(section.map.source_root or "") + len(base_url)) * len(section.map.sources)
        for section in document.sections
    )
    if characters > _MOST_URL_CHARACTERS:
        raise refusal("the source map's root is too long for the number of its sources")


def _resolved(
    sources: tuple[str | None, ...], source_root: str | None, base_url: str
) -> list[str | None]:
    # The standard's text would turn an empty root, which tsc always writes, into "/"; nobody
    # reads it so.
    prefix = source_root.removesuffix("/") + "/" if source_root else ""
    return [None if s is None else resolve_url(prefix + s, base_url) for s in sources]


def _placed(section: Section, first_source: int, first_name: int) -> Segments:
    """A section's segments where they stand in the whole: shifted, and cut at the next one."""
    plain = section.map
    segments = decode_mappings(plain.mappings, sources=len(plain.sources), names=len(plain.names))
    keys = segments.generated
    if keys.size:
        first_line = keys[: int(np.searchsorted(keys, 1 << COLUMN_BITS))]
        last_column = int(first_line[-1]) if first_line.size else 0
        last_line = int(keys[-1]) >> COLUMN_BITS
        if last_column + section.column > LARGEST or last_line + section.line > LARGEST:
            raise refusal("a section of the source map goes beyond 2^31 lines or columns")
        first_line += section.column
        keys += section.line << COLUMN_BITS
    segments.source[segments.source >= 0] += first_source
    segments.name[segments.name >= 0] += first_name
    if section.end is None:
        return segments
    stop = int(np.searchsorted(keys, (section.end[0] << COLUMN_BITS) | section.end[1]))
    return Segments(
        keys[:stop],
        segments.source[:stop],
        segments.line[:stop],
        segments.column[:stop],
        segments.name[:stop],
    )
