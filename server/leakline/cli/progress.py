"""The progress bar, on standard error and only on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from leakline.progress import OnProgress
from leakline.progress import Progress as Report
from leakline.untrusted import visible

if TYPE_CHECKING:
    from rich.progress import Progress


class ProgressBar:
    """A bar with what is going on beside it; it goes away when the work is done.

    Where standard error is no terminal nothing is shown.
    """

    def __init__(self) -> None:
        self._bar: Progress | None = None
        if sys.stderr is not None and sys.stderr.isatty():
            self._bar = _bar()

    def __enter__(self) -> Self:
        """Shows it."""
        if self._bar is not None:
            self._bar.start()
            self._bar.add_task("", total=1.0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes it away."""
        if self._bar is not None:
            self._bar.stop()

    def part(self, start: float, end: float) -> OnProgress:
        """Takes reports of one part of the work.

        Args:
            start: Where on the whole bar the part begins, from 0 to 1.
            end: Where it ends.
        """

        def report(progress: Report) -> None:
            if self._bar is not None:
                done = start + (end - start) * min(max(progress.fraction, 0.0), 1.0)
                task = self._bar.task_ids[0]
                self._bar.update(task, completed=done, description=visible(progress.text))

        return report


def _bar() -> Progress:
    # Imported for terminals only: elsewhere it is memory and time for nothing.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(file=sys.stderr, highlight=False),
        transient=True,
    )
