"""Why a line is the one to name, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leakline.attribution.anchor import Write
from leakline.attribution.model import Confidence, Evidence, EvidenceKind

_PLURAL = {
    "adds to": "add to",
    "waits on": "wait on",
    "replaces": "replace",
    "calls": "call",
}

# With this share of the bytes, and no other place in the function, the stacks settle it.
_SETTLED = 0.8
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """What the stacks tell of the line that is named.

    Attributes:
        function: The display name of its function.
        share: Of the bytes that the program's own calls allocated, those that lead there.
        proved: Whether the function was seen to add to a container of the slot.
        rivals: How many other places the stacks speak for as much.
    """

    function: str
    share: float
    proved: bool
    rivals: int

    def __str__(self) -> str:
        return (
            f"allocation stacks of the last round: {round(100 * self.share)} % of the new bytes "
            f"lead to {self.function}"
        )


def evidence(name: str, writes: Sequence[Write], places: int, told: Told | None) -> Evidence:
    """The evidence for the first of some places.

    Args:
        name: The slot's display name.
        writes: What may add to it, best first; those of which a place is known.
        places: How many different places they are.
        told: What the stacks tell of the first; None where they tell nothing.
    """
    if told is None:
        return _by_syntax(name, writes, places)
    if writes[0].does == "calls":
        text = f"{_OWN_CALL.format(name=name)}; {told}"
        confidence = Confidence.LIKELY if told.rivals else Confidence.CERTAIN
    elif places == 1:
        text = f"the only place that {writes[0].does} `{name}`; {told}"
        sure = told.proved or told.share >= _MOSTLY
        confidence = Confidence.CERTAIN if sure else Confidence.LIKELY
    elif told.rivals:
        text = f"{_by_syntax(name, writes, places).text}; {told}"
        confidence = Confidence.LIKELY
    else:
        text = f"of {places} places that may {_PLURAL[writes[0].does]} `{name}` the one that did; "
        text += str(told)
        sure = told.proved or told.share >= _SETTLED
        confidence = Confidence.CERTAIN if sure else Confidence.LIKELY
    return Evidence(EvidenceKind.ALLOCATION, text, confidence)


def by_stacks_alone(name: str, told: Told, *, exact: bool) -> Evidence:
    """The evidence for a place that the syntax does not tell.

    Args:
        name: The slot's display name.
        told: What the stacks tell.
        exact: Whether it is an expression, not the beginning of its function.
    """
    text = f"{told}, though its text does not name `{name}`"
    if not exact:
        text += "; this is where the function begins"
    sure = exact and told.proved
    return Evidence(
        EvidenceKind.ALLOCATION, text, Confidence.LIKELY if sure else Confidence.POSSIBLE
    )


_OWN_CALL = "the program's own call; a dependency adds to `{name}` inside it"


def _by_syntax(name: str, writes: Sequence[Write], places: int) -> Evidence:
    if not writes:
        text = f"no place that adds to `{name}` was found: this is where it is declared"
        return Evidence(EvidenceKind.DECLARATION, text, Confidence.POSSIBLE)
    does = writes[0].does
    if does == "calls":
        return Evidence(EvidenceKind.WRITE, _OWN_CALL.format(name=name))
    if places == 1:
        return Evidence(EvidenceKind.WRITE, f"the only place that {does} `{name}`")
    if sum(write.certain for write in writes) == 1 and writes[0].certain:
        text = f"the surest of {places} places that may {_PLURAL[does]} `{name}`"
        return Evidence(EvidenceKind.WRITE, text)
    text = f"the first of {places} places that {_PLURAL[does]} `{name}`"
    return Evidence(EvidenceKind.WRITE, text, Confidence.POSSIBLE)
