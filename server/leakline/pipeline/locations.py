"""All places that a finding points to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

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


def with_locations(finding: Finding, moved: Callable[[SourceLocation], SourceLocation]) -> Finding:
    """A finding with all its locations moved; the same object where none is."""
    if all(moved(location) is location for location in locations_of(finding)):
        return finding
    return replace(
        finding,
        location=finding.location and moved(finding.location),
        declaration=finding.declaration and moved(finding.declaration),
        other_writes=tuple(moved(location) for location in finding.other_writes),
        trace=tuple(
            replace(hop, location=hop.location and moved(hop.location)) for hop in finding.trace
        ),
    )
