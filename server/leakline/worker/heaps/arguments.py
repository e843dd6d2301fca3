"""What a client has asked for: anything may have been sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakline.errors import UsageError

MOST_ROWS = 1000
"""Rows of one page: more of them take longer to describe than a person waits."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a table.

    Attributes:
        offset: The first, from 0.
        limit: How many at most.
    """

    offset: int
    limit: int

    def of(self, numbers: Sequence[int] | NDArray[np.int64]) -> list[int]:
        """Give these rows of a table that is kept as the numbers of its rows."""
        return [int(number) for number in numbers[self.offset : self.offset + self.limit]]


@dataclass(frozen=True, slots=True)
class Arguments:
    """Reads the parameters of a request.

    Attributes:
        given: The parameters.
    """

    given: Mapping[str, Any]

    def path(self, name: str) -> Path:
        """A file."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value or "\0" in value:
            raise UsageError(f"{name} must be the path of a snapshot")
        return Path(value)

    def paths(self, name: str) -> list[Path]:
        """At least one file or directory."""
        value = self.given.get(name)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(one, str) and one and "\0" not in one for one in value)
        ):
            raise UsageError(f"{name} must be a list of paths")
        return [Path(one) for one in value]

    def number(self, name: str, *, least: int = 0, most: int = 1 << 53) -> int:
        """A whole number that must be there."""
        value = self.given.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise UsageError(f"{name} must be a whole number from {least} to {most}")
        return value

    def optional_number(self, name: str) -> int | None:
        """A whole number that may be left out."""
        return None if self.given.get(name) is None else self.number(name)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some words; the first where nothing is given."""
        value = self.given.get(name, choices[0])
        if value not in choices:
            raise UsageError(f"{name} must be one of {', '.join(choices)}")
        return str(value)

    def text(self, name: str) -> str:
        """A text; empty where nothing is given."""
        value = self.given.get(name, "")
        if not isinstance(value, str):
            raise UsageError(f"{name} must be a text")
        return value

    @property
    def ascending(self) -> bool:
        """Whether the smallest comes first."""
        return self.given.get("ascending") is True

    @property
    def page(self) -> Page:
        """Which rows are wanted."""
        offset = self.number("offset") if "offset" in self.given else 0
        limit = self.number("limit", least=1, most=MOST_ROWS) if "limit" in self.given else 100
        return Page(offset, limit)
