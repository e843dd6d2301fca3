"""How long a step may take: the one rule for all of them."""

from __future__ import annotations

# V8 may be silent for as long as it walks, sorts or collects its heap, and what it does
# between is slower with a large one. Node 20 took 20 s for a snapshot of 131 MB; the machine may
# be ten times slower, or page.
_SNAPSHOT_SECONDS = 60.0
_SNAPSHOT_SECONDS_PER_BYTE = 1e-6
_SECONDS_PER_BYTE = 1e-7
_UNKNOWN_HEAP = 512 << 20


class Limits:
    """Time limits that grow with the heap.

    Attributes:
        heap_used: The heap's size in bytes as last heard; None while unknown.
    """

    def __init__(self) -> None:
        self.heap_used: int | None = None

    def seconds(self, base: float) -> float:
        """Give the limit of a step.

        Args:
            base: Seconds that it may take with a small heap.
        """
        return base + (self.heap_used or 0) * _SECONDS_PER_BYTE

    @property
    def snapshot(self) -> float:
        """Seconds without a word while a snapshot is taken."""
        size = _UNKNOWN_HEAP if self.heap_used is None else self.heap_used
        return _SNAPSHOT_SECONDS + size * _SNAPSHOT_SECONDS_PER_BYTE
