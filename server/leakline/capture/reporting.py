"""Progress that only goes forward, and not too often."""

from __future__ import annotations

import time

from leakline.progress import OnProgress, Progress

_INTERVAL_SECONDS = 0.1


class Reporter:
    """Hands progress on: a new text at once, a new fraction ten times a second."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._fraction = 0.0
        self._text = ""
        self._next = 0.0

    def __call__(self, text: str, fraction: float) -> None:
        """Report.

        Args:
            text: What is going on.
            fraction: From 0 to 1; one that goes back (rounds that start anew) is held.
        """
        self._fraction = max(self._fraction, min(fraction, 1.0))
        now = time.monotonic()
        if text == self._text and now < self._next:
            return
        self._text, self._next = text, now + _INTERVAL_SECONDS
        self._on_progress(Progress(text, self._fraction))
