"""Scopes, and which uses of a name mean which declaration."""

# ruff: noqa: E501 - a snippet is easiest to read on one line

from __future__ import annotations

import pytest

from attribution.syntax.marked import binding, marked, piece
from leakline.attribution.syntax import analyze_script, language_for
from leakline.attribution.syntax.grammar import LanguageName
from leakline.positions import Position, Span

# ⟦ ⟧ marks every use of `x` that means its first declaration.
REFERENCES: dict[str, str] = {
    "var is hoisted out of blocks": "function f() { ⟦x⟧; if (a) { var ⟦x⟧ = 1 } for (;;) { ⟦x⟧ } } x",
    "let stays in its block": "{ let ⟦x⟧; ⟦x⟧ } x",
    "used before its declaration": "function g() { return ⟦x⟧ } let ⟦x⟧ = 1",
    "function declarations are hoisted": "⟦x⟧(); function ⟦x⟧() { ⟦x⟧ }",
    "function in a block is also outside in a script": "{ function ⟦x⟧() {} } ⟦x⟧()",
    "function in a block stays inside in a module": "{ function ⟦x⟧() {} ⟦x⟧() } x(); export {}",
    "parameter": "function f(⟦x⟧, y = ⟦x⟧) { ⟦x⟧; { ⟦x⟧ } } x",
    "arrow parameter": "const f = ⟦x⟧ => ⟦x⟧ + (() => ⟦x⟧)(); x",
    "parameters in patterns": "function f({ a: ⟦x⟧ = 1, ...y }, [z, ...w]) { ⟦x⟧; ({ x: 1 }).x } x",
    "shorthand pattern": "const { ⟦x⟧ } = y; z = { ⟦x⟧ }; w = { x: 1 }; w.x",
    "pattern with defaults": "const { ⟦x⟧ = 1, [⟦x⟧]: y = ⟦x⟧ } = z",
    "array pattern with rest": "const [, ...⟦x⟧] = y; ⟦x⟧",
    "destructuring assignment": "let ⟦x⟧; [⟦x⟧, y.x] = z; ({ ⟦x⟧, a: ⟦x⟧, x: b } = z)",
    "catch": "try { x } catch (⟦x⟧) { ⟦x⟧ } finally { x }",
    "catch by pattern": "try {} catch ({ message: ⟦x⟧ }) { ⟦x⟧ } x",
    "for let": "for (let ⟦x⟧ = 0; ⟦x⟧ < 1; ⟦x⟧++) { ⟦x⟧ } x",
    "for var": "for (var ⟦x⟧ = 0; ⟦x⟧ < 1; ⟦x⟧++) { ⟦x⟧ } ⟦x⟧",
    "for of": "for (const ⟦x⟧ of y) ⟦x⟧; x",
    "for of pattern": "for (const [k, { ⟦x⟧ }] of y) { ⟦x⟧ } x",
    "for in without declaration": "var ⟦x⟧; for (⟦x⟧ in y) ;",
    "switch": "switch (x) { case 1: let ⟦x⟧ = 2; default: ⟦x⟧ } x",
    "labels are no names": "let ⟦x⟧; x: for (;;) { break x; continue x } ⟦x⟧",
    "properties are no names": "let ⟦x⟧; a.x; a?.x; ({ x: 1, get x() {}, x() {} }); class A { x = 1; #x = 2; f() { this.#x } }",
    "computed keys are": "let ⟦x⟧; a[⟦x⟧]; ({ [⟦x⟧]: 1, [⟦x⟧]() {} }); class A { [⟦x⟧] = 1; [⟦x⟧](x) { x } }",
    "function expression's name": "(function ⟦x⟧() { ⟦x⟧ }); x",
    "function expression's name below a parameter": "(function x(⟦x⟧) { ⟦x⟧ }); x",
    "class declaration": "⟦x⟧; class ⟦x⟧ { f() { ⟦x⟧ } static y = ⟦x⟧; static { ⟦x⟧ } } new ⟦x⟧()",
    "class expression": "const y = class ⟦x⟧ { f() { ⟦x⟧ } }; x",
    "class heritage": "let ⟦x⟧; class A extends ⟦x⟧ {} class B extends mix(⟦x⟧) {}",
    "var in a static block": "class A { static { var ⟦x⟧; { ⟦x⟧ } } } x",
    "template": "let ⟦x⟧; `x ${⟦x⟧} ${`${⟦x⟧}`}`; ⟦x⟧`x`",
    "default import": "import ⟦x⟧ from 'x'; ⟦x⟧",
    "named import": "import { x as y, z as ⟦x⟧ } from 'x'; ⟦x⟧",
    "plain named import": "import { ⟦x⟧ } from 'x'; ⟦x⟧",
    "namespace import": "import * as ⟦x⟧ from 'x'; ⟦x⟧.x",
    "export clause": "let ⟦x⟧; export { ⟦x⟧, ⟦x⟧ as y, z as x }",
    "export default": "let ⟦x⟧; export default ⟦x⟧",
    "export from elsewhere": "let ⟦x⟧; export { x } from 'y'; export * as x from 'z'",
    "redeclared var": "var ⟦x⟧; var ⟦x⟧ = 1; function ⟦x⟧() {}",
    "regular expressions and strings": "let ⟦x⟧; /x/; 'x'; \"x\"; // x\n/* x */ ⟦x⟧",
    "jsx": "const ⟦x⟧ = 1; y = <a x={⟦x⟧} {...⟦x⟧}>x {⟦x⟧}<x></x><x/></a>",
    "using": "{ using ⟦x⟧ = y; ⟦x⟧ } x",
    "async and generators": "async function f(⟦x⟧) { await ⟦x⟧ } function* g(x) { yield x }",
    "new.target and meta": "let ⟦x⟧; new ⟦x⟧; import.meta.x",
    "accessors": "let ⟦x⟧; ({ get y() { return ⟦x⟧ }, set y(x) { x } })",
    "method parameter": "({ y(⟦x⟧) { ⟦x⟧ } }); x",
}


@pytest.mark.parametrize("name", REFERENCES)
def test_references_are_those_marked(name: str) -> None:
    snippet = marked(REFERENCES[name])
    syntax = snippet.syntax()
    found = syntax.binding_at(snippet.certain[0].start)
    assert found is not None
    assert [reference.span for reference in found.references] == snippet.certain
    for span in snippet.certain:
        assert syntax.binding_at(span.start) is found
        assert syntax.binding_at(span.end) is found


TYPED: dict[str, str] = {
    "types of the same name": "interface x { x: x } type y = x; let ⟦x⟧: x = <x>⟦x⟧; ⟦x⟧ as x; ⟦x⟧ satisfies x; f<x>(⟦x⟧)",
    "function types": "let f: (x: string) => void; function g(⟦x⟧?: string): asserts x is string { ⟦x⟧ }",
    "overloads": "function f(x: string): void; function f(⟦x⟧: any) { ⟦x⟧ }",
    "this parameter": "function f(this: A, ⟦x⟧: B) { ⟦x⟧ }",
    "parameter property": "class A { constructor(private ⟦x⟧: string) { ⟦x⟧; this.x } f() { x } }",
    "enum": "enum ⟦x⟧ { A, B = 2 } ⟦x⟧.A",
    "namespace": "namespace ⟦x⟧ { export const y = 1 } ⟦x⟧.y",
    "type-only import": "import type { x } from 'x'; { let ⟦x⟧ = 1; ⟦x⟧ }",
    "inline type-only import": "import { type y, ⟦x⟧ } from 'x'; ⟦x⟧",
    "import require": "import ⟦x⟧ = require('x'); ⟦x⟧",
    "type-only export": "let ⟦x⟧; export type { x }; export { ⟦x⟧ }",
    "class with generics": "class ⟦x⟧<T extends x> extends Y<T> implements x { f(): x { return new ⟦x⟧() } }",
    "abstract class": "abstract class ⟦x⟧ { abstract f(x: string): void } class y extends ⟦x⟧ {}",
    "decorator": "function ⟦x⟧() {} @⟦x⟧ class A { @⟦x⟧() b = 1; @⟦x⟧ c() {} }",
    "declare": "declare const y: string; let ⟦x⟧ = y; declare function f(x: string): void",
    "export equals": "const ⟦x⟧ = 1; export = ⟦x⟧",
    "non-null": "let ⟦x⟧; ⟦x⟧!.a; ⟦x⟧! += 1",
}


@pytest.mark.parametrize("name", TYPED)
def test_references_in_typescript_are_those_marked(name: str) -> None:
    snippet = marked(TYPED[name])
    syntax = snippet.syntax("typescript")
    found = syntax.binding_at(snippet.certain[0].start)
    assert found is not None
    assert [reference.span for reference in found.references] == snippet.certain


def test_access_of_references() -> None:
    source = "let x = 0; x; x = 1; x += 1; x++; [x] = y; ({ x } = y); for (x of y); f(x); x.y = 1"
    syntax = analyze_script(source)
    assert [reference.access for reference in binding(syntax, "x").references] == [
        "declaration",
        "read",
        "write",
        "readwrite",
        "readwrite",
        "write",
        "write",
        "write",
        "read",
        "read",
    ]


@pytest.mark.parametrize(
    ("kind", "source", "language"),
    [
        ("var", "var x", "javascript"),
        ("let", "let x", "javascript"),
        ("const", "const x = 1", "javascript"),
        ("function", "async function* x() {}", "javascript"),
        ("class", "class x {}", "javascript"),
        ("param", "(x) => 1", "javascript"),
        ("import", "import x from 'x'", "javascript"),
        ("catch", "try {} catch (x) {}", "javascript"),
        ("enum", "enum x {}", "typescript"),
        ("namespace", "namespace x.y {}", "typescript"),
    ],
)
def test_kinds_of_binding(kind: str, source: str, language: LanguageName) -> None:
    assert binding(analyze_script(source, language), "x").kind == kind


def test_kinds_of_scope_in_preorder() -> None:
    syntax = analyze_script(
        "function f() { { } } const g = () => { for (;;) { } };"
        "class A { m() { } static { } } try { } catch { } switch (1) { } import 'x'"
    )
    assert [scope.kind for scope in syntax.scopes] == [
        "module",
        "function",
        "block",
        "arrow",
        "for",
        "block",
        "class",
        "method",
        "static block",
        "block",
        "catch",
        "block",
        "switch",
    ]
    assert analyze_script("var x").root.kind == "script"


def test_scope_at_a_position_is_the_innermost() -> None:
    snippet = marked("function f(a) { ⟦{⟧ let b; ⟦b⟧ } ⟦a⟧ } ⟦x⟧")
    syntax = snippet.syntax()
    kinds = [syntax.scope_at(span.start).kind for span in snippet.certain]
    assert kinds == ["block", "block", "function", "script"]
    assert syntax.scope_at(Position(99, 0)) is syntax.root
    assert syntax.scope_at(Position(0, 999)) is syntax.root


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("f", "function f() {}"),
        ("f", "const f = () => 1"),
        ("f", "const f = (async () => 1)"),
        ("f", "let f; f = function () {}"),
        ("f", "a.b.f = function () {}"),
        ("f", "a['f'] = function () {}"),
        ("inner", "const f = function inner() {}"),
        ("f", "x = { f: function () {} }"),
        ("f", "x = { 'f': () => 1 }"),
        ("f", "x = { f() {} }"),
        ("f", "class A { f() {} }"),
        ("#f", "class A { #f() {} }"),
        ("f", "class A { f = () => 1 }"),
        ("constructor", "class A { constructor() {} }"),
        ("default", "export default () => 1"),
        ("f", "const { f = () => 1 } = x"),
        ("f", "function g(f = () => 1) {}"),
        ("", "g(() => 1)"),
        ("", "x = { [f]: () => 1 }"),
    ],
)
def test_functions_are_named_as_v8_names_them_or_by_their_holder(name: str, source: str) -> None:
    syntax = analyze_script(source)
    assert syntax.scopes[-1].name == name


def test_classes_with_their_constructors() -> None:
    syntax = analyze_script("class A { constructor() {} } const B = class { m() {} }; class C {}")
    assert [scope.name for scope in syntax.classes()] == ["A", "B", "C"]
    starts = [scope.function_start for scope in syntax.classes()]
    assert starts == [Position(0, 21), Position(0, 39), Position(0, 57)]
    for scope, start in zip(syntax.classes(), starts, strict=True):
        assert start is not None
        assert syntax.class_at(start) is scope


def test_exports() -> None:
    syntax = analyze_script(
        "export const a = 1, { b } = {}; export function c() {} export class D {}"
        "const e = 1; export { e as f, e as 'a b', e as default }; export { g } from 'x'"
    )
    names = {name: found.name for name, found in syntax.exports.items()}
    assert names == {
        "a": "a", "b": "b", "c": "c", "D": "D", "f": "e", "a b": "e", "default": "e",
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "export default function x() {}",
        "export default class x {}",
        "const x = 1; export default x",
    ],
)
def test_default_exports(source: str) -> None:
    syntax = analyze_script(source)
    assert syntax.exports["default"] is syntax.root.bindings["x"]


def test_an_anonymous_default_export_has_no_binding() -> None:
    assert analyze_script("export default { fetch() {} }").exports == {}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("src/index.js", "javascript"),
        ("a.mjs", "javascript"),
        ("a.cjs", "javascript"),
        ("a.jsx", "javascript"),
        ("a.ts", "typescript"),
        ("A.MTS", "typescript"),
        ("a.d.cts", "typescript"),
        ("file:///w/a.tsx?query=x.js#y", "tsx"),
        ("C:\\w\\a.ts", "typescript"),
        ("http://[broken/a.js", None),
        ("a.json", None),
        ("Makefile", None),
        ("", None),
    ],
)
def test_language_by_file_name(path: str, language: str | None) -> None:
    assert language_for(path) == language


def test_a_nameless_place_has_no_binding() -> None:
    syntax = analyze_script("let x = 1; a.b; 'x'")
    for column in (0, 13, 17, 400):
        assert syntax.binding_at(Position(0, column)) is None
    assert syntax.binding_at(Position(5, 0)) is None


LINES = "'😀'; let x;\r\nx;\rx;\u2028x;\u2029x;\n\nx"


def test_lines_are_counted_as_v8_counts_them() -> None:
    syntax = analyze_script(LINES)
    starts = [reference.span.start for reference in binding(syntax, "x").references]
    assert starts == [
        Position(0, 10), Position(1, 0), Position(2, 0), Position(3, 0), Position(4, 0),
        Position(6, 0),
    ]  # fmt: skip
    assert syntax.root.span == Span(Position(0, 0), Position(6, 1))


def test_lines_are_counted_as_editors_count_them_on_demand() -> None:
    syntax = analyze_script(LINES, line_ends="editor")
    starts = [reference.span.start for reference in binding(syntax, "x").references]
    assert starts == [
        Position(0, 10), Position(1, 0), Position(2, 0), Position(2, 3), Position(2, 6),
        Position(4, 0),
    ]  # fmt: skip


def test_names_with_astral_letters_and_lone_surrogates() -> None:
    syntax = analyze_script("let 𝒳 = '\ud83d'; 𝒳 = '\udc00'")
    found = binding(syntax, "𝒳")
    assert [piece(syntax, reference.span) for reference in found.references] == ["𝒳", "𝒳"]
    assert [reference.span.start.column for reference in found.references] == [4, 14]


def test_a_byte_order_mark_counts_as_a_column() -> None:
    syntax = analyze_script("\ufefflet x")
    assert binding(syntax, "x").declarations == (Span(Position(0, 5), Position(0, 6)),)


def test_an_empty_text_has_a_root() -> None:
    syntax = analyze_script("")
    assert syntax.scopes == (syntax.root,)
    assert syntax.scope_at(Position(0, 0)) is syntax.root
