"""Options and the real programs that all tests share."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator

import pytest

from support import second_try, skips
from support.runtimes import Program, run_node, run_wrangler

_FORBIDDEN_SKIPS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fail-on-skip",
        action="store_true",
        help="fail when a test is skipped for a reason that tests/support/skips.py does not allow",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A shell that runs the tests in the background has SIGINT ignored, and so would be each
    # program that a test starts and interrupts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_FORBIDDEN_SKIPS] = []
    if config.getoption("--fail-on-skip"):
        config.pluginmanager.register(_SkipWatch(config.stash[_FORBIDDEN_SKIPS]))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[_FORBIDDEN_SKIPS] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    forbidden = config.stash[_FORBIDDEN_SKIPS]
    if forbidden:
        terminalreporter.section("skipped for a reason that is not allowed", red=True)
        for line in forbidden:
            terminalreporter.line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test of foreign programs run twice: docs/decisions/second-try.md says why."""
    for item in items:
        if second_try.is_due(item.path):
            item.add_marker(pytest.mark.flaky(reruns=1))


class _SkipWatch:
    """Collects the skips that are not allowed."""

    def __init__(self, forbidden: list[str]) -> None:
        self._forbidden = forbidden

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._look(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._look(report)

    def _look(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        why = report.longrepr
        reason = why[2] if isinstance(why, tuple) else str(why)
        if not skips.is_allowed(reason):
            self._forbidden.append(f"{report.nodeid}: {reason}")


@pytest.fixture(scope="session")
async def wrangler_seed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The seed Worker under a real ``wrangler dev``; each request appends 25 bytes."""
    async with run_wrangler("seed-worker", tmp_path_factory.mktemp("wrangler")) as program:
        yield program


@pytest.fixture(scope="session")
async def wrangler_page_cache(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The TypeScript page cache Worker under a real ``wrangler dev``."""
    async with run_wrangler("page-cache-worker", tmp_path_factory.mktemp("wrangler")) as program:
        yield program


@pytest.fixture(scope="session")
async def node_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The example server under a real Node with its inspector open."""
    async with run_node("node-server", tmp_path_factory.mktemp("node")) as program:
        yield program
