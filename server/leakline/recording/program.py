"""Which program a recording is of: the same one after a restart, on another port too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from leakline.config.runtime_urls import is_runtime_url
from leakline.recording.model import Script, Target

# Below it wrangler puts what it bundles, under another name with each start.
_WRANGLERS = "/.wrangler/tmp/"
# Node has it in the title of a program without a file: its process.
_NUMBERS = re.compile(r"\d+")


def names_of(target: Target, scripts: Iterable[Script]) -> frozenset[str]:
    """What tells a program from others; with one name in common, two are the same.

    Hosts and ports are left out, and so are numbers of processes.

    Args:
        target: The program as the inspector named it.
        scripts: Its scripts.

    Returns:
        The names; none where nothing is known of the program.
    """
    own = [
        script.url
        for script in scripts
        if script.url and not is_runtime_url(script.url) and "/node_modules/" not in script.url
    ]
    match target.kind:
        case "page":
            return frozenset(_names_of_page(target)) or frozenset({"page"})
        case "wrangler":
            homes = [url.partition(_WRANGLERS)[0] for url in own if _WRANGLERS in url]
            return frozenset({f"{target.title} in {_path(homes[0]) if homes else ''}"})
    files = [_path(url) for url in own if url.startswith("file:")]
    started = _path(target.url) if target.url.startswith("file:") else ""
    if started:
        return frozenset({started})
    if target.kind == "unknown":
        return frozenset(files)
    return frozenset(files[:1] or [f"{target.kind} {_NUMBERS.sub('', target.title)}"])


def _names_of_page(target: Target) -> Iterator[str]:
    # Chromium calls a page without a title by its address.
    address = target.url.partition("//")[2].partition("/")[0]
    if target.title and not (address and target.title.startswith(address)):
        yield f"page {target.title}"
    path = _path(target.url).removesuffix("index.html")
    if path not in ("", "/"):
        yield f"page at {path}"


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return url
