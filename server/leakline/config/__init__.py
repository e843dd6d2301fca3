"""Defaults and limits that several parts share."""

from __future__ import annotations

DEFAULT_INSPECTOR = "127.0.0.1:9229"
DEFAULT_REQUESTS = 100
DEFAULT_ROUNDS = 3
DEFAULT_KEEP = 10

LARGE_RETAINED_BYTES = 1 << 20
LARGE_RETAINED_SHARE = 0.05

DATA_DIRECTORY = ".leakline"
RECORDINGS_DIRECTORY = "recordings"
