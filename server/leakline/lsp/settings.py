"""The settings under ``leakline`` in the editor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from leakline.config import DEFAULT_INSPECTOR, DEFAULT_REQUESTS, DEFAULT_ROUNDS

SECTION = "leakline"

_MAX_REQUESTS = 1_000_000
_MAX_ROUNDS = 100
_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s\[\]/:]+):\d{1,5}")
_WEB_SOCKET = re.compile(r"wss?://\S+")
_HTTP = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set, defaults where nothing is set.

    Attributes:
        url: The URL that is requested; ``{i}`` stands for the request's number.
        inspect: The inspector's address, ``HOST:PORT`` or a ``ws://`` URL.
        requests: Requests per round.
        rounds: Rounds after the warm-up.
        redact_values: Whether values from the heap are kept out of hovers.
    """

    url: str = "http://127.0.0.1:8787/{i}"
    inspect: str = DEFAULT_INSPECTOR
    requests: int = DEFAULT_REQUESTS
    rounds: int = DEFAULT_ROUNDS
    redact_values: bool = True


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    accepts: Callable[[object], bool]
    wanted: str


def _whole_number(top: int) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= top

    return accepts


def _text(*patterns: re.Pattern[str]) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        return isinstance(value, str) and any(p.fullmatch(value) for p in patterns)

    return accepts


# By the name that the user writes.
_RULES = {
    "url": _Rule("url", _text(_HTTP), "an http:// or https:// URL"),
    "inspect": _Rule("inspect", _text(_HOST_AND_PORT, _WEB_SOCKET), "HOST:PORT or a ws:// URL"),
    "requests": _Rule(
        "requests", _whole_number(_MAX_REQUESTS), f"a whole number from 1 to {_MAX_REQUESTS}"
    ),
    "rounds": _Rule(
        "rounds", _whole_number(_MAX_ROUNDS), f"a whole number from 1 to {_MAX_ROUNDS}"
    ),
    "redactValues": _Rule("redact_values", lambda value: isinstance(value, bool), "true or false"),
}
assert {rule.name for rule in _RULES.values()} == {field.name for field in fields(Settings)}


def read_settings(raw: object, base: Settings) -> tuple[Settings, str]:
    """Read what a client sent.

    Args:
        raw: An object with the names that the user writes; others in it are not ours, and
            null means not set. Anything may have been sent.
        base: What is used where nothing, or nothing sensible, is set.

    Returns:
        The settings, and one sentence on all that was wrong; empty when nothing was.
    """
    if raw is None:
        return base, ""
    if not isinstance(raw, Mapping):
        return base, f"the settings under {SECTION} must be an object; they are left out"
    settings, wrong = base, []
    for key, rule in _RULES.items():
        value = raw.get(key)
        if value is None:
            continue
        if rule.accepts(value):
            settings = replace(settings, **{rule.name: value})
        else:
            used = getattr(base, rule.name)
            shown = str(used).lower() if isinstance(used, bool) else used
            wrong.append(f"{SECTION}.{key} must be {rule.wanted} ({shown} is used)")
    return settings, "; ".join(wrong)
