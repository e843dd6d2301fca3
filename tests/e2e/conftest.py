"""What each story that VS Code plays needs first."""

from __future__ import annotations

import pytest

from support.vscode import Ports, free_ports, missing


@pytest.fixture(scope="module")
def ports() -> Ports:
    lacking = missing()
    if lacking is not None:
        pytest.skip(lacking)
    return free_ports()
