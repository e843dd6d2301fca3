"""Memory that only tools hold is told apart."""

from __future__ import annotations

import pytest

from leakline.heap import Graph, read_graph
from leakline.leaks.tools import held_by_tools, tools_note
from support.snapshots import SnapshotBuilder

REQUESTS = (100, 200, 300, 400)


def heap(count: int, label: str, *, of_program: bool = False) -> Graph:
    """A heap with objects that a global handle of this label holds each."""
    builder = SnapshotBuilder()
    roots = builder.root.edge("element", 1, builder.node("synthetic", "(GC roots)", size=0))
    handles = roots.edge("element", 2, builder.node("synthetic", "(Global handles)", size=0))
    program = roots.edge("element", 3, builder.node("object", "Array", id=501))
    for i in range(count):
        logged = builder.node("object", "Visit", size=100, id=10_001 + 2 * i)
        handles.edge("internal", f"{i + 1} / {label}", logged)
        if of_program:
            program.edge("element", i, logged)
    return read_graph(builder.build(), name="built")


def test_what_a_console_keeps_is_told_as_such() -> None:
    graphs = [heap(100 * (round_ + 1), "DevTools console") for round_ in range(4)]
    assert held_by_tools(graphs[-1]).size == 400
    note = tools_note(graphs, REQUESTS)
    assert note is not None
    assert "grows per request: +100 B/request, 40.0 kB retained after 400 requests" in note
    assert "no leak of the program" in note


@pytest.mark.parametrize(
    ("label", "of_program", "grows"),
    [
        ("node::Environment", False, True),
        ("DevTools console", True, True),
        ("DevTools console", False, False),
    ],
)
def test_nothing_is_said_of_other_memory(label: str, *, of_program: bool, grows: bool) -> None:
    counts = [100 * (round_ + 1) if grows else 100 for round_ in range(4)]
    graphs = [heap(count, label, of_program=of_program) for count in counts]
    assert tools_note(graphs, REQUESTS) is None
