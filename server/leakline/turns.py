"""Long work on an event loop, in turns with whoever waits for an answer.

A request passes through the loop several times before it is answered, so that a turn is
waited for several times too where nothing but turns runs. After each there is a pause in which
the loop does all that others want.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Work that yields wherever it may be paused, and returns what comes of it."""

_TURN_SECONDS = 0.002
_PAUSE_SECONDS = 0.003


class Turns:
    """Measures turns of work that is a coroutine itself."""

    def __init__(self) -> None:
        self._start = monotonic()

    async def give_way(self) -> None:
        """Pause, where the turn has lasted long enough."""
        if monotonic() - self._start >= _TURN_SECONDS:
            await asyncio.sleep(_PAUSE_SECONDS)
            self._start = monotonic()


async def in_turns(steps: Steps[T]) -> T:
    """Do steps one after the other, with pauses.

    If it is cancelled, the steps that are left are not done.
    """
    turns = Turns()
    done: list[T] = []
    for _ in _into(done, steps):
        await turns.give_way()
    return done[0]


def at_once(steps: Steps[T]) -> T:
    """Do steps one after the other without a pause."""
    done: list[T] = []
    for _ in _into(done, steps):
        pass
    return done[0]


def _into(done: list[T], steps: Steps[T]) -> Steps[None]:
    done.append((yield from steps))
