"""Source maps: from a generated position to the user's own line, and back.

    data --document--> checked fields --mappings--> columns --lookups--> positions

Nothing here reads files or the network. :func:`parse_source_map` takes the bytes.
"""

from leakline.sourcemaps.lookups import (
    GeneratedPlaces,
    OriginalMapping,
    Originals,
    SourceMap,
    parse_source_map,
)
from leakline.sourcemaps.urls import decode_data_url, find_source_mapping_url

__all__ = [
    "GeneratedPlaces",
    "OriginalMapping",
    "Originals",
    "SourceMap",
    "decode_data_url",
    "find_source_mapping_url",
    "parse_source_map",
]
