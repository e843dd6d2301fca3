"""How the search for growth goes on: the trail so far, and the next things to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tree_sitter import Node

from leakline.attribution.syntax.grammar import Ancestry
from leakline.attribution.syntax.places import Place
from leakline.attribution.syntax.scopes import Binding
from leakline.positions import Span

#: Aliases and calls followed one after the other.
MAX_HOPS = 4


@dataclass(frozen=True, slots=True)
class Trail:
    """How the search got to a place.

    Attributes:
        path: Property names that are still to be walked down from the place's value.
        via: Aliases and calls passed.
        certain: Whether the value surely is the slot's.
        owns: Whether the place is the slot itself, so that assigning to it changes the slot;
            an alias only has its value.
        nested: Whether the value lies inside the slot's value.
        roots: Byte ranges of all places of this kind, to know the slot on both sides of ``=``.
        full_path: The path as it was at those places.
    """

    path: tuple[str, ...]
    via: tuple[Span, ...] = ()
    certain: bool = True
    owns: bool = True
    nested: bool = False
    roots: frozenset[tuple[int, int]] = frozenset()
    full_path: tuple[str, ...] = ()

    def alias(self, hop: Span | None = None, *, certain: bool = True) -> Trail:
        """The trail beyond an alias."""
        return replace(
            self,
            via=self.via if hop is None else (*self.via, hop),
            certain=self.certain and certain,
            owns=False,
        )

    def inside(self) -> Trail:
        """The trail to values inside the value."""
        if self.nested:
            return self
        return replace(self, path=(), nested=True, certain=False, owns=False)

    def below(self, path: tuple[str, ...]) -> Trail:
        """The trail with this much of its path left."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True)
class Visit:
    """Look at what uses the value of the node at ``around[step]``."""

    around: Ancestry
    step: int
    trail: Trail


@dataclass(frozen=True, slots=True)
class FollowBinding:
    """Look at every use of a variable that has the value."""

    binding: Binding
    trail: Trail


@dataclass(frozen=True, slots=True)
class FollowPlaces:
    """Look at places found by name: fields, properties of the global object."""

    places: tuple[Place, ...]
    trail: Trail


@dataclass(frozen=True, slots=True)
class FollowPattern:
    """The value is given to a variable, a destructuring pattern or a field.

    Attributes:
        target: What stands on the left.
        trail: The trail up to here.
        hop: The declaration, assignment or call; None if it is not worth telling.
    """

    target: Node
    trail: Trail
    hop: Span | None


Step = Visit | FollowBinding | FollowPlaces | FollowPattern
