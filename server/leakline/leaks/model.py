"""A finding: one thing that the user should know about the heap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from leakline.attribution.model import Evidence, Hop, SlotKind
from leakline.positions import SourceLocation


class Severity(Enum):
    """How much a finding matters."""

    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One leak root in one snapshot.

    Attributes:
        requests: Requests answered before the snapshot; None when nobody counted.
        retained_size: The root's retained size in bytes.
        element_count: Elements of the container, or characters of the string, that the root
            holds; None when it holds neither.
    """

    requests: int | None
    retained_size: int
    element_count: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the user should know.

    Attributes:
        code: The detector's code, such as ``growing-variable``.
        severity: How much it matters.
        message: The whole message, as a report or a diagnostic shows it.
        root: The leak root's display name, such as ``RateLimiter.windows``.
        slot_kind: What kind of slot the root is.
        series: The root in each snapshot, oldest first; one point where there is but one.
        growth_per_request: Bytes per request; None without request counts or with one snapshot.
        growth_per_snapshot: Bytes per snapshot; None with one snapshot.
        location: Where the diagnostic stands: the growth line, else the declaration, else the
            file; None when no source is known.
        declaration: Where the slot is declared, where known.
        other_writes: Further places that add to the root, in source order.
        trace: From the GC root to the accumulation point; may be empty.
        evidence: Why ``location`` is the place.
        preview: A shortened value from the heap (strings only); empty where there is none. It
            is a secret: show it only where values are not redacted.
        fingerprint: Stable over recordings: the same leak of the same program has the same
            fingerprint. Hexadecimal.
        unit: What is counted as requests: ``request``, ``click`` and the like.
    """

    code: str
    severity: Severity
    message: str
    root: str
    slot_kind: SlotKind
    series: tuple[SeriesPoint, ...]
    growth_per_request: float | None
    growth_per_snapshot: float | None
    location: SourceLocation | None
    declaration: SourceLocation | None
    other_writes: tuple[SourceLocation, ...]
    trace: tuple[Hop, ...]
    evidence: Evidence
    preview: str
    fingerprint: str
    unit: str = "request"

    @property
    def retained_size(self) -> int:
        """Bytes that the root retains in the newest snapshot."""
        return self.series[-1].retained_size
