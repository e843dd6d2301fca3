"""Looks for garbage while nobody asks anything.

The syntax of a text is a thousand objects that point at each other, and each edit makes new
ones. Python looks for such garbage whenever there are many new objects, which takes a tenth of
a second among all that the server knows: too long while somebody types.
"""

from __future__ import annotations

import asyncio
import gc
from time import monotonic

from leakline.lsp.server import LeaklineServer

_QUIET_SECONDS = 1.0
# Somebody who never pauses has to bear it now and then.
_LONGEST_WAIT_SECONDS = 60.0
# In objects that came and stayed, about what a text of 100 kB has.
_ENOUGH = 20
_NEVER = 1_000_000


async def collect_when_quiet(server: LeaklineServer) -> None:
    """Take over from Python's own timing, for ever."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    # What is there by now stays.
    gc.freeze()
    last = monotonic()
    while True:
        await asyncio.sleep(_QUIET_SECONDS)
        now = monotonic()
        if gc.get_count()[2] < _ENOUGH:
            continue
        quiet = now - server.protocol.last_message >= _QUIET_SECONDS
        if quiet or now - last >= _LONGEST_WAIT_SECONDS:
            gc.collect()
            last = monotonic()
