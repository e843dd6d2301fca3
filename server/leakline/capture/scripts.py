"""Save the sources and source maps of the user's scripts while they are there.

Where a script's source map lies is said by the program, so it is not trusted: a file is read
only when it lies beside or below the script's own file, and is a source map; a URL is
fetched only from the server of a script on this machine. Everything else is as if the
script had no source map.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urljoin, urlsplit
from urllib.request import url2pathname

import aiohttp

from leakline.capture.addresses import is_loopback
from leakline.capture.cdp.session import ParsedScript, Session
from leakline.capture.shared import named_source_map, shared_scripts
from leakline.config.runtime_urls import is_runtime_url
from leakline.errors import InspectorProtocolError
from leakline.recording import RecordingWriter, Script

_MAX_MAP_BYTES = 256 << 20
_FETCH_SECONDS = 10.0


async def save_scripts(session: Session, writer: RecordingWriter) -> None:
    """Note every script the program has parsed; save source and map of the user's.

    Raises:
        CaptureError: The connection failed.
        RecordingError: A file cannot be written.
    """
    timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as client:
        known = list(session.debugger.scripts.values())
        for parsed in await shared_scripts(session) if session.shared else known:
            script = Script(
                id=parsed.id,
                url=parsed.url,
                source_map_url=parsed.source_map_url,
                hash=parsed.hash,
                length=parsed.length,
            )
            if not is_users(parsed):
                writer.add_script(script)
                continue
            try:
                source = await session.debugger.source(parsed.id)
            except InspectorProtocolError:
                writer.add_script(script)  # collected meanwhile: nothing of it is left to show
                continue
            if session.shared and not script.source_map_url:
                script = replace(script, source_map_url=named_source_map(source))
            found = await find_source_map(client, script.url, script.source_map_url)
            if found is None:
                writer.add_script(script, source)
                continue
            content, base = found
            mapped = replace(
                script, source_map_url=_without_data(script.source_map_url), source_map_base=base
            )
            writer.add_script(mapped, source, content)


def is_users(script: ParsedScript) -> bool:
    """Tell whether a script is the user's (or a dependency's) and not the runtime's."""
    return script.language == "JavaScript" and not is_runtime_url(script.url)


async def find_source_map(
    client: aiohttp.ClientSession, script_url: str, source_map_url: str
) -> tuple[bytes, str] | None:
    """Find a script's source map.

    Args:
        client: For a map that a server on this machine has.
        script_url: The script's URL, or its absolute path.
        source_map_url: The script's ``sourceMappingURL``.

    Returns:
        The map's JSON, and the URL its sources are relative to; None when there is none, or
        none that may be read.
    """
    if script_url.startswith("/"):
        script_url = Path(script_url).as_uri()
    if not source_map_url:
        # Builds that keep their maps to themselves still put them beside the script.
        if urlsplit(script_url).scheme != "file":
            return None
        source_map_url = f"{script_url}.map"
    try:
        if _is_data(source_map_url):
            content, base = _from_data(source_map_url), script_url
        else:
            base = urljoin(script_url, source_map_url)
            scheme = urlsplit(script_url).scheme
            if scheme == "file":
                content = _from_file(script_url, base)
            elif scheme in ("http", "https"):
                content = await _from_server(client, script_url, base)
            else:
                content = None
    except ValueError:
        return None  # a URL that is none
    return (content, base) if content is not None and _is_source_map(content) else None


def _without_data(url: str) -> str:
    """Leave out a map that the URL itself holds: it gets a file of its own."""
    return url.partition(",")[0] + "," if _is_data(url) else url


def _is_data(url: str) -> bool:
    return url[:5].lower() == "data:"


def _from_data(url: str) -> bytes | None:
    head, comma, body = url.partition(",")
    if not comma:
        return None
    content = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return content
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return None


def _from_file(script_url: str, map_url: str) -> bytes | None:
    script, path = _path(script_url), _path(map_url)
    if script is None or path is None:
        return None
    try:
        script, path = script.resolve(strict=True), path.resolve(strict=True)
        if not script.is_file() or not path.is_relative_to(script.parent) or not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(_MAX_MAP_BYTES + 1)
    except OSError:
        return None
    return content if len(content) <= _MAX_MAP_BYTES else None


def _path(url: str) -> Path | None:
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return Path(url2pathname(parts.path))


async def _from_server(
    client: aiohttp.ClientSession, script_url: str, map_url: str
) -> bytes | None:
    script, wanted = urlsplit(script_url), urlsplit(map_url)
    if (script.scheme, script.netloc) != (wanted.scheme, wanted.netloc):
        return None
    if not is_loopback(script.hostname or ""):
        return None
    content = bytearray()
    try:
        async with client.get(map_url, allow_redirects=False, ssl=False) as response:
            if response.status != 200:
                return None
            async for part in response.content.iter_any():
                content += part
                if len(content) > _MAX_MAP_BYTES:
                    return None
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return bytes(content)


def _is_source_map(content: bytes) -> bool:
    """Tell a source map from any other file, a list of passwords for instance."""
    if content.startswith(b")]}'"):  # the standard's guard against inclusion as a script
        content = content.partition(b"\n")[2]
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and ("mappings" in document or "sections" in document)
