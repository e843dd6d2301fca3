"""Sizes and growth in words, as messages and reports show them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

_UNITS = ("B", "kB", "MB", "GB", "TB")
_BARS = "▁▂▃▄▅▆▇█"


def format_bytes(n: float) -> str:
    """A size as Chrome DevTools shows it: ``25 B``, ``24.7 kB``, ``1.3 MB``.

    Units are decimal. Bytes are whole; larger units have one decimal below 100 and none
    from there on.

    Args:
        n: Bytes; may be negative.

    Raises:
        ValueError: ``n`` is not a finite number.
    """
    return _scaled(n, fraction_of_bytes=False)


def format_growth(bytes_per_unit: float, unit: str = "request") -> str:
    """Growth with its sign: ``+25 B/request``; below 10 bytes with one decimal.

    Args:
        bytes_per_unit: Bytes per request, or what else is counted; may be negative.
        unit: What is counted.

    Raises:
        ValueError: The figure is not a finite number.
    """
    return f"{_signed(bytes_per_unit)}/{unit}"


def format_growth_per_snapshot(bytes_per_snapshot: float) -> str:
    """Growth where nobody counted requests: ``+2.5 kB/snapshot``.

    Args:
        bytes_per_snapshot: Bytes per snapshot; may be negative.

    Raises:
        ValueError: The figure is not a finite number.
    """
    return f"{_signed(bytes_per_snapshot)}/snapshot"


def sparkline(values: Sequence[float]) -> str:
    """One block character per value, from the lowest at the bottom to the highest on top.

    Args:
        values: The series, oldest first; may be empty. Equal values all stand at the bottom.
    """
    if not values:
        return ""
    low, high = min(values), max(values)
    if high == low:
        return _BARS[0] * len(values)
    top = len(_BARS) - 1
    return "".join(_BARS[round((value - low) / (high - low) * top)] for value in values)


def _signed(n: float) -> str:
    text = _scaled(abs(n), fraction_of_bytes=True)
    if text == "0 B":
        return text
    return f"-{text}" if n < 0 else f"+{text}"


def _scaled(n: float, *, fraction_of_bytes: bool) -> str:
    if not isfinite(n):
        raise ValueError(f"not a size in bytes: {n}")
    sign = "-" if n < 0 else ""
    magnitude = abs(n)
    if fraction_of_bytes and round(magnitude, 1) < 10:
        text = f"{magnitude:.1f}".removesuffix(".0")
        return f"{sign}{text} B"
    if round(magnitude) < 1000:
        whole = round(magnitude)
        return f"{sign if whole else ''}{whole} B"
    unit = 0
    # The rounded figure decides, so that nothing reads "1000 kB".
    while round(magnitude) >= 1000 and unit < len(_UNITS) - 1:
        magnitude /= 1000
        unit += 1
    decimals = 1 if round(magnitude, 1) < 100 else 0
    return f"{sign}{magnitude:.{decimals}f} {_UNITS[unit]}"
