"""Where lists and trees get their new nodes."""

from __future__ import annotations

import pytest

from attribution.syntax.marked import marked


@pytest.mark.parametrize(
    "source",
    [
        "class L { add(n) { ⟪this.tail.next = n⟫; this.tail = n; } }",
        "function add(n) { ⟪last.next = last = n⟫ }",
        "class N { constructor(v) { this.next = null; this.v = v; } }",
        "class N { constructor(next) { this.next = next; } }",
        "function cut(n) { n.next = null; n.next = undefined; }",
        "first.next = second",
    ],
)
def test_links_are_found_where_something_new_is_hung_on(source: str) -> None:
    snippet = marked(source)
    found = snippet.syntax().link_writes("next")
    assert [write.span for write in found] == snippet.uncertain
