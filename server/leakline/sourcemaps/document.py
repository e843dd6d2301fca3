"""A source map's JSON, checked field by field as ECMA-426 "Decoding source maps" asks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, cast

from leakline.sourcemaps.mappings import LARGEST
from leakline.sourcemaps.refusal import refusal

JsonObject = dict[str, object]

# Turbopack and Metro nest sections in sections; nobody nests them deeply.
_DEEPEST_NESTING = 8


@dataclass(frozen=True, slots=True)
class PlainMap:
    """The fields of a source map without sections, verbatim."""

    mappings: str
    sources: tuple[str | None, ...]
    sources_content: tuple[str | None, ...]
    names: tuple[str, ...]
    source_root: str | None
    ignored: frozenset[int]


@dataclass(frozen=True, slots=True)
class Section:
    """A plain map and the stretch of generated code that it describes.

    Attributes:
        line: First generated line.
        column: Where in that line it begins.
        end: Line and column of the next section; None for the last one.
        map: The section's map.
    """

    line: int
    column: int
    end: tuple[int, int] | None
    map: PlainMap


@dataclass(frozen=True, slots=True)
class Document:
    """A checked source map: a plain one has one section that begins at 0, 0."""

    file: str | None
    debug_id: str | None
    sections: tuple[Section, ...]


def read_document(data: bytes | str) -> Document:
    """Parse and check a source map.

    Raises:
        SourceMapError: If it is no JSON, or a field breaks the standard.
    """
    root = _parse_json(data)
    if not isinstance(root, dict):
        raise refusal("the source map is not a JSON object")
    document = cast("JsonObject", root)
    sections = (
        tuple(_sections(document, (0, 0), None, 1))
        if "sections" in document
        else (Section(0, 0, None, _plain_map(document)),)
    )
    debug_id = _optional_string(document, "debugId") or _optional_string(document, "debug_id")
    return Document(_optional_string(document, "file"), debug_id, sections)


def _parse_json(data: bytes | str) -> object:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    text = text.removeprefix("\ufeff")
    if text.startswith(")]}"):
        text = text[text.find("\n") + 1 :] if "\n" in text else ""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise refusal("the source map's JSON is nested too deeply") from error
    except ValueError as error:
        raise refusal(f"the source map is not JSON ({error})") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _sections(
    document: JsonObject, origin: tuple[int, int], end: tuple[int, int] | None, depth: int
) -> Iterator[Section]:
    if depth > _DEEPEST_NESTING:
        raise refusal("the source map nests sections too deeply")
    _check_version(document)
    _optional_string(document, "file")
    if "mappings" in document:
        raise refusal("the source map has both sections and mappings")
    entries = document["sections"]
    if not isinstance(entries, list):
        raise refusal("the source map's sections are not a list")
    starts = [_offset(entry, origin) for entry in entries]
    for before, after in itertools.pairwise(starts):
        if after <= before:
            raise refusal(
                f"the source map's sections overlap or are out of order at line {after[0] + 1}"
            )
    stops: list[tuple[int, int] | None] = [s if end is None else min(s, end) for s in starts[1:]]
    for entry, start, stop in zip(entries, starts, [*stops, end], strict=False):
        inner = entry.get("map")
        if not isinstance(inner, dict):
            raise refusal("a section of the source map has no map object")
        if "sections" in inner:
            yield from _sections(inner, start, stop, depth + 1)
        else:
            yield Section(*start, stop, _plain_map(inner))


def _offset(entry: object, origin: tuple[int, int]) -> tuple[int, int]:
    if not isinstance(entry, dict):
        raise refusal("a section of the source map is not an object")
    offset = entry.get("offset")
    if not isinstance(offset, dict):
        raise refusal("a section of the source map has no offset object")
    line = _count(offset.get("line"), "the line offset of a source map section")
    column = _count(offset.get("column"), "the column offset of a source map section")
    if line == 0:
        column += origin[1]
    line += origin[0]
    if line > LARGEST or column > LARGEST:
        raise refusal("a section of the source map begins beyond 2^31 lines or columns")
    return line, column


def _plain_map(document: JsonObject) -> PlainMap:
    _check_version(document)
    mappings = document.get("mappings")
    if not isinstance(mappings, str):
        raise refusal("the source map has no mappings string")
    if document.get("sources") is None:
        raise refusal("the source map has no sources list")
    sources = _strings(document, "sources", null_allowed=True)
    contents = _strings(document, "sourcesContent", null_allowed=True)[: len(sources)]
    names = _strings(document, "names", null_allowed=False)
    _optional_string(document, "file")
    return PlainMap(
        mappings=mappings,
        sources=sources,
        sources_content=contents + (None,) * (len(sources) - len(contents)),
        names=cast("tuple[str, ...]", names),
        source_root=_optional_string(document, "sourceRoot"),
        ignored=_ignored(document, len(sources)),
    )


def _check_version(document: JsonObject) -> None:
    version = document.get("version")
    if version != 3:
        shown = f" but {version!r:.40}" if isinstance(version, int | float | str) else ""
        raise refusal(f"the source map's version is not 3{shown}")


def _optional_string(document: JsonObject, key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise refusal(f"the source map's {key} is not a string")
    return value


def _optional_list(document: JsonObject, key: str) -> list[object]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise refusal(f"the source map's {key} is not a list")
    return value


def _strings(document: JsonObject, key: str, *, null_allowed: bool) -> tuple[str | None, ...]:
    values = _optional_list(document, key)
    for value in values:
        if not isinstance(value, str) and not (null_allowed and value is None):
            raise refusal(f"the source map's {key} hold something that is not a string")
    return cast("tuple[str | None, ...]", tuple(values))


def _ignored(document: JsonObject, sources: int) -> frozenset[int]:
    key = "x_google_ignoreList" if document.get("ignoreList") is None else "ignoreList"
    values = _optional_list(document, key)
    indexes = frozenset(_count(value, f"an entry of the source map's {key}") for value in values)
    if indexes and max(indexes) >= sources:
        raise refusal(f"the source map's {key} names a source that does not exist")
    return indexes


def _count(value: object, what: str) -> int:
    """A JSON number that is a whole one, not negative."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise refusal(f"{what} is not a whole number from 0")
    return value
