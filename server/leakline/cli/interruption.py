"""Runs a coroutine so that Ctrl-C leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from leakline.cli.signals import SIGNALS
from leakline.errors import LeaklineError

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs a coroutine to its end.

    The first signal cancels it; later ones are ignored for good, so that an impatient second
    Ctrl-C does not stop it from ending the program that it started.

    Args:
        work: What to run.

    Returns:
        What it returned.

    Raises:
        LeaklineError: A signal came.
    """
    return asyncio.run(_cancelled_by_signals(work))


async def _cancelled_by_signals(work: Coroutine[Any, Any, _T]) -> _T:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            task.cancel()

    before = {number: signal.getsignal(number) for number in SIGNALS}
    heeded = [number for number in SIGNALS if before[number] is not signal.SIG_IGN]
    for number in heeded:
        loop.add_signal_handler(number, interrupt)
    try:
        await asyncio.wait({task})
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN if interrupted else before[number])
    if interrupted:
        if not task.cancelled():
            task.exception()  # whatever it was, it came of the signal
        raise LeaklineError("interrupted")
    return task.result()
