"""The identity of a slot: where its path begins, and the names from there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Origin(Enum):
    """Where a path begins."""

    CONTEXT = "context"
    EXPORT = "export"
    GLOBAL = "global"
    INSTANCE = "instance"
    """An instance of one of the program's classes that the runtime holds, such as a Durable
    Object."""


@dataclass(frozen=True, slots=True)
class Element:
    """A step through a container to one of its elements, by the element's object id."""

    object_id: int


@dataclass(frozen=True, slots=True)
class SlotPath:
    """The identity of a slot within an isolate.

    Attributes:
        origin: What the holder is.
        holder_id: Object id of the Context, the module, the global object or the instance.
        steps: Names from there, the variable's or property's own first.
    """

    origin: Origin
    holder_id: int
    steps: tuple[str | Element, ...]

    def below(self, step: str | Element) -> SlotPath:
        """The path one step further."""
        return SlotPath(self.origin, self.holder_id, (*self.steps, step))
