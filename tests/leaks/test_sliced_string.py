"""Strings that keep longer ones, in a real Node and by hand."""

from __future__ import annotations

import pytest

from leakline.attribution.contexts import Contexts
from leakline.attribution.slots import Slots
from leakline.heap import read_graph
from leakline.leaks import Finding, Severity
from leakline.leaks.detectors import sliced_string
from leaks.written import line_of
from support.snapshots import SnapshotBuilder


def of(found: list[Finding], root: str) -> Finding:
    (finding,) = (each for each in found if each.root == root)
    return finding


def test_growth_that_is_parents_of_slices_is_told_as_such_and_once(strings: list[Finding]) -> None:
    finding = of(strings, "cut")
    assert (finding.code, finding.severity) == ("sliced-string", Severity.WARNING)
    assert line_of(finding) == "cut.set(number, page().slice(40, 80));"
    assert finding.growth_per_request is not None
    assert 1500 < finding.growth_per_request < 3000
    assert "grows per request: +2" in finding.message
    assert finding.message.endswith("of it are long strings kept for short parts of them")


def test_copies_keep_nothing_but_themselves(strings: list[Finding]) -> None:
    assert of(strings, "copied").code == "growing-variable"


def test_a_parent_that_is_wanted_itself_is_not_the_slices_fault(strings: list[Finding]) -> None:
    assert of(strings, "alsoCut").code == "growing-variable"


def test_much_that_does_not_grow_is_information(strings: list[Finding]) -> None:
    finding = of(strings, "headings")
    assert (finding.code, finding.severity) == ("sliced-string", Severity.INFORMATION)
    assert finding.growth_per_request is None


def test_no_value_is_in_a_message(strings: list[Finding]) -> None:
    assert not [each for each in strings if "<tr>" in each.message or "Northern" in each.message]


@pytest.mark.parametrize(("slices", "unused"), [(1, [1900]), (9, [1100]), (10, [])])
def test_slices_that_make_up_half_of_their_parent_are_no_waste(
    slices: int, unused: list[int]
) -> None:
    builder = SnapshotBuilder()
    array = builder.root.edge("element", 1, builder.node("object", "Array"))
    parent = builder.node("string", "p" * 1024, size=2000)
    for i in range(slices):
        part = builder.node("sliced string", f"{i:03}" + "x" * 97, size=20)
        array.edge("element", i, part).edge("internal", "parent", parent)
    graph = read_graph(builder.build(), name="built")
    _, sizes = sliced_string.unused_parents(Slots(graph, Contexts(graph, [])))
    assert sizes.tolist() == unused
