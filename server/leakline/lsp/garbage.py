"""Keeps Python's look for garbage short, however much the server knows.

Python looks for objects that only point at each other: among the new ones often, among all now
and then. Among all takes a tenth of a second when a thousand findings and the syntax of some
texts are there: too long while somebody waits for a hover.
"""

from __future__ import annotations

import gc

# Objects that were left out since the last look at all: some of them point at each other.
_WORTH_A_QUIET_LOOK = 10_000
_TOO_MANY = 100_000


def leave_out_of_garbage() -> None:
    """Let Python look for no garbage among the objects that are there by now.

    They go when nobody refers to them, as all objects do. Only those that point at each other
    stay until :func:`look_at_all`: so call it after what makes many that do not (findings), or
    that are taken apart when they are not needed any more (syntax).
    """
    gc.freeze()


def look_at_all(known: int, *, quiet: bool) -> int:
    """Look for garbage among all objects, where many were left out since the last such look.

    Args:
        known: What the last look gave.
        quiet: Whether nobody waits: else it is put off as long as it can be.

    Returns:
        How many objects are left out of the next looks; ``known`` where nothing was done.
    """
    if gc.get_freeze_count() - known < (_WORTH_A_QUIET_LOOK if quiet else _TOO_MANY):
        return known
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()
