"""Which expressions make a variable's value grow, as marked in the snippets."""

# ruff: noqa: E501 - a snippet is easiest to read on one line

from __future__ import annotations

import pytest

from attribution.syntax.marked import binding, expected, marked, piece, told
from leakline.attribution.syntax.grammar import LanguageName

CASES = {
    # name: (variable, path, source)
    "string appended": ("s", "", 'let s = ""; function f() { ⟦s += "x"⟧; return s.length }'),
    "string rebuilt": ("s", "", 'let s = ""; f = () => { ⟦s = s + "x" + y⟧ }'),
    "string rebuilt from the right": ("s", "", 'let s = ""; f = () => { ⟦s = y + s⟧ }'),
    "template": ("s", "", "let s; ⟦s = `${s}${x}`⟧; t = `${s}`"),
    "template with prefix": ("s", "", "let s; ⟦s = `a${b}${s}`⟧"),
    "string concat": ("s", "", 'let s = ""; ⟦s = s.concat("x")⟧; s.concat("y")'),
    "conditional append": ("s", "", "let s = ''; ⟦s = c ? s + x : s⟧"),
    "append behind default": ("s", "", "let s; ⟦s = (s || '') + x⟧"),
    "numbers": ("n", "", "let n = 0; n += 1; n = n + 1; n++; n -= 2; n = 5 * n;"),
    "string cut": ("s", "", "let s = ''; s = (s + x).slice(-100); s = s.replace(a, b)"),
    "array push": ("a", "", "const a = []; a.length; ⟦a.push(1)⟧; ⟦a.unshift(...b)⟧; a.push()"),
    "array index": ("a", "", "const a = []; ⟦a[a.length] = 1⟧; ⟦a[i] = 1⟧; ⟪a[0] = 1⟫; b = a[i]"),
    "array spread": (
        "a",
        "",
        "let a = []; ⟦a = [...a, 1]⟧; ⟦a = [1, ...a]⟧; a = [...a]; b = [...a, 1]",
    ),
    "array concat": (
        "a",
        "",
        "let a = []; ⟦a = a.concat(b)⟧; ⟦a = b.concat(a)⟧; ⟦a = [].concat(a, b)⟧",
    ),
    "array bounded": ("a", "", "let a = []; a = [...a.slice(-99), x]; a = a.filter(f)"),
    "array splice": ("a", "", "let a = []; ⟦a.splice(0, 0, x)⟧; a.splice(0, 1)"),
    "buffer": ("a", "", "let a = Buffer.alloc(0); ⟦a = Buffer.concat([a, chunk])⟧"),
    "push applied": (
        "a",
        "",
        "let a = []; ⟦Array.prototype.push.apply(a, b)⟧; ⟦a.push.apply(a, b)⟧; ⟦[].push.call(a, 1)⟧; f.apply(a, b)",
    ),
    "map": (
        "m",
        "",
        "const m = new Map(); ⟦m.set(k, v)⟧; m.get(k); m.has(k); m.delete(k); m.clear()",
    ),
    "map chained": (
        "m",
        "",
        "const m = new Map(); ⟦⟦m.set(1, 2)⟧.set(3, 4)⟧; const n = ⟦m.set(5, 6)⟧; ⟦n.set(7, 8)⟧",
    ),
    "map rebuilt": ("m", "", "let m = new Map(); ⟦m = new Map([...m, [k, v]])⟧; m = new Map(m)"),
    "set": ("m", "", "const m = new Set(); ⟦m.add(v)⟧; ⟦m?.add(v)⟧"),
    "table": (
        "t",
        "",
        "const t = {}; ⟦t[k] = v⟧; ⟦t[`a${k}`] = v⟧; ⟪t.a = v⟫; ⟪t['b'] = v⟫; delete t[k]; t[k] = undefined",
    ),
    "table by default": ("t", "", "const t = {}; ⟦t[k] ??= []⟧; ⟪t.a ||= {}⟫"),
    "table of counts": ("t", "", "const t = {}; ⟦t[k] = (t[k] || 0) + 1⟧; t[k] += 1; t[k]++"),
    "table rebuilt": (
        "t",
        "",
        "let t = {}; ⟦t = {...t, [k]: v}⟧; ⟪t = {...t, a: v}⟫; ⟦t = {...t, ...u}⟧",
    ),
    "assign": ("t", "", "const t = {}; ⟦Object.assign(t, u)⟧; Object.assign(u, t); Object.keys(t)"),
    "assigned anew": ("t", "", "let t = {}; ⟦t = Object.assign({}, t, u)⟧"),
    "define": (
        "t",
        "",
        "const t = {}; ⟦Object.defineProperty(t, k, { value })⟧; ⟦Reflect.set(t, k, v)⟧",
    ),
    "listeners": (
        "e",
        "",
        "const e = new EventTarget(); ⟦e.addEventListener('x', f)⟧; ⟦e.on('x', f)⟧; ⟦e.once('x', f)⟧; e.off('x', f); e.emit('x')",
    ),
    "promise": ("p", "", "const p = new Promise(() => {}); ⟪p.then(f)⟫"),
    "linked list": ("h", "", "let h = null; ⟦h = { value, next: h }⟧"),
    "linked pairs": ("h", "", "let h; ⟦h = [v, h]⟧"),
    "linked by constructor": ("h", "", "let h; ⟪h = new Node(v, h)⟫; h = new Box(h)"),
    "tail": (
        "head",
        "",
        "let head = null, tail = null; function add(v) { const n = { v, next: null }; if (!head) head = tail = n; else { ⟪tail.next = n⟫; tail = n } }",
    ),
    "through a variable": ("a", "", "let a = []; const next = [...a, x]; ⟦a = next⟧"),
    "through a call": ("a", "", "let a = []; ⟪a = append(a, x)⟫; a = copy(a)"),
    "nested containers": (
        "m",
        "",
        "const m = new Map(); ⟪m.get(k).push(v)⟫; ⟪m.get(k)?.push(v)⟫; ⟪(m.get(k) ?? []).push(v)⟫; ⟪m[k].add(v)⟫; ⟪m.a.b.set(k, v)⟫; ⟪m.get(k)[j] = v⟫; ⟪m.a += 'x'⟫",
    ),
    "nested through a variable": (
        "m",
        "",
        "const m = new Map(); function f() { let l = m.get(k); if (!l) { ⟦m.set(k, l = [])⟧ } ⟪l.push(v)⟫ }",
    ),
    "nested by loop": (
        "m",
        "",
        "const m = []; for (const l of m) { ⟪l.push(v)⟫ } m.forEach(l => ⟪l.add(v)⟫); for (const k in m) k.push(1)",
    ),
    "array destructured": (
        "m",
        "",
        "const m = []; const [first, { list }] = m; ⟪first.push(1)⟫; ⟪list.push(1)⟫",
    ),
    "alias": (
        "c",
        "",
        "const c = []; function f() { const d = c; ⟦d.push(1)⟧; let e; e = d; ⟦e.push(2)⟧ }",
    ),
    "alias reassigned": ("c", "", "const c = ''; let d = c; d += 'x'; d = d + 'y'"),
    "alias behind default": ("c", "", "let c; const d = c ?? (c = []); ⟦d.push(1)⟧"),
    "other variable of this name": (
        "c",
        "",
        "const c = []; function f(c) { c.push(1) } { let c = []; c.push(2) }",
    ),
    "parameter": (
        "c",
        "",
        "const c = []; function add(list, v) { ⟪list.push(v)⟫ } add(c, 1); add(d, 2)",
    ),
    "second parameter": (
        "c",
        "",
        "const c = []; const add = (v, list = []) => ⟪list.push(v)⟫; add(1, c)",
    ),
    "parameter passed on": (
        "c",
        "",
        "const c = []; function a(x) { b(x) } function b({ y }) { ⟪y.push(0)⟫; } function b2(z) { ⟪z.add(1)⟫ } a(c); b2(c)",
    ),
    "called at once": (
        "c",
        "",
        "const c = []; (function (x) { ⟪x.push(1)⟫ })(c); ((x) => { ⟪x.push(2)⟫ })(c)",
    ),
    "constructor parameter": (
        "c",
        "",
        "const c = new Map(); class A { constructor(m) { this.m = m } f() { ⟪this.m.set(1, 2)⟫ } } new A(c)",
    ),
    "getter": (
        "c",
        "",
        "const c = new Map(); function get() { return c } ⟦get().set(1, 2)⟧; const d = get(); ⟦d.set(3, 4)⟧",
    ),
    "async getter": (
        "c",
        "",
        "const c = []; const get = async () => c; async function f() { ⟦(await get()).push(1)⟧ }",
    ),
    "recursive": ("c", "", "const c = []; function f(x) { f(x); ⟪x.push(1)⟫ } f(c)"),
    "source alias": ("c", "", "const made = new Map(); const c = made; ⟪made.set(1, 2)⟫"),
    "emptied": (
        "a",
        "",
        "let a = []; ⟦a.push(1)⟧; a.length = 0; a = []; a.pop(); a.shift(); function f() { a = null }",
    ),
    "set to another value": ("a", "", "let a = []; a = b; a = f()"),
    "used as an argument only": ("a", "", "let a = []; g(a); console.log(a); new Foo(a)"),
    "comma": ("e", "", 'var e="",t=[];function r(){return ⟦e+="x"⟧,t.push(1),e}'),
    "comma, the other": ("t", "", 'var e="",t=[];function r(){return e+="x",⟦t.push(1)⟧,e}'),
    "minified with logic": (
        "t",
        "",
        "let t=new Map;const n=e=>(t.has(e)||⟦t.set(e,[])⟧,⟪t.get(e).push(1)⟫)",
    ),
    "esbuild": (
        "cache",
        "",
        'var cache = /* @__PURE__ */ new Map();\nfunction remember(k) {\n  ⟦cache.set(k, "v")⟧;\n}\n__name(remember, "remember");\nexport { cache as default };',
    ),
    "statement on several lines": (
        "m",
        "",
        "const m = new Map();\n⟦m\n  .set(\n    'k', // why\n    1,\n  )⟧;",
    ),
    "comments within": (
        "a",
        "",
        "let a; /* x */ ⟦a /* y */ . /* z */ push(/* w */ 1)⟧; f(/* q */ a)",
    ),
    "labelled loop": (
        "a",
        "",
        "const a = []; outer: for (;;) { for (;;) { ⟦a.push(1)⟧; continue outer } }",
    ),
    "generator": ("a", "", "const a = []; function* g() { ⟦a.push(yield 1)⟧ }"),
    "astral text": ("a", "", "const a = []; '😀𝒳'; ⟦a.push('😀')⟧; '𝒳'; ⟦a.push(2)⟧"),
    "name with an escape": ("abc", "", r"const \u0061bc = []; ⟦abc.push(1)⟧; ⟦\u{61}bc.push(2)⟧"),
    "right-to-left name": ("مخزن", "", "const مخزن = []; ⟦مخزن.push(1)⟧"),
    "name of a prototype": ("__proto__", "", "var __proto__ = []; ⟦__proto__.push(1)⟧"),
    # paths
    "path": (
        "s",
        "a.list",
        "const s = { a: { list: [] } }; ⟦s.a.list.push(1)⟧; s.a.other.push(2); s.list.push(3)",
    ),
    "path by string": ("s", "list", "const s = { list: [] }; ⟦s['list'].push(1)⟧; ⟪s[k].push(2)⟫"),
    "path destructured": (
        "s",
        "a.list",
        "const s = {}; const { a: { list: l = [] }, b } = s; ⟦l.push(1)⟧; b.push(2)",
    ),
    "path destructured in a parameter": (
        "s",
        "list",
        "const s = {}; function f({ list }) { ⟪list.push(1)⟫ } f(s)",
    ),
    "path by rest": (
        "s",
        "list",
        "const s = {}; const { other, ...rest } = s; ⟦rest.list.push(1)⟧; other.push(2)",
    ),
    "path of an alias": (
        "s",
        "list",
        "const s = {}; const { list } = s; const t = list; ⟦t.push(1)⟧",
    ),
    "path string": (
        "s",
        "log",
        "const s = { log: '' }; ⟦s.log += 'x'⟧; ⟦s.log = s.log + 'y'⟧; ⟦s['log'] = `${s.log}z`⟧",
    ),
    "path rebuilt with its holder": (
        "s",
        "a.list",
        "let s = {}; ⟦s = { ...s, a: { ...s.a, list: [...s.a.list, x] } }⟧; ⟦s.a = { list: s.a.list.concat(x) }⟧; s.b = [...s.a.list, x]",
    ),
    "path to a shared variable": (
        "s",
        "list",
        "const list = []; const s = { list }; ⟪list.push(1)⟫; ⟦s.list.push(2)⟧",
    ),
    "path in a method": (
        "s",
        "items",
        "const s = { items: [], add(x) { ⟦this.items.push(x)⟧ }, get: () => this.items.push(1) }",
    ),
    "path in an instance": (
        "s",
        "items",
        "class Store { items = []; add(x) { ⟪this.items.push(x)⟫ } } const s = new Store(); s.add(1); ⟦s.items.push(2)⟧",
    ),
    "path of a static field": (
        "R",
        "windows",
        "class R { static windows = new Map(); hit(k) { ⟦R.windows.set(k, 1)⟧ } static g(k) { ⟦this.windows.set(k, 2)⟧ } }",
    ),
    "path linked list": ("s", "head", "const s = { head: null }; ⟦s.head = { v, next: s.head }⟧"),
    "path shrunk": (
        "s",
        "list",
        "const s = {}; s.list = []; s.list.length = 0; s.list.shift(); s.other = []",
    ),
    "path by logical assignment": ("s", "list", "const s = {}; ⟦(s.list ??= []).push(1)⟧"),
    "bound": ("x", "", "const x = []; const push = x.push.bind(x); function f() { ⟦push(1)⟧; }"),
    "bound and only read": ("x", "", "const x = []; const has = x.includes.bind(x); has(1)"),
    "reducer": (
        "s",
        "byId",
        "let s = {}; const f = (t, a) => ({ ...t, byId: ⟪{ ...t.byId, [a.id]: a }⟫ }); s = f(s, 1)",
    ),
    "parenthesized": ("s", "a", "const s = {}; ⟦((s).a).push(1)⟧"),
}


@pytest.mark.parametrize("name", CASES)
def test_growth_is_found_as_marked(name: str) -> None:
    variable, path, source = CASES[name]
    snippet = marked(source)
    syntax = snippet.syntax()
    slot = binding(syntax, variable)
    steps = tuple(path.split(".")) if path else ()
    assert told(syntax, syntax.growth_writes(slot, steps)) == expected(syntax, snippet)


TYPESCRIPT = {
    "non-null": (
        "x",
        "let x: string[] | undefined; ⟦x!.push('a')⟧; ⟦(x as string[]).push('b')⟧",
    ),
    "satisfies": ("x", "const x = {} satisfies Table; ⟦(x satisfies Table)[k] = 1⟧"),
    "generic": (
        "x",
        "const x = new Map<string, Set<number>>(); ⟦x.set(k, new Set<number>())⟧; ⟪x.get(k)!.add(1)⟫",
    ),
    "typed append": ("x", "let x: string = ''; function f(a: string): void { ⟦x = x + a⟧ }"),
    "type of the same name": (
        "x",
        "interface x { push(): void } type y = x; const x: x[] = []; ⟦x.push(1)⟧",
    ),
    "typed parameter": (
        "x",
        "const x: string[] = []; function f(this: Foo, l: string[], v?: string): void { ⟪l.push(v!)⟫ } f(x, 'a')",
    ),
    "in a namespace": (
        "x",
        "namespace N { export const x: number[] = []; export function f() { ⟦x.push(1)⟧ } }",
    ),
    "enum member apart": ("x", "enum E { x = 1 } const x = []; ⟦x.push(E.x)⟧"),
}


@pytest.mark.parametrize("name", TYPESCRIPT)
@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_growth_is_found_in_typescript(name: str, language: LanguageName) -> None:
    variable, source = TYPESCRIPT[name]
    snippet = marked(source)
    syntax = snippet.syntax(language)
    writes = syntax.growth_writes(binding(syntax, variable))
    assert told(syntax, writes) == expected(syntax, snippet)


def test_growth_is_found_behind_an_assertion_by_angle_brackets() -> None:
    snippet = marked("let x: unknown; ⟦(<string[]>x).push('c')⟧")
    syntax = snippet.syntax("typescript")
    assert told(syntax, syntax.growth_writes(binding(syntax, "x"))) == expected(syntax, snippet)


def test_growth_is_found_in_tsx() -> None:
    snippet = marked(
        "const x: string[] = []; const Row = () => <div onClick={() => ⟦x.push('a')⟧}>{x}</div>"
    )
    syntax = snippet.syntax("tsx")
    assert told(syntax, syntax.growth_writes(binding(syntax, "x"))) == expected(syntax, snippet)


def test_each_write_tells_kind_target_function_and_hops() -> None:
    syntax = marked("const c = []; function f() { const d = c; d.push(1) }").syntax()
    (write,) = syntax.growth_writes(binding(syntax, "c"))
    assert write.kind == "push"
    assert piece(syntax, write.target_span) == "d"
    assert write.function.name == "f"
    assert [piece(syntax, hop) for hop in write.via] == ["d = c"]


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("append", "let x; x += y"),
        ("append", "let x; x = x + y"),
        ("push", "let x; x.push(1)"),
        ("splice", "let x; x.splice(0, 0, 1)"),
        ("set", "let x; x.set(1, 2)"),
        ("add", "let x; x.add(1)"),
        ("concat", "let x; x = x.concat(y)"),
        ("rebuild", "let x; x = [...x, y]"),
        ("link", "let x; x = { next: x }"),
        ("assign element", "let x; x[k] = 1"),
        ("assign property", "let x; x.k = 1"),
        ("listener", "let x; x.on('a', f)"),
        ("nested", "let x; x.get(k).push(1)"),
    ],
)
def test_kinds(kind: str, source: str) -> None:
    syntax = marked(source).syntax()
    assert [w.kind for w in syntax.growth_writes(binding(syntax, "x"))] == [kind]


def test_certain_writes_come_first_then_source_order() -> None:
    syntax = marked("let x; x.get(1).push(2); x.a = 1; x.push(1); x.add(2)").syntax()
    writes = syntax.growth_writes(binding(syntax, "x"))
    assert [piece(syntax, w.span) for w in writes] == [
        "x.push(1)",
        "x.add(2)",
        "x.a = 1",
        "x.get(1).push(2)",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "const x = []; function f() { ⟦x.push(1)⟧; y. } ⟦x.push(2)⟧;",
        "const x = []; function f() { if ( ) { ⟦x.push(1)⟧ } } ⟦x.push(2)⟧",
        "const x = []; function f() { ⟦x.push(1)⟧; ",
        "const x = []; ⟦x.push(1)⟧; let = 5 5; )) ⟦x.push(2)⟧; class { ; const z = 'abc",
    ],
)
def test_broken_code_still_yields_its_writes(source: str) -> None:
    snippet = marked(source)
    syntax = snippet.syntax()
    assert told(syntax, syntax.growth_writes(binding(syntax, "x"))) == expected(syntax, snippet)
