"""Property names that are common enough among plain objects to be a class of their own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

LONGEST_INTERFACE = 120
"""Length in UTF-16 units beyond which an interface takes no more property names."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A set of property names that is common enough among plain objects to be a class.

    Attributes:
        name: ``{a, b}``.
        properties: The names.
        size: How many names.
    """

    name: str
    properties: frozenset[str]
    size: int


def common_interfaces(
    names: list[list[str]], counts: list[int], plain_objects: int
) -> tuple[Interface, ...]:
    """Choose the property lists that are common enough to be classes, commonest first."""
    candidates: dict[str, tuple[list[str], int]] = {}
    for own, count in zip(names, counts, strict=True):
        text, length, taken = "{", 1, []
        for name in own:
            if name == "__proto__":
                continue
            formatted = _formatted(name)
            width = _utf16_length(formatted)
            if length > 1 and length + width > LONGEST_INTERFACE:
                break
            if length != 1:
                text, length = text + ", ", length + 2
            text, length = text + formatted, length + width
            taken.append(name)
        if taken:
            known = candidates.get(text + "}", (taken, 0))
            candidates[text + "}"] = (known[0], known[1] + count)
    least = max(2, plain_objects / 1000)
    common = sorted(candidates.items(), key=lambda item: -item[1][1])
    return tuple(
        Interface(name, frozenset(own), len(own)) for name, (own, count) in common if count >= least
    )


class InterfaceSearch:
    """Finds the interface with the most properties that an object has all of."""

    def __init__(self, interfaces: tuple[Interface, ...]) -> None:
        self._by_property: dict[str, list[Interface]] = {}
        taken: set[frozenset[str]] = set()
        # Stable: of two with as many properties the commoner one stays first.
        for one in sorted(interfaces, key=lambda one: -one.size):
            if one.properties not in taken:
                taken.add(one.properties)
                self._by_property.setdefault(min(one.properties), []).append(one)
        self._rank = {id(one): rank for rank, one in enumerate(interfaces)}

    def best(self, properties: list[str]) -> str | None:
        """Give its name; None where an object has all properties of none."""
        own = set(properties)
        best: Interface | None = None
        for name in own:
            for one in self._by_property.get(name, ()):
                if best is not None and one.size < best.size:
                    break
                if one.properties <= own and (
                    best is None
                    or one.size > best.size
                    or self._rank[id(one)] < self._rank[id(best)]
                ):
                    best = one
        return None if best is None else best.name


def _formatted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) if re.search(r"""[,'"{}]""", name) else name


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)
