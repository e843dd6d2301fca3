"""Looks for garbage while nobody asks for anything (see :mod:`leakline.lsp.garbage`)."""

from __future__ import annotations

import asyncio
import gc
from time import monotonic

from leakline.lsp.garbage import LOOKS
from leakline.lsp.server import LeaklineServer

_QUIET_SECONDS = 1.0
# Somebody who never pauses has to bear it now and then.
_LONGEST_WAIT_SECONDS = 60.0
# Looks at new objects that something was left of.
_ENOUGH = 20
_NEVER = 1_000_000


async def collect_when_quiet(server: LeaklineServer) -> None:
    """Take over from Python's own timing, for ever."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    LOOKS.leave_out()
    last = monotonic()
    while True:
        await asyncio.sleep(_QUIET_SECONDS)
        now = monotonic()
        quiet = now - server.protocol.last_message >= _QUIET_SECONDS
        if gc.get_count()[2] >= _ENOUGH and (quiet or now - last >= _LONGEST_WAIT_SECONDS):
            gc.collect()
            LOOKS.leave_out()
            last = monotonic()
        LOOKS.look_at_all(quiet=quiet)
