"""Which programs can be captured: inspectors by their HTTP addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import aiohttp

from leakline.capture.addresses import InspectorAddress
from leakline.capture.cdp.transport import unreachable
from leakline.errors import InspectorProtocolError, InspectorUnreachable

_LIST_SECONDS = 5.0
_OF_WORKERS = (("wrangler", "wrangler"), ("miniflare", "wrangler"), ("workerd", "wrangler"))
# workerd lists the Workers that miniflare adds of its own as well.
_WORKERD_TITLE = "workerd: worker "
_USERS_WORKER = "core:user:"
_MAX_LIST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """A program behind an inspector.

    Attributes:
        address: ``HOST:PORT`` of the inspector.
        kind: ``wrangler``, ``node``, ``deno``, ``page`` or ``unknown``.
        title: What the inspector calls it.
        url: The URL or path that the inspector gives for it; may be empty.
        web_socket_url: Where to connect.
        runtime: Name and version of the runtime, such as ``wrangler/v4.164.0``; may be empty.
        v8: V8's version; empty where the inspector does not tell it.
        pid: The process that listens; None where the system does not tell. The next three are
            told by :func:`find_targets` only.
        directory: That process's working directory; empty when unknown.
        other_ports: The other TCP ports at which that process listens: its own server's.
        taken: Whether another client keeps us out; None for inspectors that take several.
        others: What ``--inspect`` takes for the other programs behind the same address, where
            this one was chosen among them.
        shared: Whether a debugger passes its own connection on: what is set on it (pauses,
            breakpoints) is the debugger's to set.
    """

    address: str
    kind: str
    title: str
    url: str
    web_socket_url: str
    runtime: str = ""
    v8: str = ""
    pid: int | None = None
    directory: str = ""
    other_ports: tuple[int, ...] = ()
    taken: bool | None = None
    others: tuple[str, ...] = ()
    shared: bool = False


async def list_targets(
    address: InspectorAddress, *, seconds: float = _LIST_SECONDS
) -> tuple[TargetInfo, ...]:
    """Ask an inspector for its programs.

    Args:
        address: The inspector.
        seconds: How long it may take to answer.

    Raises:
        InspectorUnreachable: Nothing listens there, or it does not answer.
        InspectorProtocolError: Something else than an inspector answers.
    """
    base = f"http://{address}"
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as client:
            listed = await _get_json(client, f"{base}/json/list", f"{base}/json")
            version = await _get_json(client, f"{base}/json/version")
    except aiohttp.ClientConnectorError as error:
        raise unreachable(str(address)) from error
    except TimeoutError as error:
        raise InspectorUnreachable(
            f"the inspector at {address} does not answer", "is the program stopped or frozen?"
        ) from error
    except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
        raise InspectorProtocolError(
            f"what listens at {address} is not an inspector", "check the address"
        ) from error
    if not isinstance(listed, list):
        raise InspectorProtocolError(
            f"what listens at {address} is not an inspector", "check the address"
        )
    about = cast("dict[str, object]", version) if isinstance(version, dict) else {}
    targets = (_target(address, each, about) for each in listed if isinstance(each, dict))
    return tuple(target for target in targets if target is not None)


def _target(
    address: InspectorAddress, listed: dict[str, object], about: dict[str, object]
) -> TargetInfo | None:
    url, socket = _string(listed, "url"), _string(listed, "webSocketDebuggerUrl")
    if not socket or _string(listed, "type") not in ("node", "page", "deno", ""):
        return None  # service workers, frames and browser parts; or taken by another client
    if url.startswith(("devtools:", "chrome-extension:")):
        return None
    title = _string(listed, "title")
    if title.startswith(_WORKERD_TITLE):
        title = title.removeprefix(_WORKERD_TITLE)
        if not title.startswith(_USERS_WORKER):
            return None
        title = title.removeprefix(_USERS_WORKER)
    # Only the path is the inspector's to say: it must not send us to another host, and
    # behind a forwarded port it does not know its own address.
    parts = urlsplit(socket)
    runtime = _string(about, "Browser")
    return TargetInfo(
        address=str(address),
        kind=_kind(runtime, _string(listed, "type")),
        title=title,
        url=url,
        web_socket_url=f"ws://{address}{parts.path}" + (f"?{parts.query}" if parts.query else ""),
        runtime=runtime,
        v8=_string(about, "V8-Version"),
    )


def _kind(runtime: str, listed_type: str) -> str:
    name = runtime.lower()
    for start, kind in (*_OF_WORKERS, ("node", "node")):
        if name.startswith(start):
            return kind
    if name.startswith("deno"):
        return "deno"
    if "chrom" in name or listed_type == "page":
        return "page"
    return "unknown"


async def _get_json(client: aiohttp.ClientSession, *urls: str) -> object:
    """Fetch the first of the URLs that is there."""
    for url in urls:
        async with client.get(url, allow_redirects=False) as response:
            if response.status != 200:
                continue
            body = bytearray()
            async for part in response.content.iter_any():
                body += part
                if len(body) > _MAX_LIST_BYTES:
                    raise ValueError("the answer is too long")
            return cast("object", json.loads(body))
    return None


def _string(values: dict[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
