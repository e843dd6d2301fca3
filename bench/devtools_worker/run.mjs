// Loads a snapshot as Chrome DevTools does and writes what its Memory panel would show.
//
//   node run.mjs FILE             class aggregates as JSON on stdout
//   node run.mjs FILE --dump DIR  also every node's sizes, distance and dominator, as raw columns
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "./load.mjs";

const [file, flag, directory] = process.argv.slice(2);
const snapshot = await load(file);
const aggregates = snapshot.getAggregatesByClassKey(false, "allObjects");
const classes = Object.entries(aggregates).map(([key, it]) => ({
  key,
  name: it.name,
  count: it.count,
  shallow: it.self,
  retained: it.maxRet,
  distance: it.distance,
}));

if (flag === "--dump") {
  mkdirSync(directory, { recursive: true });
  const count = snapshot.nodeCount;
  const shallow = new Float64Array(count);
  const classIndex = new Int32Array(count);
  const detachedness = new Uint8Array(count);
  const names = new Map();
  const node = snapshot.createNode(0);
  for (let i = 0; i < count; i++) {
    node.nodeIndex = i * snapshot.nodeFieldCount;
    shallow[i] = node.selfSize();
    detachedness[i] = node.detachedness();
    const name = node.className();
    if (!names.has(name)) names.set(name, names.size);
    classIndex[i] = names.get(name);
  }
  const write = (name, column) => writeFileSync(join(directory, name), column);
  write("shallow.f64", shallow);
  write("class.i32", classIndex);
  write("detachedness.u8", detachedness);
  write("retained.f64", snapshot.retainedSizes);
  write("distance.i32", snapshot.nodeDistances);
  write("dominator.u32", snapshot.dominatorsTree);
  write("classes.json", JSON.stringify({ names: [...names.keys()], classes }));
  write("statistics.json", JSON.stringify(snapshot.getStatistics()));
} else {
  classes.sort((a, b) => b.retained - a.retained);
  process.stdout.write(JSON.stringify({ nodes: snapshot.nodeCount, classes: classes.slice(0, 50) }) + "\n");
}
