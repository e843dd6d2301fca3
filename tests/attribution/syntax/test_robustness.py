"""No text crashes the analysis, none makes it overflow or hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.attribution.syntax import analyze_script
from leakline.attribution.syntax.grammar import LanguageName

_DEPTH = 50_000

DEEP = {
    "parentheses": "let x = []; " + "(" * _DEPTH + "x" + ")" * _DEPTH + ".push(1)",
    "functions": "let x = []; " + "function f() {" * _DEPTH + "x.push(1)" + "}" * _DEPTH,
    "arrows": "let x = []; " + "() => " * _DEPTH + "x.push(1)",
    "classes": "let x = []; " + "class A { m() {" * _DEPTH + "x.push(1)" + "} }" * _DEPTH,
    "blocks": "let x = []; " + "{ let y;" * _DEPTH + "x.push(1)" + "}" * _DEPTH,
    "sums": "let x = ''; x = x" + " + 'a'" * _DEPTH,
    "members": "let x = []; x" + ".a" * _DEPTH + ".push(1)",
    "branches": "let x = []; x = " + "a ? b : " * _DEPTH + "[...x, 1]",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_code_is_analysed(name: str) -> None:
    syntax = analyze_script(DEEP[name])
    assert len(syntax.growth_writes(syntax.root.bindings["x"])) == 1


@pytest.mark.parametrize(
    "source",
    [
        "let x; " + "(" * _DEPTH,
        "let x; " + "[" * _DEPTH + "x",
        "let x; " + "{" * _DEPTH + "x",
        "let x; " + "f(" * _DEPTH + "x" + ")" * _DEPTH,
        "let x; x" + ".get(1)" * _DEPTH,
        "let x; let " + "[" * _DEPTH + "y" + "]" * _DEPTH + " = x",
        "let x; let " + "{a: " * _DEPTH + "y" + "}" * _DEPTH + " = x",
        "let x; " + "".join(f"let a{i} = {'x' if i == 0 else f'a{i - 1}'};" for i in range(3000)),
        "let x; x = " + "{ a: " * _DEPTH + "x" + "}" * _DEPTH,
        "let x; " + "x = " * 10_000 + "x",
        "let x = 1; " + "f(x); " * 3000 + "function f(a) { f(a) }",
        "class x extends x {}" * 1000,
    ],
    ids=lambda source: source[7:20].strip(),
)
def test_deep_or_circular_code_does_not_overflow_or_hang(source: str) -> None:
    started = time.monotonic()
    syntax = analyze_script(source)
    name = "x"
    syntax.growth_writes(syntax.root.bindings[name])
    syntax.growth_writes(syntax.root.bindings[name], ("a", "b"))
    syntax.object_literal_property(syntax.root.bindings[name], ("a", "b"))
    assert time.monotonic() - started < 20


def test_circular_aliases_and_classes_end() -> None:
    syntax = analyze_script(
        "let x = y, y = x; x.push(1); const o = { o }; class A extends B {} class B extends A {}"
        "function f(a) { return f(a) } const g = () => g(); A.prototype.f = function () { this.a }"
    )
    assert len(syntax.growth_writes(syntax.root.bindings["x"])) == 1
    syntax.growth_writes(syntax.root.bindings["o"], ("o", "o", "o"))
    assert syntax.object_literal_property(syntax.root.bindings["o"], ("o",) * 5) is not None
    for scope in syntax.classes():
        assert syntax.field_writes(scope, "a", static=False) == ()


_WORDS_OF_CODE = (
    "x y x y ( ) { } [ ] => = += ??= . ?. , ; : ... ` ${ ' \" / \n \r \u2028 # @ < > & | ? ! + "
    "function class const let var static async await get import export default from for of in "
    "if else switch case catch try new this super return yield delete typeof push set this.x "
    "x.push( .get( 1 'a' extends interface type enum namespace declare as satisfies private "
    "\U0001f600 \ud83d \udc00 \\u0061 \x00 \ufeff"
)
_WORDS = st.sampled_from(_WORDS_OF_CODE.split(" "))
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_WORDS, max_size=60).map(" ".join),
    st.lists(_WORDS, max_size=60).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS, language=st.sampled_from(["javascript", "typescript", "tsx"]))
def test_no_text_crashes_any_question(text: str, language: LanguageName) -> None:
    syntax = analyze_script(text, language)
    for scope in syntax.scopes:
        assert syntax.root.start <= scope.start <= scope.end <= syntax.root.end
        assert scope.name is not None
        start = scope.function_start
        if start is not None:
            assert syntax.function_at(start) is not None
        for path in ((), ("x",), ("x", "y")):
            for bound in scope.bindings.values():
                for reference in bound.references:
                    assert syntax.binding_at(reference.span.start) is not None
                for write in syntax.growth_writes(bound, path):
                    assert write.span.start <= write.target_span.start
                syntax.object_literal_property(bound, path)
    for scope in syntax.classes():
        for static in (False, True):
            syntax.field_writes(scope, "x", static=static, private=static)
            syntax.field_declaration(scope, "x", static=static)
    syntax.global_writes("x")
    syntax.global_declarations("x")
    assert syntax.exports is not None
