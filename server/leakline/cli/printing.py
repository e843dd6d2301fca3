"""Writing to standard output."""

from __future__ import annotations

import contextlib
import os
import sys

from leakline.errors import LeaklineError


def write_out(text: str) -> None:
    """Writes to standard output.

    Raises:
        LeaklineError: It is closed.
        OSError: It cannot be written, such as a full disk.
    """
    if sys.stdout is None:
        raise LeaklineError("standard output is closed", "give --output FILE")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # `leakline … | head`: the reader has seen enough, and the verdict still counts.
        discard_output()


def discard_output() -> None:
    """Sends what is still to be written nowhere, or the interpreter complains when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
