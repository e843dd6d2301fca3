"""Places in source text.

V8, source maps and the Language Server Protocol all count lines and columns from 0,
columns in UTF-16 code units; so does every position inside Leakline. People count from
1: only a :class:`DisplayPosition` does, and only reports make one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class DisplayPosition:
    """A place as people count: line and column from 1, column in UTF-16 units."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column from 0, column in UTF-16 units."""

    line: int
    column: int

    def for_display(self) -> DisplayPosition:
        """The same place as people count."""
        return DisplayPosition(self.line + 1, self.column + 1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text from ``start`` up to, not including, ``end``."""

    start: Position
    end: Position

    def __contains__(self, position: object) -> bool:
        return isinstance(position, Position) and self.start <= position < self.end


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A span in a file that the user wrote.

    Attributes:
        path: The file's absolute path when it lies on this machine, else None (the text is
            then known only from a source map).
        url: The source's URL as the script or its source map names it.
        span: Where in that source. None when only the file is known.
        line_text: The text of the span's first line at capture, without its line end; empty
            when unknown.
        note: Why the location is coarser than it could be; empty when it is exact.
        name: What to call the source where it has no path: its path in the workspace of the
            recording, else the end of its URL. May be empty.
    """

    path: str | None
    url: str
    span: Span | None
    line_text: str = ""
    note: str = ""
    name: str = ""
