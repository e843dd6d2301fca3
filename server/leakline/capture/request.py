"""A request as the user writes it, with places that are filled in for each one sent."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from leakline.errors import UsageError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2


@dataclass(frozen=True, slots=True)
class Request:
    """One request, or the pattern of many.

    In the URL, in a header's value and in the body ``{i}`` stands for the request's number,
    counted from 0 over all rounds, and ``{uuid}`` for a random UUID, the same one throughout
    one request.

    Attributes:
        url: An ``http://`` or ``https://`` URL.
        method: The HTTP method.
        headers: Names and values.
        body: The body; None for none.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    @property
    def told(self) -> str:
        """``GET /leak/{i}``: without host and port, which may be others the next time."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"

    def address(self) -> tuple[str, int]:
        """Give host and port of the URL.

        Raises:
            UsageError: The URL is none for HTTP.
        """
        advice = "give one such as http://127.0.0.1:8787/"
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{self.url!r} is not a URL", advice) from error
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(f"{self.url!r} is not an http:// or https:// URL", advice)
        return host, port or (443 if parts.scheme == "https" else 80)

    def check(self) -> None:
        """Refuse a request that makes no sense.

        Raises:
            UsageError: The URL, the method or a header is invalid.
        """
        self.address()
        if not _TOKEN.fullmatch(self.method):
            raise UsageError(f"{self.method!r} is not an HTTP method")
        for name, value in self.headers:
            if not _TOKEN.fullmatch(name) or any(c in value for c in "\r\n\0"):
                raise UsageError(f"the header {name!r} is invalid")

    def filled(self, number: int) -> Request:
        """Give the request that is sent.

        Args:
            number: Stands for ``{i}``.
        """
        values = {"{i}": str(number), "{uuid}": str(uuid.uuid4())}

        def fill(text: str) -> str:
            for place, value in values.items():
                text = text.replace(place, value)
            return text

        body = self.body
        if body is not None:
            for place, value in values.items():
                body = body.replace(place.encode(), value.encode())
        headers = tuple((name, fill(value)) for name, value in self.headers)
        return Request(fill(self.url), self.method, headers, body)
