"""What makes a round: the one face of our own requests, a page's actions and others' traffic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from leakline.capture.cdp import Session
from leakline.capture.targets import TargetInfo
from leakline.errors import LoadFailed
from leakline.recording import Load


class Report(Protocol):
    """Takes progress of one round.

    Attributes:
        name: The round, such as ``round 1 of 3``.
    """

    name: str

    def __call__(self, text: str, fraction: float) -> None:
        """Report; the fraction is of the round's traffic, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of one round.

    Attributes:
        requests: Requests answered, or actions done; None when nobody can count.
        statuses: How often each HTTP status of 400 and above was answered.
    """

    requests: int | None
    statuses: tuple[tuple[int, int], ...] = ()

    @property
    def errors(self) -> int:
        """Requests answered with a status of 400 or above."""
        return sum(count for _, count in self.statuses)

    @property
    def told(self) -> str:
        """The errors for people; empty when there are none."""
        shown = ", ".join(f"{count} with status {status}" for status, count in self.statuses)
        return f"{self.errors} of {self.requests} failed ({shown})" if self.errors else ""


class Traffic(Protocol):
    """Makes the rounds of one measurement."""

    async def begin(self, session: Session) -> None:
        """Get ready; called again when the program was reloaded.

        Raises:
            CaptureError: It cannot be done with this program.
        """

    async def run(self, session: Session, first: int, report: Report) -> LoadResult:
        """Wait for, or make, one round.

        Args:
            session: The inspector's client.
            first: The number of the round's first request, counted over all rounds.
            report: Takes progress.

        Raises:
            CaptureError: The requests did not get through, or the connection failed.
        """

    async def late(self, session: Session) -> int:
        """Count what came after :meth:`run` returned, just before the snapshot."""

    async def end(self, session: Session) -> None:
        """Leave the program as it was."""


class TrafficPlan(Protocol):
    """What the user asked for; checked before anything is started."""

    @property
    def load(self) -> Load:
        """What a round is, for the recording."""

    def check(self) -> None:
        """Refuse a plan that makes no sense.

        Raises:
            UsageError: It makes none.
        """

    def traffic(self, target: TargetInfo) -> Traffic:
        """Give what carries the plan out on a program.

        Raises:
            UsageError: It cannot be done with this kind of program.
        """


def all_failed(where: str, result: LoadResult) -> LoadFailed | None:
    """The error for a round in which every answer was an error; else None."""
    if not result.errors or result.requests is None or result.errors < result.requests:
        return None
    told = ", ".join(f"{status}" for status, _ in result.statuses)
    return LoadFailed(
        f"{where} answered all {result.requests} requests with errors (status {told})",
        "check the URL, the method and the program's own log",
    )
