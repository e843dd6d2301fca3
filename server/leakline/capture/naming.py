"""What a program is that a debugger shares: its address lists nothing, but the program can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from leakline.capture.cdp import Session
from leakline.capture.scripts import is_users
from leakline.capture.shared import shared_scripts
from leakline.capture.targets import TargetInfo
from leakline.errors import InspectorProtocolError

_LONGEST = 1000
_WRANGLERS = "/.wrangler/tmp/"
# What wrangler's own inspector calls its Worker.
_WRANGLER_TITLE = "Cloudflare Worker"


async def named(session: Session, target: TargetInfo) -> TargetInfo:
    """Give a target with its kind, title, URL and versions.

    Args:
        session: The client of its inspector.
        target: As it was found; one that has a name already is given back as it is.

    Raises:
        CaptureError: The connection failed.
    """
    if target.kind != "unknown" or target.title:
        return target
    urls = [script.url for script in await shared_scripts(session) if is_users(script)]
    if any(_WRANGLERS in url for url in urls):
        # It evaluates nothing.
        return replace(target, kind="wrangler", title=_WRANGLER_TITLE)
    try:
        said = await session.runtime.program()
    except InspectorProtocolError:
        said = {}
    kind, title, url = (said.get(each, "")[:_LONGEST] for each in ("kind", "title", "url"))
    files = [each for each in urls if each.startswith("file:") and "/node_modules/" not in each]
    if not url and files:
        url = files[0]  # the first that was loaded
    if not title:
        title = PurePath(unquote(urlsplit(url).path)).name
    return replace(
        target,
        kind=kind or target.kind,
        title=title,
        url=url,
        runtime=said.get("runtime", "")[:_LONGEST],
        v8=said.get("v8", "")[:_LONGEST],
    )
