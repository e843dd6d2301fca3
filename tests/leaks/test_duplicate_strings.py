"""Copies of strings, in a real Node and by hand."""

from __future__ import annotations

import pytest

from leakline.attribution.contexts import Contexts
from leakline.attribution.slots import Slots
from leakline.heap import read_graph
from leakline.leaks import Finding, Severity
from leakline.leaks.detectors import duplicate_strings
from leaks.written import line_of
from support.snapshots import SnapshotBuilder


def test_copies_of_a_long_string_are_information(strings: list[Finding]) -> None:
    (finding,) = (each for each in strings if each.code == "duplicate-strings")
    assert finding.severity is Severity.INFORMATION
    assert finding.root == "parsed"
    assert finding.message == (
        "global `parsed` holds 40,000 copies of one string: 2.6 MB more than one of each would take"
    )
    assert line_of(finding) == "const parsed = JSON.parse("


@pytest.mark.parametrize(
    ("texts", "repeated"),
    [
        (["a" * 40, "a" * 40, "b" * 40], 2),
        (["a" * 31, "a" * 31], 0),
        # V8 cuts off here: they may go on differently.
        (["a" * 1024, "a" * 1024], 0),
        (["a" * 1023, "a" * 1023], 2),
    ],
)
def test_only_strings_that_are_known_to_be_equal_count(texts: list[str], repeated: int) -> None:
    builder = SnapshotBuilder()
    for i, text in enumerate(texts):
        builder.root.edge("element", i, builder.node("string", text, size=16 + len(text)))
    graph = read_graph(builder.build(), name="built")
    assert len(duplicate_strings.repeated_strings(Slots(graph, Contexts(graph, [])))) == repeated
