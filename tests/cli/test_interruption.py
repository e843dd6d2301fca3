"""A signal cancels the work once and lets it clean up."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from leakline.cli.interruption import run
from leakline.errors import LeaklineError, LoadFailed


@pytest.fixture(autouse=True)
def as_in_a_terminal() -> Iterator[None]:
    """The tests themselves may run where hanging up is ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_the_result_is_handed_on() -> None:
    async def work() -> int:
        return 7

    assert run(work()) == 7


def test_an_error_is_handed_on() -> None:
    async def work() -> None:
        raise LoadFailed("no answer")

    with pytest.raises(LoadFailed, match="no answer"):
        run(work())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_impatience_does_not_stop_the_cleaning_up(number: signal.Signals) -> None:
    cleaned: list[str] = []

    async def work() -> None:
        try:
            send(number)
            await asyncio.sleep(30)
        finally:
            send(number)
            send(number)
            await asyncio.sleep(0.05)
            cleaned.append("process ended")

    with pytest.raises(LeaklineError, match=r"^interrupted$"):
        run(work())
    assert cleaned == ["process ended"]


def test_an_error_that_came_of_the_signal_is_not_told() -> None:
    async def work() -> None:
        send(signal.SIGINT)
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            raise LoadFailed("connection lost") from None

    with pytest.raises(LeaklineError, match=r"^interrupted$"):
        run(work())


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]

    async def work() -> None:
        await asyncio.sleep(0)

    run(work())
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does

    async def work() -> str:
        send(signal.SIGHUP)
        await asyncio.sleep(0.05)
        return "done"

    assert run(work()) == "done"
