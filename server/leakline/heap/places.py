"""Places in scripts, as a snapshot names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a script: the start of a function, not where an object was allocated.

    Attributes:
        script_id: V8's number of the script.
        line: From 0.
        column: From 0, in UTF-16 units.
    """

    script_id: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places of closures, generators and constructed objects, sorted by node; all ``q``.

    Attributes:
        node: Ordinals, rising; a node that the file names twice is kept with its last place.
        script_id: V8's number of the script.
        line: From 0.
        column: From 0.
    """

    node: memoryview
    script_id: memoryview
    line: memoryview
    column: memoryview
