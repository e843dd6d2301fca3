"""Why a source map is refused."""

from __future__ import annotations

from leakline.errors import SourceMapError

_ADVICE = "build the program again, or report this to the tool that wrote the map"


def refusal(problem: str) -> SourceMapError:
    """The error for a source map that breaks the standard."""
    return SourceMapError(problem, _ADVICE)
