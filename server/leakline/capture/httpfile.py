"""Read requests from an ``.http`` file, in the form that VS Code's REST Client and JetBrains share.

Requests are divided by lines that start with ``###``. One is a request line (method, URL and
version, or the URL alone), headers, an empty line and a body, which ``< file`` takes from a
file. ``@name = value`` sets a variable, ``{{name}}`` puts it in; ``{{$guid}}``, ``{{$uuid}}``
and ``{{$random.uuid}}`` are random. Lines that start with ``#`` or ``//`` before the body are
comments. What only one of the two tools knows (scripts, other ``{{$…}}``) is refused, but for
the handling of responses, which is left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from leakline.capture.request import Request
from leakline.errors import UsageError

_MAX_BYTES = 64 << 20
_REQUEST = re.compile(r"(?:([A-Z][A-Z-]*)\s+)?(\S.*)")
_VERSION = re.compile(r"\s+HTTP/[\d.]+$")
_VARIABLE = re.compile(r"@([\w.-]+)\s*=\s*(.*)")
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_COMMENT = re.compile(r"\s*(#|//)")
_BODY_FILE = re.compile(r"<@?\s+(\S.*)")
_RESPONSE = re.compile(r">>!?\s|>\s*\{%|>\s+\S+\.js\s*$|<>\s")
_RANDOM = ("$guid", "$uuid", "$random.uuid")


def read_http_file(path: Path) -> tuple[Request, ...]:
    """Read the requests of an ``.http`` or ``.rest`` file.

    Args:
        path: The file.

    Returns:
        Its requests in their order, at least one.

    Raises:
        UsageError: It cannot be read, or is not understood; the line is named.
    """
    lines = read_text(path).splitlines()
    variables: dict[str, str] = {}
    requests: list[Request] = []
    start = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or lines[number].startswith("###"):
            section = _Section(path, start, lines[start:number], variables)
            request = section.read()
            if request is not None:
                requests.append(request)
            start = number + 1
    if not requests:
        raise UsageError(f"{path} holds no request", "write one such as GET http://127.0.0.1:8787/")
    return tuple(requests)


def read_text(path: Path) -> str:
    """Read a file that the user names.

    Raises:
        UsageError: It cannot be read, is too large, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})", "check the path") from error
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{path} is larger than {_MAX_BYTES >> 20} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error


class _Section:
    """What stands between two lines of ``###``."""

    def __init__(self, path: Path, start: int, lines: list[str], variables: dict[str, str]) -> None:
        self._path = path
        self._start = start
        self._lines = lines
        self._variables = variables
        self._at = 0

    def read(self) -> Request | None:
        """Give its request; None when it has none."""
        line = self._next_before_body()
        while line is not None and not line.strip():
            line = self._next_before_body()
        if line is None:
            return None
        match = _REQUEST.fullmatch(line.strip())
        if match is None:
            raise self._wrong("is no request line")
        method, url = match[1] or "GET", match[2]
        headers: list[tuple[str, str]] = []
        while (line := self._next_before_body()) is not None and line.strip():
            if not headers and (line[0] in " \t" or line.lstrip()[0] in "?&"):
                url += line.strip()  # a long URL goes on in indented lines
                continue
            name, colon, value = line.partition(":")
            if not colon:
                raise self._wrong("is no header")
            headers.append((name.strip(), self._filled(value.strip())))
        body = self._body()
        request = Request(
            self._url(self._filled(_VERSION.sub("", url)), headers), method, tuple(headers), body
        )
        try:
            request.check()
        except UsageError as error:
            self._at = 1
            raise self._wrong(f"begins a request that is refused ({error})") from error
        return request

    def _next_before_body(self) -> str | None:
        """The next line that is neither a comment nor a variable; None at the end."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if variable := _VARIABLE.fullmatch(line.strip()):
                self._variables[variable[1]] = self._filled(variable[2].strip())
            elif line.startswith(("< {%", "{%")):
                raise self._wrong("is a script, which is not run")
            elif not _COMMENT.match(line):
                return line
        return None

    def _body(self) -> bytes | None:
        parts: list[bytes] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if _RESPONSE.match(line):
                break  # what is done with the response is nothing to us
            if (file := _BODY_FILE.fullmatch(line)) is not None:
                parts.append(self._file(file[1].strip()))
            else:
                parts.append(self._filled(line).encode())
        while parts and not parts[-1].strip():
            parts.pop()
        return b"\n".join(parts) or None

    def _file(self, name: str) -> bytes:
        path = self._path.parent / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise self._wrong(f"names {path}, which cannot be read ({error.strerror})") from error

    def _filled(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in _RANDOM:
                return "{uuid}"
            if name not in self._variables:
                raise self._wrong(f"names a variable {name!r} that is not set in the file")
            return self._variables[name]

        return _PLACE.sub(value, text)

    def _url(self, url: str, headers: list[tuple[str, str]]) -> str:
        """A path alone goes to the ``Host`` header's server."""
        if not url.startswith("/"):
            return url if "://" in url else f"http://{url}"
        host = next((value for name, value in headers if name.lower() == "host"), "")
        if not urlsplit(f"//{host}").hostname:
            raise self._wrong("has neither a host in its URL nor a Host header")
        return f"http://{host}{url}"

    def _wrong(self, why: str) -> UsageError:
        return UsageError(f"line {self._start + self._at} of {self._path} {why}")
