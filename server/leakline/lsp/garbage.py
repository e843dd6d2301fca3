"""Keeps Python's look for garbage short, however much the server knows.

Python looks for objects that only point at each other: among the new ones often, among all now
and then. Among all takes a tenth of a second when a thousand findings and the syntax of some
texts are there: too long while somebody waits for a hover.
"""

from __future__ import annotations

import gc

# Whatever is under way when objects are left out, requests and their errors, is left out with
# them, some tens of kilobytes each time, and may come to point at itself. How many objects are
# left out would tell more, but Python goes through them all to count them.
_WORTH_A_QUIET_LOOK = 100
_TOO_OFTEN = 2000


class GarbageLooks:
    """When Python looks for garbage among which objects."""

    def __init__(self) -> None:
        self._left_out = 0

    def leave_out(self) -> None:
        """Let Python look for no garbage among the objects that are there by now.

        They go when nobody refers to them, as all objects do. Only those that point at each
        other stay until :meth:`look_at_all`: so call it after what makes many that do not
        (findings), or that are taken apart when they are not needed any more (syntax).
        """
        gc.freeze()
        self._left_out += 1

    def look_at_all(self, *, quiet: bool) -> None:
        """Look for garbage among all objects, where some were left out often enough since.

        Args:
            quiet: Whether nobody waits: else it is put off as long as it can be.
        """
        if self._left_out < (_WORTH_A_QUIET_LOOK if quiet else _TOO_OFTEN):
            return
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._left_out = 0


LOOKS = GarbageLooks()
"""Python looks for garbage in one way for the whole process."""
