"""What the tests of capturing share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from leakline.progress import Progress
from support.webserver import WebServer, serve


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    """A program under load that is not there."""
    async with serve() as served:
        yield served


@pytest.fixture
def progress() -> list[Progress]:
    """Collects progress: pass its ``append``."""
    return []
