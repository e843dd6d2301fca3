"""Says at the end which programs were run."""

from __future__ import annotations

import pytest

from accuracy.quarter import CHOSEN, SEED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = f"accuracy: {len(CHOSEN)} programs of fixtures/ chosen by LEAKLINE_ACCURACY_SEED={SEED}"
    terminalreporter.line(told)
