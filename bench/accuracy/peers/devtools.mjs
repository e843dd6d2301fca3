// What Chrome DevTools' comparison view says of two snapshots, by DevTools' own worker.
//
//     node devtools.mjs BASELINE FINAL NAME…
//
// Prints JSON: the constructors that grew, most bytes first, and in which of these rows (from 1)
// the shortest way from its first new object up to the root has an edge with one of the names: that is
// what a user sees who opens the row, picks the first object and unfolds its retainers.
import { load } from "../../devtools_worker/load.mjs";

const LONGEST_WAY = 100;

const [baseline, final, ...names] = process.argv.slice(2);

function edgesUpwards(snapshot, index) {
  const found = [];
  let node = snapshot.createNode(index);
  for (let step = 0; step < LONGEST_WAY; step++) {
    let nearest = null;
    for (let it = node.retainers(); it.hasNext(); it.next()) {
      const retainer = it.item().clone();
      const distance = retainer.node().distance();
      if (nearest === null || distance < nearest.distance) nearest = { retainer, distance };
    }
    if (nearest === null || nearest.distance >= node.distance()) break;
    found.push(nearest.retainer.name());
    node = snapshot.createNode(nearest.retainer.nodeIndex());
  }
  return found;
}

const before = await load(baseline);
const after = await load(final);
const aggregates = before.aggregatesForDiff(after.interfaceDefinitions());
const rows = Object.values(after.calculateSnapshotDiff("baseline", aggregates))
  .filter((row) => row.sizeDelta > 0)
  .sort((a, b) => b.sizeDelta - a.sizeDelta);
const at = rows.findIndex((row) =>
  edgesUpwards(after, row.addedIndexes[0]).some((edge) => names.includes(edge)),
);
process.stdout.write(
  JSON.stringify({ rows: rows.map((row) => row.name), named: at < 0 ? null : at + 1 }),
);
process.exit(0);
