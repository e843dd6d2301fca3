"""Actions on a page, for programs that take no requests."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.capture.cdp import Session
from leakline.capture.targets import TargetInfo
from leakline.capture.traffic import LoadResult, Report
from leakline.errors import UsageError
from leakline.recording import Load


@dataclass(frozen=True, slots=True)
class PageActions:
    """What is done on a page in one round.

    Attributes:
        click: A CSS selector: each action is a click on the first element it finds. Empty
            for loading the page anew.
        actions: Actions in one round.
    """

    click: str = ""
    actions: int = 100

    @property
    def load(self) -> Load:
        """What a round is, for the recording."""
        return Load("click", (self.click,)) if self.click else Load("load")

    def check(self) -> None:
        """Refuse a plan that makes no sense.

        Raises:
            UsageError: It has no action.
        """
        if self.actions < 1:
            raise UsageError(f"{self.actions} actions per round are too few", "give at least 1")

    def traffic(self, target: TargetInfo) -> _PageTraffic:
        """Give what carries the plan out.

        Raises:
            UsageError: The program is no page.
        """
        if target.kind not in ("page", "unknown"):
            raise UsageError(
                f"the program at {target.address} is no page but {target.kind}",
                "give --url to send it requests",
            )
        return _PageTraffic(self)


class _PageTraffic:
    def __init__(self, plan: PageActions) -> None:
        self._plan = plan

    async def begin(self, session: Session) -> None:
        await session.page.enable()

    async def run(self, session: Session, first: int, report: Report) -> LoadResult:
        del first
        doing = f"clicking on {self._plan.click}" if self._plan.click else "loading the page anew"
        text = f"{report.name}: {doing}, {self._plan.actions} times"
        for done in range(self._plan.actions):
            report(text, done / self._plan.actions)
            if self._plan.click:
                await session.page.click(self._plan.click)
            else:
                await session.page.reload()
        return LoadResult(self._plan.actions)

    async def late(self, session: Session) -> int:
        del session
        return 0

    async def end(self, session: Session) -> None:
        del session
