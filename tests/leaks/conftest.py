"""Recordings that several tests look at."""

from __future__ import annotations

import pytest

from leakline.leaks import Finding
from leaks.written import findings, record


@pytest.fixture(scope="session")
def strings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What is said of ``programs/strings.mjs``."""
    return findings(record("strings.mjs", tmp_path_factory.mktemp("strings")))
