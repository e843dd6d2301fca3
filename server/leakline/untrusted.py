"""Making text from the measured program safe to show.

Names, paths and source lines come from a program that may be hostile: an escape sequence in
a variable's name would move the cursor, a bidirectional override would make a line read as
another one (CVE-2021-42574).
"""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"  # joins the parts of one emoji, and of letters in Indic scripts
_ZERO_WIDTH_NON_JOINER = "\u200c"
_KEPT_FORMAT_CHARACTERS = frozenset({_ZERO_WIDTH_JOINER, _ZERO_WIDTH_NON_JOINER})


def visible(text: str) -> str:
    r"""The text on one line with nothing in it that steers a terminal or hides what it says.

    Control characters become their pictures (``␛`` for ESC), line ends and tabs a blank, other
    invisible characters their number (``\u{202e}``), lone surrogates U+FFFD. What is printable
    stays.

    Args:
        text: Any text.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible_character(character) for character in text)


def well_formed(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 file can hold, replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _visible_character(character: str) -> str:
    if character.isprintable() or character in _KEPT_FORMAT_CHARACTERS:
        return character
    if character in "\t\n\r\v\f\u0085\u2028\u2029":
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Zs":
        return " "
    if category in {"Cn", "Co"}:  # newer than this Python's tables, or from a font of icons
        return character
    return f"\\u{{{code:x}}}"
