"""How a report names a place in the source."""

from __future__ import annotations

import os.path
import re
from pathlib import PurePath
from urllib.parse import quote

from leakline.positions import SourceLocation
from leakline.untrusted import visible, well_formed

_LONGEST_QUOTE = 1_000
"""Characters."""


def shown_path(location: SourceLocation, base: str | None) -> str:
    """The location's file as a report shows it, made safe for a terminal.

    Args:
        location: The place.
        base: Absolute directory that a path below it is shown relative to.

    Returns:
        A path relative to ``base`` when the file lies below it, else the whole path; the
        source's name, else its URL, when the file is not on this machine.
    """
    if location.path is None:
        return visible(location.name or location.url)
    return visible(relative_path(location.path, base) or location.path)


def shown_place(location: SourceLocation, base: str | None) -> str:
    """The location as ``path:line:column``, from 1; terminals and editors make it a link."""
    path = shown_path(location, base)
    if location.span is None:
        return path
    return f"{path}:{location.span.start.for_display()}"


def quotable_line(location: SourceLocation) -> str:
    """The text of the location's line for a document; empty when a minifier made it.

    Such a line holds the whole bundle, and a document names dozens of places in it.
    """
    return location.line_text if len(location.line_text) <= _LONGEST_QUOTE else ""


def relative_path(path: str, base: str | None) -> str | None:
    """The path relative to a directory above it, with ``/`` between the parts.

    Args:
        path: Absolute path of a file.
        base: Absolute path of a directory.

    Returns:
        None when the file does not lie below ``base``, or ``base`` is None.
    """
    if base is None:
        return None
    try:
        relative = PurePath(os.path.normpath(path)).relative_to(os.path.normpath(base))
    except ValueError:
        return None
    return relative.as_posix()


def file_uri(path: str) -> str:
    """The ``file:`` URI of an absolute path."""
    return PurePath(well_formed(path)).as_uri()


def uri_reference(text: str) -> str:
    """A path or URL with what RFC 3986 does not allow in a URI percent-encoded.

    Args:
        text: A relative path, or a URL as a source map names it; what is encoded in it already
            stays as it is.
    """
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", well_formed(text))
    return quote(whole, safe="%/:?#@!$&'()*+,;=~")


def relative_uri(relative: str) -> str:
    """A relative path as a URI reference, every character of it taken literally.

    Args:
        relative: A path with ``/`` between the parts.
    """
    # A colon in the first part would read as a scheme.
    return quote(well_formed(relative), safe="/@!$&'()*+,;=~")
