"""Looks for garbage while that takes little (see :mod:`leakline.lsp.garbage`)."""

from __future__ import annotations

import asyncio
import gc
from time import monotonic

from leakline.lsp.garbage import LOOKS
from leakline.lsp.server import LeaklineServer

_QUIET_SECONDS = 1.0
# Looks at new objects that something was left of. With few of them, to look at all that is left
# takes some milliseconds, which may be now: somebody who never pauses would come to wait for
# what a minute has left.
_ENOUGH = 5
_NEVER = 1_000_000


async def collect_when_quiet(server: LeaklineServer) -> None:
    """Take over from Python's own timing, for ever."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    LOOKS.leave_out()
    while True:
        await asyncio.sleep(_QUIET_SECONDS)
        if gc.get_count()[2] >= _ENOUGH:
            gc.collect()
            LOOKS.leave_out()
        LOOKS.look_at_all(quiet=monotonic() - server.protocol.last_message >= _QUIET_SECONDS)
