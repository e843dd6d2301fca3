// Fills a heap with a mix of shapes and writes its snapshot.
//
//   node grow.cjs FILE SCALE            about SCALE megabytes of snapshot
//   node grow.cjs FILE SCALE typescript the same from the TypeScript compiler's own heap
const v8 = require("node:v8");

const [file, scale, shape = "mixed"] = process.argv.slice(2);
const kept = [];

class Point {
  constructor(x, y) {
    this.x = { value: x };
    this.y = { value: y };
  }
}
class Session {
  constructor(id) {
    this.id = "session-" + id;
    this.points = [new Point(id, 1), new Point(id, 2)];
    this.attributes = new Map([["a" + id, {}], ["b" + id, []]]);
  }
}

// One round is about 100 kB of snapshot.
function mixed(round) {
  for (let i = 0; i < 60; i++) kept.push(new Session(round * 60 + i));
  const weak = new WeakMap();
  for (let i = 0; i < 8; i++) {
    const key = { round, i };
    weak.set(key, { of: key });
    kept.push(key);
  }
  const captured = { round };
  for (let i = 0; i < 60; i++) kept.push(() => captured, { plain: i, next: captured });
  for (let i = 0; i < 20; i++) kept.push(`short ${round} ${i}`, "long ".repeat(40) + round + i);
  for (let i = 0; i < 4; i++) kept.push(new Uint8Array(64), new Float64Array(8));
  kept.push(new Set(kept.slice(-20)), weak);
  let list = null;
  for (let i = 0; i < 250; i++) list = { next: list, value: i };
  kept.push(list);
}

// A list of a million at most, since some tools never end on one.
function longList(megabytes) {
  let at = {};
  kept.push(at);
  for (let i = 0; i < Math.min(1e6, megabytes * 1000); i++) at = at.next = { i };
}

function typescript() {
  const ts = require("typescript");
  const options = { target: ts.ScriptTarget.ESNext, skipLibCheck: false, types: [] };
  const program = ts.createProgram([require.resolve("typescript/lib/typescript.d.ts")], options);
  program.getSemanticDiagnostics();
  // A stack out of that script lets V8 note where its lines begin; else it takes minutes to look
  // up the places of all closures.
  try {
    ts.createSourceFile("", { get length() { throw new Error(); } });
  } catch (error) {
    void error.stack;
  }
  kept.push(program);
}

if (shape === "typescript") {
  // One program is about 150 MB of snapshot.
  for (let i = 0; i < Math.max(1, Math.round(scale / 150)); i++) typescript();
} else {
  for (let round = 0; round < scale * 7; round++) mixed(round);
  longList(scale);
}
globalThis.kept = kept;
v8.writeHeapSnapshot(file);
