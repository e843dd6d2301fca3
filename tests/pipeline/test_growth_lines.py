"""The growing line of a recorded Worker, which only its allocation stacks tell.

`make fixtures` records it again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from leakline.attribution.model import Confidence, EvidenceKind
from leakline.attribution.stacks import Stacks
from leakline.leaks import Finding
from leakline.pipeline import analyze
from leakline.recording import load_recording

PROGRAM = Path(__file__).parents[2] / "fixtures/stacks-decide"


def finding() -> Finding:
    (found,) = analyze(load_recording(PROGRAM / "recording"), workspace=PROGRAM).findings
    assert found.root == "tables.replies"
    return found


def lines(found: Finding) -> list[int]:
    """The line that the finding stands on, then the others that may add to it."""
    places = [found.location, *found.other_writes]
    assert all(
        place is not None and place.path == str(PROGRAM / "src/notes.js") for place in places
    )
    return [place.span.start.line + 1 for place in places if place is not None and place.span]


def test_the_stacks_choose_among_three_places_that_write_through_a_computed_helper() -> None:
    found = finding()
    assert lines(found) == [12, 8, 16]
    assert found.evidence.kind is EvidenceKind.ALLOCATION
    assert found.evidence.in_words == (
        "certain: of 3 places that may add to `tables.replies` the one that did; allocation "
        "stacks of the last round: 100 % of the new bytes lead to `noteReply`"
    )


def test_without_stacks_the_first_place_is_named_and_said_to_be_one_of_three(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Stacks, "of", lambda *_: ())
    found = finding()
    assert lines(found) == [8, 12, 16]
    assert found.evidence.confidence is Confidence.POSSIBLE
    assert found.evidence.text == "the first of 3 places that add to `tables.replies`"
