"""Sizes and growth in words; made below, in leaks, since messages need them too."""

from __future__ import annotations

from leakline.leaks.figures import (
    format_bytes,
    format_growth,
    format_growth_per_snapshot,
    sparkline,
)

__all__ = ["format_bytes", "format_growth", "format_growth_per_snapshot", "sparkline"]
