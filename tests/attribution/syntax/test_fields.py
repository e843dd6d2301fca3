"""Fields of classes and properties of the global object, as marked in the snippets."""

# ruff: noqa: E501 - a snippet is easiest to read on one line

from __future__ import annotations

import pytest

from attribution.syntax.marked import expected, marked, piece, told
from leakline.attribution.syntax import Scope, ScriptSyntax


def owner(syntax: ScriptSyntax, name: str) -> Scope:
    for scope in syntax.scopes:
        if scope.name in (name, f"_{name}") and scope.kind in ("class", "function"):
            return scope
    raise AssertionError(f"no class {name}")


FIELDS = {
    # name: (field, path, source); "static " and "#" say what kind of field it is
    "in a method": (
        "history",
        "",
        "class A { history = []; add(m) { ⟦this.history.push(m)⟧; this.other.push(m) } }",
    ),
    "in the constructor": (
        "m",
        "",
        "class A { constructor() { this.m = new Map(); ⟦this.m.set(1, 2)⟧ } }",
    ),
    "in an arrow function": (
        "m",
        "",
        "class A { go = () => { ⟦this.m.push(1)⟧ }; f() { [1].map((x) => ⟦this.m.push(x)⟧) } }",
    ),
    "not in a plain function": ("m", "", "class A { f() { g(function () { this.m.push(1) }) } }"),
    "string": (
        "s",
        "",
        "class A { s = ''; f(x) { ⟦this.s += x⟧; ⟦this.s = this.s + x⟧; ⟦this.s = `${this.s}${x}`⟧ } }",
    ),
    "rebuilt": (
        "a",
        "",
        "class A { f(x) { ⟦this.a = [...this.a, x]⟧; ⟦this.a = this.a.concat(x)⟧; this.b = [...this.a, x] } }",
    ),
    "linked": ("head", "", "class A { f(v) { ⟦this.head = { v, next: this.head }⟧ } }"),
    "self": ("a", "", "class A { f() { const self = this; g(function () { ⟦self.a.push(1)⟧ }) } }"),
    "destructured": ("a", "", "class A { f() { const { a, b: c } = this; a.push(1); c.push(2) } }"),
    "alias": ("a", "", "class A { f() { const list = this.a; ⟦list.push(1)⟧ } }"),
    "instance": (
        "a",
        "",
        "class A { a = [] } const one = new A(); ⟦one.a.push(1)⟧; const other = new B(); other.a.push(2)",
    ),
    "unknown instance": (
        "a",
        "",
        "class A { a = [] } function f(room) { ⟪room.a.push(1)⟫; rooms.get(k).b.push(2); ⟪rooms.get(k).a.push(3)⟫ }",
    ),
    "another class's": (
        "a",
        "",
        "class A { a = []; f() { ⟦this.a.push(1)⟧ } } class B { f() { this.a.push(2) } }",
    ),
    "in a subclass": ("a", "", "class A { a = [] } class B extends A { f() { ⟦this.a.push(1)⟧ } }"),
    "in a base class": (
        "a",
        "",
        "class Base { f() { ⟦this.a.push(1)⟧ } } class A extends Base { a = [] }",
    ),
    "private": (
        "#hits",
        "",
        "class A { #hits = []; f(o) { ⟦this.#hits.push(1)⟧; ⟦o.#hits.push(2)⟧ } } class B { #hits = []; f() { this.#hits.push(1) } }",
    ),
    "private by getter": (
        "#m",
        "",
        "class A { #m = new Map(); get map() { return this.#m } f() { ⟪this.map.set(1, 2)⟫ } } ⟪a.map.set(3, 4)⟫",
    ),
    "by a method's result": (
        "m",
        "",
        "class A { list() { return this.m } f() { ⟪this.list().push(1)⟫ } }",
    ),
    "static": (
        "static windows",
        "",
        "class A { static windows = new Map(); f(k) { ⟦A.windows.set(k, 1)⟧; this.windows.set(k, 2) } static g(k) { ⟦this.windows.set(k, 3)⟧ } static { ⟦this.windows.set(0, 0)⟧ } } ⟦A.windows.set(5, 5)⟧; B.windows.set(6, 6)",
    ),
    "static by constructor": ("static n", "", "class A { f() { ⟦this.constructor.n.push(1)⟧ } }"),
    "static, class in a variable": (
        "static n",
        "",
        "var A = class { static n = []; f() { ⟦A.n.push(1)⟧ } }",
    ),
    "static, esbuild's name": (
        "static n",
        "",
        "var A = class _A { static n = []; f() { ⟦_A.n.push(1)⟧ } }; ⟦A.n.push(2)⟧",
    ),
    "static private": (
        "static #n",
        "",
        "class A { static #n = []; static f() { ⟦A.#n.push(1)⟧ } }",
    ),
    "path": (
        "state",
        "a.list",
        "class A { f() { ⟦this.state.a.list.push(1)⟧; const { list } = this.state.a; ⟦list.push(2)⟧ } }",
    ),
    "by string": ("a", "", "class A { f() { ⟦this['a'].push(1)⟧ } }"),
    "nested": (
        "m",
        "",
        "class A { f(k, v) { ⟪this.m.get(k).push(v)⟫; const l = this.m.get(k) ?? []; ⟪l.push(v)⟫; ⟦this.m.set(k, l)⟧ } }",
    ),
    "optional": ("m", "", "class A { f() { ⟦this?.m?.push(1)⟧ } }"),
    "constructor function": (
        "m",
        "",
        "function A() { this.m = []; } A.prototype.add = function (x) { ⟦this.m.push(x)⟧ }; function B() { this.m.push(1) }",
    ),
    "minified": (
        "m",
        "",
        "var A=class{constructor(){this.m=[]}f(e){return this.n++,⟦this.m.push(e)⟧,this}}",
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_writes_to_fields_are_found_as_marked(name: str) -> None:
    field, path, source = FIELDS[name]
    static = field.startswith("static ")
    field = field.removeprefix("static ")
    snippet = marked(source)
    syntax = snippet.syntax()
    writes = syntax.field_writes(
        owner(syntax, "A"),
        field.removeprefix("#"),
        static=static,
        private=field.startswith("#"),
        path=tuple(path.split(".")) if path else (),
    )
    assert told(syntax, writes) == expected(syntax, snippet)


DECLARATIONS = {
    "field": ("a", False, "class A { b = 1; ⟦a⟧ = []; f() { this.a = [] } }"),
    "private field": ("#a", False, "class A { ⟦#a⟧ = []; }"),
    "static field": ("a", True, "class A { a = 1; static ⟦a⟧ = [] }"),
    "string": ("a", False, "class A { ⟦'a'⟧ = [] }"),
    "constructor": ("a", False, "class A { f() { this.b.a = 1 } constructor() { ⟦this.a⟧ = [] } }"),
    "static assignment": ("a", True, "class A { } ⟦A.a⟧ = new Map()"),
    "esbuild": ("a", False, "class A { constructor() { __publicField(this, ⟦'a'⟧, []) } }"),
    "esbuild, static": ("a", True, "class A { } __publicField(A, ⟦'a'⟧, new Map())"),
    "constructor function": ("a", False, "function A() { ⟦this.a⟧ = [] }"),
}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_fields_are_declared_as_marked(name: str) -> None:
    field, static, source = DECLARATIONS[name]
    snippet = marked(source)
    syntax = snippet.syntax()
    span = syntax.field_declaration(
        owner(syntax, "A"), field.removeprefix("#"), static=static, private=field.startswith("#")
    )
    assert span == snippet.certain[0]


def test_a_parameter_property_declares_a_field() -> None:
    snippet = marked(
        "class A { constructor(private readonly ⟦a⟧: Map<string, string>, b: string) {} }"
    )
    syntax = snippet.syntax("typescript")
    scope = owner(syntax, "A")
    assert syntax.field_declaration(scope, "a", static=False) == snippet.certain[0]
    assert syntax.field_declaration(scope, "b", static=False) is None


def test_a_field_in_typescript() -> None:
    snippet = marked(
        "abstract class A<T> { private a: T[] = []; add(x: T) { ⟦this.a!.push(x)⟧; ⟪(x as any).a.push(1)⟫ } }"
    )
    syntax = snippet.syntax("typescript")
    writes = syntax.field_writes(owner(syntax, "A"), "a", static=False)
    assert told(syntax, writes) == expected(syntax, snippet)


GLOBALS = {
    "globalThis": (
        "m",
        "",
        "⟦globalThis.m.push(1)⟧; ⟦global.m.push(2)⟧; ⟦self.m.push(3)⟧; ⟦window.m.push(4)⟧; ⟦globalThis['m'].push(5)⟧; other.m.push(6)",
    ),
    "bare": ("m", "", "m = []; function f() { ⟦m.push(1)⟧ } function g(m) { m.push(2) }"),
    "made on demand": (
        "m",
        "",
        "⟦(globalThis.m ??= []).push(1)⟧; const l = (globalThis.m ||= []); ⟦l.push(2)⟧",
    ),
    "string": ("m", "", "⟦globalThis.m += 'x'⟧; ⟦globalThis.m = globalThis.m + 'x'⟧"),
    "mixed names": ("m", "", "⟦globalThis.m = [...m, 1]⟧"),
    "alias of the global object": ("m", "", "const g = globalThis; ⟦g.m.push(1)⟧"),
    "shadowed global object": (
        "m",
        "",
        "function f(window) { window.m.push(1) } ⟦window.m.push(2)⟧",
    ),
    "path": (
        "state",
        "list",
        "globalThis.state = { list: [] }; ⟦globalThis.state.list.push(1)⟧; ⟦state.list.push(2)⟧",
    ),
    "this of a classic script": ("m", "", "⟦this.m.push(1)⟧; function f() { this.m.push(2) }"),
    "declared in TypeScript elsewhere": ("m", "", "⟦m.push(1)⟧"),
    "var of a classic script": ("m", "", "var m = []; function f() { ⟪m.push(1)⟫ }"),
    "module variable is no global": (
        "m",
        "",
        "export let m = []; m.push(1); ⟦globalThis.m.push(2)⟧",
    ),
}


@pytest.mark.parametrize("name", GLOBALS)
def test_writes_to_globals_are_found_as_marked(name: str) -> None:
    variable, path, source = GLOBALS[name]
    snippet = marked(source)
    syntax = snippet.syntax()
    writes = syntax.global_writes(variable, tuple(path.split(".")) if path else ())
    assert told(syntax, writes) == expected(syntax, snippet)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("javascript", "⟦globalThis.m⟧ ??= []; globalThis.m.push(1)"),
        ("javascript", "function f() { ⟦m⟧ = [] } m.push(1)"),
        ("javascript", "Object.defineProperty(globalThis, ⟦'m'⟧, { value: [] })"),
        ("javascript", "var ⟦m⟧ = []"),
        ("typescript", "declare global { var ⟦m⟧: string[] } export {}; m.push(1)"),
        ("typescript", "declare const ⟦m⟧: string[]; m.push(1)"),
    ],
)
def test_globals_are_declared_as_marked(language: str, source: str) -> None:
    snippet = marked(source)
    syntax = snippet.syntax(language)  # type: ignore[arg-type]
    assert list(syntax.global_declarations("m")) == snippet.certain


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.list", "const s = { list: 1, a: { ⟦list⟧: [] } }"),
        ("a.list", "const s = { a: { other: 1 } }; s.a.⟦list⟧ = []"),
        ("list", "const list = []; const s = { ⟦list⟧ }"),
        ("a.list", "const inner = { ⟦list⟧: [] }; const s = { a: inner }"),
        ("a.list", "const s = Object.create(null); s['a'].⟦list⟧ ??= []"),
        ("a", "const s = c ? { b: 1 } : { ⟦'a'⟧: 2 }"),
        ("a", "let s; s = { ⟦a⟧: [] }"),
        ("a", "const s = ({ ⟦a⟧: [] })"),
    ],
)
def test_properties_of_literals_are_found_as_marked(path: str, source: str) -> None:
    snippet = marked(source)
    syntax = snippet.syntax()
    span = syntax.object_literal_property(syntax.root.bindings["s"], tuple(path.split(".")))
    assert span == snippet.certain[0]


def test_an_unknown_property_has_no_declaration() -> None:
    syntax = marked("const s = { a: {} }; t.a.b = 1").syntax()
    assert syntax.object_literal_property(syntax.root.bindings["s"], ("a", "b")) is None


def test_fields_that_do_not_exist_have_no_writes_and_no_declaration() -> None:
    syntax = marked("class A { a = [] }").syntax()
    assert syntax.field_writes(owner(syntax, "A"), "zz", static=False) == ()
    assert syntax.field_declaration(owner(syntax, "A"), "zz", static=False) is None
    assert syntax.global_writes("zz") == ()
    assert syntax.global_declarations("zz") == ()


def test_the_slot_is_named_in_the_write() -> None:
    syntax = marked("class A { f() { this.a.b.push(1) } }").syntax()
    (write,) = syntax.field_writes(owner(syntax, "A"), "a", static=False, path=("b",))
    assert piece(syntax, write.target_span) == "this.a.b"
    assert write.function.name == "f"
