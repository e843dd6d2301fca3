// Compares two snapshots as Chrome DevTools does and writes the difference by class as JSON.
//
//   (cd bench && npm ci --ignore-scripts)
//   node bench/heap/comparison.mjs OLDER NEWER > tests/heap/comparison.json
//
// The figures in tests/heap/comparison.json are those of server/leakline/cli/demo/0 and 3.
import { load } from "../devtools_worker/load.mjs";

const [older, newer] = [await load(process.argv[2]), await load(process.argv[3])];
const base = older.aggregatesForDiff(newer.interfaceDefinitions());
const found = {};
for (const [key, diff] of Object.entries(newer.calculateSnapshotDiff(1, base))) {
  found[key] = [diff.addedCount, diff.removedCount, diff.addedSize, diff.removedSize];
}
const keys = Object.keys(found).sort();
process.stdout.write("{\n" + keys.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(found[key])}`).join(",\n") + "\n}\n");
process.exit(0);
