"""What each detector's code means, for the rule table of a SARIF log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One detector in words.

    Attributes:
        name: Its name in Pascal case, as SARIF wants it.
        summary: One sentence.
        advice: What to do about a finding.
        is_warning: Whether its findings are warnings unless they say otherwise.
    """

    name: str
    summary: str
    advice: str
    is_warning: bool


RULES = {
    "growing-variable": Rule(
        name="GrowingVariable",
        summary="A variable or field retains more after every round of requests.",
        advice="Bound what it holds, remove entries when they are no longer needed, or keep "
        "them outside of the isolate.",
        is_warning=True,
    ),
    "accumulating-closures": Rule(
        name="AccumulatingClosures",
        summary="Closures of one place, or calls that never end, pile up with every round.",
        advice="Clear the timer, remove the listener or settle the promise that keeps them.",
        is_warning=True,
    ),
    "accumulating-instances": Rule(
        name="AccumulatingInstances",
        summary="Instances of one class pile up with every round.",
        advice="End what the runtime keeps them for: timers, handles, pending operations.",
        is_warning=True,
    ),
    "unused-capture": Rule(
        name="UnusedCapture",
        summary="A closure keeps a captured variable alive that no live closure can use.",
        advice="Set the variable to null when it is done with, or make the closure that stays "
        "in a function of its own.",
        is_warning=True,
    ),
    "sliced-string": Rule(
        name="SlicedString",
        summary="A short string keeps the long string that it was cut from.",
        advice="Copy the part before it is kept, for example with "
        "Buffer.from(part).toString(), or bound what keeps it.",
        is_warning=True,
    ),
    "detached-dom": Rule(
        name="DetachedDom",
        summary="Elements that are no longer in the document are kept from script.",
        advice="Let go of an element when it is removed from the document, or keep it in a "
        "WeakMap or a WeakRef.",
        is_warning=True,
    ),
    "duplicate-strings": Rule(
        name="DuplicateStrings",
        summary="The same long string is kept many times below one variable or field.",
        advice="Keep one copy of each string and refer to it.",
        is_warning=False,
    ),
    "large-retained": Rule(
        name="LargeRetained",
        summary="A variable or field retains a large part of the heap.",
        advice="Check that the program needs all of it; a second snapshot after more requests "
        "tells whether it grows.",
        is_warning=False,
    ),
}
