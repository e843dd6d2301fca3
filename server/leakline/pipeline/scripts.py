"""The scripts of a program, read from its recording when they are first looked into."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from leakline.attribution.scripts import Script, Scripts, SourceFiles
from leakline.errors import SourceMapError
from leakline.recording import Script as RecordedScript
from leakline.recording import read_source, read_source_map
from leakline.sourcemaps import (
    SourceMap,
    decode_data_url,
    find_source_mapping_url,
    parse_source_map,
)

# Beyond this, in UTF-16 units, to parse a script would take longer than a person waits.
MAX_PARSED_LENGTH = 32_000_000


def program_scripts(
    recorded: Iterable[RecordedScript], files: SourceFiles, notes: list[str]
) -> Scripts:
    """Makes a program's scripts.

    Args:
        recorded: The scripts as the recording has them.
        files: Finds the files that they were made from.
        notes: Takes a sentence on each source or source map that could not be used.
    """
    return Scripts({script.id: _script(script, notes) for script in recorded}, files)


def _script(recorded: RecordedScript, notes: list[str]) -> Script:
    return Script(
        recorded.id,
        recorded.url,
        read_source=partial(_source_that_ran, recorded, notes),
        read_source_map=partial(_source_map, recorded, notes),
    )


def _source_that_ran(recorded: RecordedScript, notes: list[str]) -> str | None:
    text = _source(recorded)
    if text is None:
        return None
    name = recorded.url.rsplit("/", 1)[-1]
    if recorded.length > MAX_PARSED_LENGTH or len(text) > MAX_PARSED_LENGTH:
        notes.append(
            f"{name} is longer than {MAX_PARSED_LENGTH:,} characters and was not looked into: "
            "what grows in it has no line"
        )
        return None
    # Positions of another text would lead to wrong lines.
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if recorded.length and length != recorded.length:
        notes.append(
            f"the source of {name} in the recording has {length:,} characters, the script that "
            f"ran had {recorded.length:,}: what grows in it has no line"
        )
        return None
    return text


def _source(recorded: RecordedScript) -> str | None:
    return read_source(recorded) if recorded.source is not None else None


def _source_map(recorded: RecordedScript, notes: list[str]) -> SourceMap | None:
    try:
        data = read_source_map(recorded) or _inline_map(recorded)
        if data is None:
            return None
        return parse_source_map(data, base_url=recorded.source_map_base or recorded.url)
    except SourceMapError as error:
        notes.append(f"the source map of {recorded.url} was not used: {error}")
        return None


def _inline_map(recorded: RecordedScript) -> bytes | None:
    """The map inside a script's own text, for scripts that no capture took apart."""
    text = _source(recorded)
    url = find_source_mapping_url(text) if text is not None else None
    return decode_data_url(url) if url is not None and url.startswith("data:") else None
