"""Colours of the text report."""

from __future__ import annotations

from enum import Enum


class Style(Enum):
    """What a stretch of text is; the value is its SGR parameters (ECMA-48, 8.3.117)."""

    PLACE = "1"
    WARNING = "1;33"
    INFORMATION = "1;36"
    MARK = "1;31"
    GOOD = "1;32"
    FAINT = "2"


class Painter:
    """Paints text for a terminal, or leaves it as it is.

    Args:
        color: Whether to paint.
    """

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, style: Style) -> str:
        """The text, painted if colours are on."""
        if not self._color or not text:
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"
