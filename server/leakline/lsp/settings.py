"""The settings under ``leakline`` in the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from leakline.config import (
    DEFAULT_INSPECTOR,
    DEFAULT_KEEP,
    DEFAULT_REQUESTS,
    DEFAULT_ROUNDS,
)
from leakline.config.project import ProjectConfig
from leakline.config.values import (
    CLICK,
    INSPECTOR,
    KEEP,
    OBSERVE,
    PATH_OVERRIDES,
    REQUESTS,
    ROUNDS,
    SWITCH,
    URL,
    Value,
)

SECTION = "leakline"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set, defaults where nothing is set.

    Attributes:
        url: The URL that is requested; ``{i}`` stands for the request's number.
        inspect: The inspector's address, ``HOST:PORT`` or a ``ws://`` URL.
        requests: Requests per round.
        rounds: Rounds after the warm-up.
        observe: What ends a round of others' requests, such as ``100`` or ``30s``; empty for
            requests of our own.
        click: CSS selector of what is clicked on where the program is a page; empty for nothing.
        keep: Recordings that stay.
        redact_values: Whether values from the heap are kept out of hovers.
        inlay_hints: Whether size and growth stand behind the declarations too.
        path_overrides: ``sourceMapPathOverrides``; the debugger's own where empty.
    """

    url: str = "http://127.0.0.1:8787/{i}"
    inspect: str = DEFAULT_INSPECTOR
    requests: int = DEFAULT_REQUESTS
    rounds: int = DEFAULT_ROUNDS
    observe: str = ""
    click: str = ""
    keep: int = DEFAULT_KEEP
    redact_values: bool = True
    inlay_hints: bool = False
    path_overrides: Mapping[str, str] = field(default_factory=dict)

    def with_project(self, config: ProjectConfig) -> Settings:
        """What a project says counts where the user has set nothing else.

        Editors send the defaults along, so a setting that is its default is one that is not set.
        """
        said: dict[str, Any] = {
            "url": config.url,
            "inspect": config.inspector,
            "requests": config.requests,
            "rounds": config.rounds,
            "observe": config.observe,
            "click": config.click,
            "keep": config.keep,
            "path_overrides": config.path_overrides,
        }
        unset = Settings()
        return replace(
            self,
            **{
                name: value
                for name, value in said.items()
                if value is not None and getattr(self, name) == getattr(unset, name)
            },
        )


_CLICK_OR_NOT = Value(lambda value: value == "" or CLICK.accepts(value), CLICK.wanted)
_OBSERVE_OR_NOT = Value(lambda value: value == "" or OBSERVE.accepts(value), OBSERVE.wanted)

# By the name that the user writes.
_RULES: Mapping[str, tuple[str, Value]] = {
    "url": ("url", URL),
    "inspect": ("inspect", INSPECTOR),
    "requests": ("requests", REQUESTS),
    "rounds": ("rounds", ROUNDS),
    "observe": ("observe", _OBSERVE_OR_NOT),
    "click": ("click", _CLICK_OR_NOT),
    "keep": ("keep", KEEP),
    "redactValues": ("redact_values", SWITCH),
    "inlayHints": ("inlay_hints", SWITCH),
    "sourceMapPathOverrides": ("path_overrides", PATH_OVERRIDES),
}
assert {name for name, _ in _RULES.values()} == {field.name for field in fields(Settings)}


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
    for key, (name, wanted) in _RULES.items():
        value = raw.get(key)
        if value is None:
            continue
        if wanted.accepts(value):
            settings = replace(settings, **{name: value})
        else:
            used = getattr(base, name)
            shown = str(used).lower() if isinstance(used, bool) else used or "none"
            wrong.append(f"{SECTION}.{key} must be {wanted.wanted} ({shown} is used)")
    return settings, "; ".join(wrong)
