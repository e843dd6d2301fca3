"""Read requests from a HAR file (HTTP Archive 1.2), as browsers save them."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from leakline.capture.addresses import is_loopback
from leakline.capture.httpfile import read_text
from leakline.capture.request import Request
from leakline.errors import UsageError

# The HTTP client writes these itself; those of HTTP/2 that begin with a colon as well.
_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade")
)


def read_har(path: Path) -> tuple[Request, ...]:
    """Read the requests of a HAR file that went to this machine.

    A browser notes every request of a page, those to strangers' servers too: they are left
    out, for they are not what is measured.

    Args:
        path: The file.

    Returns:
        Its requests in their order, at least one.

    Raises:
        UsageError: It cannot be read, is no HAR file, or has no such request.
    """
    try:
        entries = json.loads(read_text(path))["log"]["entries"]
        requests = [_request(entry["request"]) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path} is not a HAR file", "save one in the browser's tools") from error
    here = [each for each in requests if _is_here(each)]
    if not here:
        raise UsageError(
            f"none of the {len(requests)} requests in {path} goes to this machine",
            "save one from a page that this machine serves",
        )
    for each in here:
        each.check()
    return tuple(here)


def _request(noted: dict[str, object]) -> Request:
    headers = cast("list[dict[str, str]]", noted["headers"])
    data = cast("dict[str, str]", noted.get("postData") or {})
    return Request(
        url=str(noted["url"]).partition("#")[0],
        method=str(noted["method"]),
        headers=tuple(
            (str(each["name"]), str(each["value"]))
            for each in headers
            if not each["name"].startswith(":") and each["name"].lower() not in _OF_THE_CONNECTION
        ),
        body=_body(data),
    )


def _body(data: dict[str, str]) -> bytes | None:
    text = data.get("text")
    if text is None:
        return None
    if data.get("encoding") == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError("a body is not base64") from error
    return text.encode()


def _is_here(request: Request) -> bool:
    parts = urlsplit(request.url)
    return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "")
