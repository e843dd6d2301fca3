"""Private fields that compilers put into WeakMaps: what adds to them in the compiled code."""

from __future__ import annotations

import pytest

from leakline.attribution.syntax import ScriptSyntax, analyze_script

CLASS = "var _items, _text; class A {{ constructor() {{ {add} }} go(x) {{ {go} }} }}"
MADE = " _items = new WeakMap(), _text = new WeakMap();"

HELPERS = {
    "TypeScript": (
        "__get(this, _items, 'f')",
        "__set(this, _text, {}, 'f')",
        "_items.set(this, [])",
    ),
    "esbuild": (
        "__privateGet(this, _items)",
        "__privateSet(this, _text, {})",
        "add(this, _items, [])",
    ),
    "Babel": ("_get(_items, this)", "_set(_text, this, {})", "_init(this, _items, [])"),
    "by hand": ("_items.get(this)", "_text.set(this, {})", "_items.set(this, [])"),
}


def written(syntax: ScriptSyntax, field: str) -> list[str]:
    (owner,) = (scope for scope in syntax.scopes if scope.name == "A" and scope.kind == "class")
    found = syntax.field_writes(owner, field, static=False, private=True)
    line = syntax.text
    return [line.slice(line.offset(w.span.start) or 0, line.offset(w.span.end) or 0) for w in found]


@pytest.mark.parametrize("helper", HELPERS)
def test_what_is_called_on_the_entry_adds_to_the_field(helper: str) -> None:
    get, _, add = HELPERS[helper]
    code = CLASS.format(add=add, go=f"{get}.push(x); return {get}.length") + MADE
    assert written(analyze_script(code, "javascript"), "#_items") == [f"{get}.push(x)"]


@pytest.mark.parametrize("helper", HELPERS)
def test_a_larger_value_in_place_of_the_old_one_adds_to_the_field(helper: str) -> None:
    get, put, add = HELPERS[helper]
    get = get.replace("_items", "_text")
    longer = put.format(f"{get} + x")
    code = CLASS.format(add=add, go=f"{longer}; {put.format('x')}") + MADE
    assert written(analyze_script(code, "javascript"), "#_text") == [longer]


def test_a_field_of_its_own_is_not_taken_for_a_variable_of_that_name() -> None:
    code = "const items = new WeakMap(); class A { #items = []; go(x) { this.#items.push(x) } }"
    assert written(analyze_script(code, "javascript"), "#items") == ["this.#items.push(x)"]


def test_a_variable_that_holds_no_weak_map_is_no_field() -> None:
    code = CLASS.format(add="", go="get(this, _items).push(x)") + " _items = new Map();"
    assert written(analyze_script(code, "javascript"), "#_items") == []
