"""All places that a finding points to."""

from __future__ import annotations

from collections.abc import Iterator

from leakline.leaks.model import Finding
from leakline.positions import SourceLocation


def locations_of(finding: Finding) -> Iterator[SourceLocation]:
    """The locations of a finding, its own first; one may come several times."""
    if finding.location is not None:
        yield finding.location
    if finding.declaration is not None:
        yield finding.declaration
    yield from finding.other_writes
    for hop in finding.trace:
        if hop.location is not None:
            yield hop.location
