"""A slot that grows."""

from __future__ import annotations

from dataclasses import dataclass

from leakline.attribution.slot_path import SlotPath


@dataclass(frozen=True, slots=True)
class Growth:
    """A slot that grows.

    Attributes:
        path: The slot; where several elements of a container have the same growing field, the
            one that grows the most.
        values: Its value's node ordinal in each snapshot.
        sizes: Retained size in each snapshot, bytes, with what the slot shares with others.
        own: Growth in each round that no deeper growing slot explains, bytes.
        inside: Whether what grows are the elements of a container, not their number.
        also: Other slots that hold the very same value.
        newest: The value's ordinal in the newest snapshot, of each element with that field; and
            of a slot around it whose growth is counted here.
        shared_with: Slots whose structures hold the same growing objects.
    """

    path: SlotPath
    values: tuple[int, ...]
    sizes: tuple[int, ...]
    own: tuple[int, ...]
    inside: bool = False
    also: tuple[SlotPath, ...] = ()
    newest: tuple[int, ...] = ()
    shared_with: tuple[SlotPath, ...] = ()
