"""How far something long has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of progress.

    Attributes:
        text: What is going on, such as ``reading snapshot 2 of 4``.
        fraction: From 0 to 1 over the whole operation; never goes back.
    """

    text: str
    fraction: float


OnProgress = Callable[[Progress], None]
