"""Lines that no write of the syntax is at, by the stacks alone."""

from __future__ import annotations

from attribution.stacked import scripts_of, span_of, stack
from leakline.attribution.on_stack import Seen, made_on, seen_on
from leakline.positions import SourceLocation

OWN = """
function handle(request) {
  const found = { url: request.url, days: [1, 2] };
  cache.put(request.url, found);
  inner(() => cache.put("no"));
}
function index(key, value) {
  tables[key][value] = true;
}
"""
PACKAGE = """
function put(key, value) { return store(key, value); }
function store(key, value) { this[key] = value; }
"""
SCRIPTS = scripts_of(("file:///app/server.js", OWN), ("https://cdn.example/cache.js", PACKAGE))


def in_workspace(place: SourceLocation) -> bool:
    return place.path is not None


def only(*stacks: tuple[str, int, bool, str]) -> Seen:
    made = [stack(SCRIPTS, calls, size, adds=adds, called=to) for calls, size, adds, to in stacks]
    (found,) = seen_on(made, SCRIPTS, in_workspace)
    return found


def test_the_line_is_where_the_program_calls_the_dependency() -> None:
    found = only(("8:store < 8:put < handle", 100, True, ""))
    span = span_of(OWN, "cache.put(request.url, found)")
    assert found == Seen(7, span, 1.0, proved=True, exact=True)


def test_room_tells_the_line_before_what_was_allocated_elsewhere() -> None:
    found = only(("8:put < handle", 10, True, "set"), ("index", 90, False, ""))
    assert found.span == span_of(OWN, "cache.put(request.url, found)")
    assert round(found.share, 2) == 0.1


def test_room_that_no_method_took_is_an_assignments() -> None:
    found = only(("index < handle", 10, True, ""))
    assert found.span == span_of(OWN, "tables[key][value] = true")
    assert found.exact


def test_where_no_expression_is_known_it_is_the_function() -> None:
    found = only(("handle", 10, False, ""))
    assert (found.exact, found.span.start.line) == (False, 1)


def test_a_dependency_elsewhere_tells_no_line() -> None:
    made = [stack(SCRIPTS, "8:store < 8:put", 10)]
    assert seen_on(made, SCRIPTS, in_workspace) == ()


MAKERS = """
class Session { constructor(id) { this.id = id; } }
function first() { return new Session(1); }
function second(id) { return start(new Session(id)); }
const route = (id) => second(id);
"""


def test_of_several_places_that_make_instances_the_stacks_tell_the_busiest() -> None:
    scripts = scripts_of(("file:///app/sessions.js", MAKERS))
    stacks = [stack(scripts, "first", 40), stack(scripts, "second < route", 160)]
    assert [(each.span, each.share) for each in made_on(stacks, scripts, "Session")] == [
        (span_of(MAKERS, "new Session(id)"), 0.8),
        (span_of(MAKERS, "new Session(1)"), 0.2),
    ]
    assert made_on(stacks, scripts, "Other") == ()
    assert made_on([], scripts, "Session") == ()
