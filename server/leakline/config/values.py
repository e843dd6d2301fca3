"""What a setting may be, wherever it is written: in the editor or in ``.leakline.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_REQUESTS = 1_000_000
MAX_ROUNDS = 100
MAX_KEEP = 1000
_MAX_OVERRIDES = 200
_LONGEST_OVERRIDE = 1000
_LONGEST_SELECTOR = 1000

_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s\[\]/:]+):\d{1,5}(?:/\S+)?")
_WEB_SOCKET = re.compile(r"wss?://\S+")
_OBSERVE = re.compile(r"[1-9]\d{0,6}|\d{1,6}(\.\d+)?s")
_HTTP = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting may be.

    Attributes:
        accepts: Whether a value is one.
        wanted: What it must be, for "… must be …".
    """

    accepts: Callable[[object], bool]
    wanted: str


def _whole_number(top: int) -> Value:
    def accepts(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= top

    return Value(accepts, f"a whole number from 1 to {top}")


def _matching(wanted: str, *patterns: re.Pattern[str]) -> Value:
    def accepts(value: object) -> bool:
        return isinstance(value, str) and any(p.fullmatch(value) for p in patterns)

    return Value(accepts, wanted)


def _is_bytes(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15


def _is_overrides(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) <= _MAX_OVERRIDES
        and all(
            isinstance(text, str) and 0 < len(text) <= _LONGEST_OVERRIDE
            for pair in value.items()
            for text in pair
        )
    )


URL = _matching("an http:// or https:// URL", _HTTP)
INSPECTOR = _matching("HOST:PORT, HOST:PORT/NAME or a ws:// URL", _HOST_AND_PORT, _WEB_SOCKET)
REQUESTS = _whole_number(MAX_REQUESTS)
KEEP = _whole_number(MAX_KEEP)
OBSERVE = _matching('a number of requests or of seconds, such as "100" or "30s"', _OBSERVE)
ROUNDS = _whole_number(MAX_ROUNDS)
SWITCH = Value(lambda value: isinstance(value, bool), "true or false")
BYTES = Value(_is_bytes, "a number of bytes, 0 or more")
CLICK = Value(
    lambda value: isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_SELECTOR,
    "a CSS selector",
)
TEXT = Value(lambda value: isinstance(value, str) and bool(value.strip()), "a text, not empty")
ANY_TEXT = Value(lambda value: isinstance(value, str), "a text")
PATH_OVERRIDES = Value(_is_overrides, "a table of texts: a pattern and the path it stands for")
