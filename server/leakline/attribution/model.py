"""What attribution is given and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from leakline.positions import SourceLocation


class SlotKind(Enum):
    """What kind of slot a leak root is; the value is the word that messages use."""

    GLOBAL = "global"
    """A variable of a module or script, an exported binding, a property of the global object."""
    VARIABLE = "variable"
    """A variable of a function, kept by a closure."""
    STATIC_FIELD = "static field"
    FIELD = "field"
    CLOSURE = "closure"
    INSTANCES = "instances"


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a leak trace, from a GC root towards what grows.

    Attributes:
        label: The hop in words, such as ``context of module index.js``.
        location: Where the holder was made, where known.
        suspect: Whether the hop lies on the suspect segment: from the leak root's slot down
            to the accumulation point.
    """

    label: str
    location: SourceLocation | None = None
    suspect: bool = False


class EvidenceKind(Enum):
    """Why a line is named, best first."""

    ALLOCATION = "allocation"
    WRITE = "write"
    DECLARATION = "declaration"
    NONE = "none"


class Confidence(Enum):
    """How sure a line is; the value is the word for it."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the growth line is the one that is named.

    Attributes:
        kind: The kind of evidence.
        text: The same in a sentence for the user, such as
            ``the only write to `responseText` that adds to it``; may be empty.
        confidence: How sure it makes the line.
    """

    kind: EvidenceKind
    text: str
    confidence: Confidence = Confidence.LIKELY

    @property
    def in_words(self) -> str:
        """The confidence and the sentence; empty where there is none."""
        if not self.text or self.kind is EvidenceKind.NONE:
            return self.text
        return f"{self.confidence.value}: {self.text}"
