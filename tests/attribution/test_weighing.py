"""Which of several places added to a slot, by the stacks that allocated what it gained."""

from __future__ import annotations

from attribution.stacked import SCRIPT, scripts_of, span_of, stack
from leakline.attribution.stacks import Stack
from leakline.attribution.weighing import Candidate, Weight, weigh

TEXT = """
const seen = new Map();
function make(url) { return { url }; }
function first(entry) { seen.set(1, entry); }
function second(entry) { seen.set(entry.url, entry); }
function both(entry) { seen.set("last", []); seen.get("last").push(entry); }
function handle(url) {
  seen.set("now", url);
  second(make(url));
}
function other(url) { table[url](make(url)); }
"""
FIRST = "seen.set(1, entry)"
SECOND = "seen.set(entry.url, entry)"
NOW = 'seen.set("now", url)'
SCRIPTS = scripts_of(("file:///app/seen.js", TEXT))


def candidate(expression: str, *, strong: bool = True) -> Candidate:
    return Candidate(SCRIPT, span_of(TEXT, expression), strong)


def weights(*stacks: Stack, of: tuple[str, ...] = (FIRST, SECOND, NOW)) -> list[Weight]:
    return list(weigh(stacks, [candidate(each) for each in of], SCRIPTS))


def made(calls: str, size: int = 100) -> Stack:
    return stack(SCRIPTS, calls, size)


def room(calls: str, called: str = "set") -> Stack:
    return stack(SCRIPTS, calls, 50, adds=True, called=called)


def shares(*stacks: Stack) -> list[float]:
    return [each.share for each in weights(*stacks)]


def test_what_was_allocated_in_a_writing_function_counts_for_it() -> None:
    assert shares(made("second < other")) == [0, 1, 0]
    assert shares(made("make < first < other", 30), made("second < other", 10)) == [0.75, 0.25, 0]


def test_nothing_counts_where_no_function_on_the_stack_writes() -> None:
    assert shares(made("make")) == [0, 0, 0]
    assert shares() == [0, 0, 0]


def test_the_nearest_writing_function_counts_not_those_around_it() -> None:
    assert shares(made("second < handle"), made("second < handle")) == [0, 1, 0]


def test_what_one_function_makes_another_keeps() -> None:
    # `handle` writes as well, but the Map took its room below it, in `second`.
    found = weights(made("make < handle"), room("second < handle"))
    assert [each.share for each in found] == [0, 1, 0]
    assert [each.proved for each in found] == [False, True, False]


def test_a_proof_elsewhere_does_not_speak_for_what_another_function_kept() -> None:
    # A Map takes its room in whichever call comes at the right time: here a rare one.
    found = weights(made("second < other"), room("first < other"))
    assert [round(each.share, 2) for each in found] == [0.33, 0.67, 0]


def test_where_stacks_cannot_tell_caller_and_callee_apart_both_count() -> None:
    # Optimized code takes `second` into `handle`: its stacks say `handle` only.
    assert shares(made("handle")) == [0, 1, 1]
    assert not any(each.proved for each in weights(room("handle")))


def test_a_place_that_is_doubtful_gives_way_to_one_further_out_that_is_not() -> None:
    candidates = [candidate(SECOND, strong=False), candidate(NOW)]
    found = weigh([made("second < handle")], candidates, SCRIPTS)
    assert [each.share for each in found] == [0, 1]


def test_a_function_that_is_called_by_its_name_counts_where_none_is_on_the_stack() -> None:
    found = weigh([made("handle")], [candidate(FIRST), candidate(SECOND)], SCRIPTS)
    assert [each.share for each in found] == [0, 1]


def test_the_name_of_the_call_that_took_the_room_tells_two_places_of_a_function_apart() -> None:
    places = ('seen.set("last", [])', 'seen.get("last").push(entry)')
    found = weights(room("both < other", "push"), of=places)
    assert [each.proved for each in found] == [False, True]
    assert [each.share for each in found] == [1, 1]


def test_room_that_no_method_took_proves_every_place_of_its_function() -> None:
    places = ('seen.set("last", [])', 'seen.get("last").push(entry)')
    assert all(each.proved for each in weights(room("both < other", ""), of=places))
