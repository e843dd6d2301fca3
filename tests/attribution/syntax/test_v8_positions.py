"""Our idea of where a function starts against V8's, in a snapshot that Node writes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from leakline.attribution.syntax import Scope, ScriptSyntax, analyze_script
from leakline.positions import Position
from support.runtimes import require_node

# Each property of `kept` is a function, or an instance of a class, made at another kind of place.
SOURCE = """\
const kept = globalThis.keptForTheTest = {}; '😀';
function declaration  (a) { return a }
async   function   asyncDeclaration  (a) { return a }
function *  generator (a) { yield a }
const expression = function (a) { return a };
const named = function inner (a) { return a };
const arrow = (a, b) => a;
const bare = a => a;
const asyncArrow = async (a) => a;
const asyncBare = (async a => a);
class Own { constructor  (x) { this.x = x } method (a) {} static  fixed (b) {}
  get  got () { return 1 } async  later () {} * many () {} ['comp' + 1] (q) {}
  #secret (z) {} secret() { return this.#secret } field = (p) => p
  static { kept.inBlock = () => 1 } }
class Plain { m() {} }
class Sub extends Plain { y = 1 }
const Expression = class { z() {} };
const o = { method (a) {}, f: function (a) {}, get  got () { return 1 }, "text" () {}, 3 () {} };\r\
// a carriage return and a line separator end lines too\u2028const after = () => 1;
const got = (holder) => Object.getOwnPropertyDescriptor(holder, 'got').get;
Object.assign(kept, {
  declaration, asyncDeclaration, generator, expression, named, arrow, bare, asyncArrow,
  asyncBare, Own, Plain, Sub, Expression, after,
  method: Own.prototype.method, fixed: Own.fixed, got: got(Own.prototype),
  later: Own.prototype.later, many: Own.prototype.many, comp: Own.prototype.comp1,
  secret: new Own().secret(), field: new Own().field, objectMethod: o.method, objectF: o.f,
  objectGot: got(o), objectText: o.text, object3: o[3],
  own: new Own(), sub: new Sub(),
});
require('node:v8').writeHeapSnapshot(process.argv[2]);
"""

NAMES = {
    "declaration": "declaration",
    "asyncDeclaration": "asyncDeclaration",
    "generator": "generator",
    "expression": "expression",
    "named": "inner",
    "arrow": "arrow",
    "bare": "bare",
    "asyncArrow": "asyncArrow",
    "asyncBare": "asyncBare",
    "Own": "constructor",
    "Plain": "Plain",
    "Sub": "Sub",
    "Expression": "Expression",
    "after": "after",
    "method": "method",
    "fixed": "fixed",
    "got": "got",
    "later": "later",
    "many": "many",
    "comp": "",
    "secret": "#secret",
    "field": "field",
    "inBlock": "inBlock",
    "objectMethod": "method",
    "objectF": "f",
    "objectGot": "got",
    "objectText": "text",
    "object3": "3",
    "own": "constructor",
    "sub": "Sub",
}


@pytest.fixture(scope="module")
def locations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Position]:
    """Where V8 locates each property of `kept`."""
    folder: Path = tmp_path_factory.mktemp("positions")
    script, output = folder / "script.cjs", folder / "it.heapsnapshot"
    script.write_bytes(SOURCE.encode())
    subprocess.run([require_node(), script, output], check=True, timeout=60, cwd=folder)
    snapshot = json.loads(output.read_bytes())
    meta, strings = snapshot["snapshot"]["meta"], snapshot["strings"]
    fields = meta["node_fields"]
    stride = len(fields)
    nodes, edges = snapshot["nodes"], snapshot["edges"]
    counts = nodes[fields.index("edge_count") :: stride]
    edges_of: list[list[tuple[str, int]]] = []
    at = 0
    property_type = meta["edge_types"][0].index("property")
    for count in counts:
        part = edges[3 * at : 3 * (at + count)]
        edges_of.append(
            [
                (strings[part[i + 1]], part[i + 2] // stride)
                for i in range(0, len(part), 3)
                if part[i] == property_type
            ]
        )
        at += count
    holder = next(to for part in edges_of for name, to in part if name == "keptForTheTest")
    kept = {to: name for name, to in edges_of[holder] if name in NAMES}
    location_fields = meta["location_fields"]
    width = len(location_fields)
    line, column = location_fields.index("line"), location_fields.index("column")
    raw = snapshot["locations"]
    return {
        kept[raw[i] // stride]: Position(raw[i + line], raw[i + column])
        for i in range(0, len(raw), width)
        if raw[i] // stride in kept
    }


@pytest.fixture(scope="module")
def syntax() -> ScriptSyntax:
    return analyze_script(SOURCE)


@pytest.mark.parametrize("kept", NAMES)
def test_the_function_is_found_where_v8_locates_it(
    kept: str, locations: dict[str, Position], syntax: ScriptSyntax
) -> None:
    scope = syntax.function_at(locations[kept])
    assert isinstance(scope, Scope)
    assert scope.name == NAMES[kept]
    assert scope.function_start == locations[kept]


@pytest.mark.parametrize(("kept", "name"), [("own", "Own"), ("sub", "Sub")])
def test_the_class_is_found_where_v8_locates_its_instances(
    kept: str, name: str, locations: dict[str, Position], syntax: ScriptSyntax
) -> None:
    scope = syntax.class_at(locations[kept])
    assert scope is not None
    assert scope.name == name
