"""The scripts of a program whose debugger shares its connection.

VS Code's js-debug has enabled the Debugger domain itself, so that V8 tells of a script once, to
js-debug, and never again; and it must not be disabled, or the user's breakpoints would go. What
is loaded V8's coverage tells, which lists every script with its id and URL and needs nothing
enabled, on workerd too.
"""

from __future__ import annotations

import re

from leakline.capture.cdp.session import ParsedScript, Session
from leakline.errors import InspectorProtocolError

_NAMED_MAP = re.compile(r"^[ \t]*//[#@][ \t]*sourceMappingURL=(\S+)[ \t]*$", re.MULTILINE)
_LAST_CHARACTERS = 4096


async def shared_scripts(session: Session) -> list[ParsedScript]:
    """Find the scripts that were loaded before we came, and those that we were told of.

    Args:
        session: The inspector's client.

    Returns:
        The scripts, those of the runtime included. What their source maps are is not known:
        :func:`named_source_map` finds it in their text.

    Raises:
        CaptureError: The connection failed.
    """
    found = dict(session.debugger.scripts)
    try:
        loaded = await session.profiler.scripts()
    except InspectorProtocolError:
        loaded = {}  # the analysis takes what the snapshot knows
    for ident, url in loaded.items():
        found.setdefault(ident, ParsedScript(ident, url, "", "", 0, "JavaScript"))
    return list(found.values())


def named_source_map(source: str) -> str:
    """The ``sourceMappingURL`` in a script's last lines; empty where there is none."""
    last = source if "sourceMappingURL=data:" in source else source[-_LAST_CHARACTERS:]
    named = _NAMED_MAP.findall(last)
    return str(named[-1]) if named else ""
