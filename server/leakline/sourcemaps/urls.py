"""URLs in and around source maps: joining them, data URLs, and the comment that links a map."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from leakline.sourcemaps.refusal import refusal

# One letter is a Windows drive, not a scheme.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_AUTHORITY = re.compile(r"(?P<root>(?:[A-Za-z][A-Za-z0-9+.-]+:)?(?://[^/\\?#]*)?)(?P<path>[^?#]*)")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
_LINK = re.compile(r"[@#]\s*sourceMappingURL=(\S*)\s*")
_WHITE_SPACE = "\t\v\f \u00a0\ufeff"
_SLASH = re.compile(r"/(?P<second>.?)", re.DOTALL)
_MENTION = "sourceMappingURL="


def is_absolute_url(url: str) -> bool:
    """Whether ``url`` begins with a scheme (a Windows drive is none)."""
    return _SCHEME.match(url) is not None


def resolve_url(url: str, base: str) -> str:
    """Resolve ``url`` against ``base`` as a browser does, without re-encoding anything.

    URLs that are absolute already are given back as they stand: ``webpack://app/./a.js``
    keeps its dot, because path overrides are written against the spelling in the map.

    Args:
        url: An absolute or relative URL, or a path.
        base: The URL or path of the document that names ``url``; may be empty.
    """
    if not base or is_absolute_url(url) or _DRIVE.match(url):
        return url
    scheme = _SCHEME.match(base)
    special = scheme is None or scheme.group().lower() in {"file:", "http:", "https:"}
    if special:
        url = url.replace("\\", "/")
    parts = _AUTHORITY.match(base)
    assert parts is not None
    root, base_path = parts["root"], parts["path"]
    if special:
        base_path = base_path.replace("\\", "/")
    if scheme is not None and not base_path.startswith("/") and root == scheme.group():
        # A base such as "data:…" or "node:fs" has no place that something could be relative to.
        return url
    if url.startswith("//"):
        return (scheme.group() if scheme else "") + url
    if not url:
        return base.partition("#")[0]
    if url[0] in "?#":
        return root + base_path + url
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    rest = url[len(path) :]
    if not path.startswith("/"):
        path = base_path[: base_path.rfind("/") + 1] + path
    return root + _without_dots(path) + rest


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if kept and kept[-1] not in ("", ".."):
                kept.pop()
            elif not path.startswith("/"):
                kept.append(segment)
        elif segment != "." and (segment or not kept or kept[-1]):
            kept.append(segment)
    if segments[-1] in (".", "..") and kept and kept[-1]:
        kept.append("")
    return "/".join(kept)


def decode_data_url(url: str) -> bytes:
    """The body of a ``data:`` URL, base64 or percent-encoded.

    The rules are those of the Fetch standard's "data: URL processor".

    Raises:
        SourceMapError: If it is no ``data:`` URL, or its base64 is broken.
    """
    head, comma, body = url.partition(",")
    if head[:5].lower() != "data:" or not comma:
        raise refusal("the source map's URL is not a data: URL")
    content = unquote_to_bytes(body.partition("#")[0])
    if not re.search(r"; *base64$", head.rstrip(), re.IGNORECASE):
        return content
    content = content.translate(None, b"\t\n\f\r ")
    padding = b"=" * (-len(content) % 4)
    try:
        return base64.b64decode(content + padding, validate=True)
    except binascii.Error as error:
        raise refusal(f"the source map's data: URL is no base64 ({error})") from error


def find_source_mapping_url(text: str) -> str | None:
    """The URL in a script's ``//# sourceMappingURL=`` comment, None when it has none.

    This is ECMA-426's JavaScriptExtractSourceMapURL, "without parsing": the last comment
    counts, and only if no code comes after it. Time is linear in the length of the text.
    """
    end = len(text)
    lines = _LineStarts(text)
    while True:
        mention = text.rfind(_MENTION, 0, end)
        if mention < 0:
            return None
        start = lines.before(mention)
        found, code_follows = _last_link(text, start, end)
        if found is not None or code_follows:
            return found
        end = start


class _LineStarts:
    """Finds where lines begin, from the end of a text to its start, reading it only once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = dict.fromkeys("\n\r\u2028\u2029", len(text))

    def before(self, place: int) -> int:
        """Where the line of ``place`` begins; places must be asked for from the last on."""
        for mark, last in self._last.items():
            if last >= place:
                self._last[mark] = self._text.rfind(mark, 0, place)
        return 1 + max(self._last.values())


def _last_link(text: str, start: int, end: int) -> tuple[str | None, bool]:
    """The link that holds after ``text[start:end]``, and whether code came after the last one.

    Only the first line can have a link, so the first code in a later line settles it.
    """
    link: str | None = None
    code = False
    first_line = True
    while start < end:
        line_end = _LINE_END.search(text, start, end)
        stop = line_end.start() if line_end else end
        line_link, line_code = _scan_line(text, start, stop)
        if line_code or line_link is not None:
            link, code = line_link, line_code
        if code and not first_line:
            return None, True
        start = line_end.end() if line_end else end
        first_line = False
    return link, code


def _scan_line(text: str, start: int, end: int) -> tuple[str | None, bool]:
    """One line: the link that holds at its end, and whether code came after it."""
    link: str | None = None
    code = False
    while start < end:
        slash = _SLASH.search(text, start, end)
        before = text[start : slash.start() if slash else end]
        if before.strip(_WHITE_SPACE):
            link, code = None, True
        if slash is None:
            break
        comment, start = _comment(text, slash, end)
        if comment is None:
            link, code = None, True
        elif (match := _LINK.fullmatch(comment)) is not None:
            link, code = match[1], False
    return link, code


def _comment(text: str, slash: re.Match[str], end: int) -> tuple[str | None, int]:
    """The comment that begins at a slash, None when it is code; and where to go on."""
    if slash["second"] == "/":
        return text[slash.end() : end], end
    if slash["second"] != "*":
        return None, slash.end()
    close = text.find("*/", slash.end(), end)
    if close < 0:
        return "", end
    return text[slash.end() : close], close + 2
