"""Where functions are handed over, and where a dependency is called."""

from __future__ import annotations

import pytest

from attribution.syntax.marked import binding, marked


@pytest.mark.parametrize(
    "source",
    [
        "function f() { ⟦setInterval(() => 1, 5)⟧ }",
        "function f() { const again = () => { ⟦setTimeout(again, 5)⟧ }; again() }",
        "function f() { const on = () => 1; check(on); ⟦bus.on('x', on)⟧ }",
        "function f() { const g = ⟦() => 1⟧; one(g); two(g) }",
        "function f() { const g = ⟦() => 1⟧; return g }",
    ],
)
def test_a_closure_is_told_where_it_is_handed_over(source: str) -> None:
    snippet = marked(source)
    syntax = snippet.syntax()
    (arrow,) = [scope for scope in syntax.scopes if scope.kind == "arrow"]
    assert [syntax.registration(arrow)] == snippet.certain


def test_calls_into_a_dependency_that_keep_come_first_and_what_runs_once_is_left_out() -> None:
    snippet = marked(
        "const cache = require('cache'); const own = cache.create({});"
        "function f(k) { cache.get(k); ⟦cache.put(k, 1)⟧; }"
    )
    syntax = snippet.syntax()
    spans, made = syntax.calls_into(binding(syntax, "cache"))
    assert list(spans[:1]) == snippet.certain
    assert len(spans) == 2
    assert [each.name for each in made] == ["own"]
