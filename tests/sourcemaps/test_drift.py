"""Lines carried over from the text at capture to the text on disk."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.sourcemaps.drift import carry_lines, is_without_types

SERVER = """\
import http from "node:http";

const audit = [];

http.createServer((request, response) => {
  audit.push(request.url);
  response.end("ok");
}).listen(8080);
"""


def carried(old: str, new: str) -> list[int]:
    return [int(line) for line in carry_lines(old, new)]


def test_an_unchanged_text_keeps_its_lines() -> None:
    assert carried(SERVER, SERVER) == list(range(9))


def test_lines_inserted_above_push_the_others_down() -> None:
    new = "// A server.\n// It leaks.\n" + SERVER
    assert carried(SERVER, new) == list(range(2, 11))


def test_lines_inserted_in_the_middle_and_above() -> None:
    new = "'use strict';\n" + SERVER.replace("  audit.push", "  log();\n  audit.push")
    assert carried(SERVER, new) == [1, 2, 3, 4, 5, 7, 8, 9, 10]


def test_a_changed_line_is_gone_and_its_neighbours_are_not() -> None:
    new = SERVER.replace("audit.push(request.url)", "audit.push(request.url.slice(0, 80))")
    assert carried(SERVER, new) == [0, 1, 2, 3, 4, -1, 6, 7, 8]


def test_a_deleted_line_is_gone() -> None:
    new = SERVER.replace("  audit.push(request.url);\n", "")
    assert carried(SERVER, new) == [0, 1, 2, 3, 4, -1, 5, 6, 7]


def test_a_moved_function_is_not_guessed() -> None:
    old = "function a() {\n  one();\n}\nfunction b() {\n  two();\n}\n"
    new = "function b() {\n  two();\n}\nfunction a() {\n  one();\n}\n"
    found = carried(old, new)
    assert found[:2] == [3, 4] or found[3:5] == [0, 1]
    assert sum(line >= 0 for line in found) < len(found)


def test_new_indentation_and_line_ends_do_not_lose_lines() -> None:
    new = SERVER.replace("  ", "\t").replace("\n", "\r\n")
    assert carried(SERVER, new) == list(range(9))


def test_repeated_lines_are_matched_between_lines_that_are_unique() -> None:
    old = "start\n}\n}\nmiddle\n}\n}\nend"
    new = "start\n}\n}\nmiddle\nnew\n}\n}\nend"
    assert carried(old, new) == [0, 1, 2, 3, 5, 6, 7]


def test_of_equal_lines_that_nothing_tells_apart_none_is_carried() -> None:
    assert carried("a\nx\nx\nb", "c\nx\nd\nx\nx\ne") == [-1, -1, -1, -1]


def test_empty_texts_have_one_empty_line() -> None:
    assert carried("", "") == [0]
    assert carried("a", "") == [-1]
    assert carried("", "a") == [-1]


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.lists(st.sampled_from("abcdef")))
@settings(deadline=None)
def test_carried_lines_are_equal_and_keep_their_order(old: list[str], new: list[str]) -> None:
    found = carried("\n".join(old), "\n".join(new))
    kept = [(left, right) for left, right in enumerate(found) if right >= 0]
    assert len(found) == max(1, len(old))
    for left, right in kept:
        assert "\n".join(old).split("\n")[left] == "\n".join(new).split("\n")[right]
    assert all(one[1] < other[1] for one, other in pairwise(kept))


def test_large_hostile_texts_take_little_time() -> None:
    lines = 60_000
    nested = [str(min(i, lines - i)) for i in range(lines)]
    start = time.perf_counter()
    carry_lines("\n".join(nested), "\n".join(nested[::-1] + nested[1:]))
    carry_lines("}\n" * lines + "a", "b\n" + "}\n" * lines)
    assert time.perf_counter() - start < 20


def test_a_line_with_more_behind_it_is_another_line() -> None:
    assert not is_without_types("log.push(line);", "log.push(line); log.length = 0;")
    assert not is_without_types("log.push(line);", "log.push(line); // why")
    assert is_without_types("let log", "let log: string[]")
    assert is_without_types("let log = held", "let log = held as string[]")
    assert is_without_types("function log(line", "function log(line?: string")


def test_a_line_whose_types_node_has_blanked_is_the_same_line() -> None:
    file = (
        "const a = new Map<string, { n: number }>();\ninterface B {\n  n: number;\n}\nlet x = a;\n"
    )
    ran = (
        "const a = new Map                       ();\n             \n            \n \nlet x = a;\n"
    )
    assert carry_lines(ran, file).tolist()[0] == 0
    assert carry_lines(ran, file.replace("new Map", "new Set")).tolist()[0] == -1
    assert carry_lines("a = b;", "a =-b;").tolist() == [-1]
