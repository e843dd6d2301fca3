"""Keeps Python's look for garbage short, however much the server knows.

Python looks for objects that only point at each other: among the new ones often, among all now
and then. Among all takes a tenth of a second when a thousand findings and the syntax of some
texts are there: too long while somebody waits for a hover.
"""

from __future__ import annotations

import gc


def leave_out_of_garbage() -> None:
    """Let Python look for no garbage among the objects that are there by now.

    They go when nobody refers to them, as all objects do. Only those that point at each other
    would stay for ever: so call it after what makes many that do not (findings), or that are
    taken apart when they are not needed any more (syntax).
    """
    gc.freeze()
