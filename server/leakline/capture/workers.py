"""The Workers of one ``wrangler dev`` that runs several.

wrangler's inspector shows one of them, and chance decides which: the one that it loaded last.
But workerd, which runs them, has an inspector of its own at a port that nobody is told: a
target for each Worker, of which one is held by wrangler. That one must not be connected to
there, for wrangler then loses it until the next reload; it is reached through wrangler, and
the others directly. Which one it is shows the script that wrangler's inspector tells of: its
source map names the Worker's main file, and wrangler's command line the configuration files.

Known where ``/proc`` shows who listens (Linux); elsewhere only wrangler's own target is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

import aiohttp

from leakline.capture.addresses import InspectorAddress, is_loopback
from leakline.capture.cdp import Session, open_session
from leakline.capture.listeners import find_starter
from leakline.capture.scripts import find_source_map, is_users
from leakline.capture.targets import TargetInfo, list_targets
from leakline.capture.wrangler_files import read_wrangler_file
from leakline.errors import CaptureError

_STARTING_SECONDS = 20.0
_POLL_SECONDS = 0.25
_FETCH_SECONDS = 5.0
_LIST_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Configured:
    name: str
    main: Path | None


async def workers_of(target: TargetInfo, *, wait: bool = False) -> tuple[TargetInfo, ...]:
    """Give each Worker of the wrangler behind a target.

    Args:
        target: What wrangler's inspector lists.
        wait: Whether to give wrangler time to start them.

    Returns:
        The Workers in the order of wrangler's configuration files, the one that takes the
        requests first, each titled with its name. The target itself where wrangler runs one
        Worker, or nothing more is known.

    Raises:
        CaptureError: wrangler's inspector is held by another client, or does not answer.
    """
    address = urlsplit(target.web_socket_url)
    host, port = address.hostname or "", address.port or 0
    if not target.runtime.startswith("wrangler") or not is_loopback(host):
        return (target,)
    starter = find_starter(port)
    if starter is None:
        return (target,)
    configured = _configured(starter.arguments, starter.directory)
    if len(configured) < 2:
        return (target,)

    async def look() -> dict[str, TargetInfo] | None:
        now = find_starter(port)
        ports = frozenset[int]() if now is None else now.ports
        found = await _found([InspectorAddress(host, each) for each in sorted(ports)])
        named = {each.name: _named(each.name, found) for each in configured}
        workers = {name: worker for name, worker in named.items() if worker is not None}
        return workers if len(workers) == len(configured) else None

    workers = await (_until(look) if wait else look())
    if workers is None:
        return (target,)
    shown = await _shown(target)
    of_wrangler = [each.name for each in configured if each.main in shown]
    if len(of_wrangler) != 1:
        return (target,)
    through = {of_wrangler[0]: target.web_socket_url}
    every = [
        replace(
            target,
            title=each.name,
            web_socket_url=through.get(each.name, workers[each.name].web_socket_url),
        )
        for each in configured
    ]
    return tuple(every)


def _configured(arguments: Sequence[str], directory: Path) -> list[_Configured]:
    """The Workers of wrangler's command line, in its order."""
    files: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        option, equals, value = argument.partition("=")
        if option in ("-c", "--config"):
            files.append(value if equals else next(rest, ""))
    found: list[_Configured] = []
    for file in files:
        path = directory / file
        said = read_wrangler_file(path)
        name, main = said.get("name"), said.get("main")
        if not isinstance(name, str):
            return []
        found.append(
            _Configured(name, (path.parent / main).resolve() if isinstance(main, str) else None)
        )
    return found


async def _found(addresses: Sequence[InspectorAddress]) -> list[TargetInfo]:
    """The Workers that workerd lists; other programs at these addresses list none."""
    found: list[TargetInfo] = []
    for address in addresses:
        with contextlib.suppress(CaptureError):
            listed = await list_targets(address, seconds=_LIST_SECONDS)
            found += [each for each in listed if each.runtime == "workerd"]
    return found


def _named(name: str, found: Sequence[TargetInfo]) -> TargetInfo | None:
    """The Worker of a name, which wrangler lengthens by the environment's."""
    exact = [each for each in found if each.title == name]
    of_environment = [each for each in found if each.title.startswith(f"{name}-")]
    matching = exact or of_environment
    return matching[0] if len(matching) == 1 else None


async def _until(
    look: Callable[[], Awaitable[dict[str, TargetInfo] | None]],
) -> dict[str, TargetInfo] | None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _STARTING_SECONDS
    while True:
        found = await look()
        if found is not None or loop.time() > deadline:
            return found
        await asyncio.sleep(_POLL_SECONDS)


async def _shown(target: TargetInfo) -> set[Path]:
    """The files that the scripts behind wrangler's inspector were made from."""
    async with open_session(target.web_socket_url, alone=True) as session:
        return await _sources(session)


async def _sources(session: Session) -> set[Path]:
    timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
    files: set[Path] = set()
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as client:
        for script in list(session.debugger.scripts.values()):
            if not is_users(script):
                continue
            urls = [script.url]
            found = await find_source_map(client, script.url, script.source_map_url)
            if found is not None:
                content, base = found
                urls += _named_sources(content, base)
            files |= _files(urls)
    return files


def _files(urls: Sequence[str]) -> set[Path]:
    parts = (urlsplit(url) for url in urls)
    return {Path(url2pathname(each.path)).resolve() for each in parts if each.scheme == "file"}


def _named_sources(source_map: bytes, base: str) -> list[str]:
    said = json.loads(source_map)
    root, sources = said.get("sourceRoot"), said.get("sources")
    if isinstance(root, str) and root:
        base = urljoin(base, f"{root.rstrip('/')}/")
    return [urljoin(base, each) for each in sources or [] if isinstance(each, str)]
