// Compares two snapshots as Chrome DevTools does and writes the difference by class as JSON.
//
//   (cd bench && npm ci --ignore-scripts)
//   node bench/heap/comparison.mjs OLDER NEWER > tests/heap/comparison.json
//
// The figures in tests/heap/comparison.json are those of server/leakline/cli/demo/0 and 3.
import { createReadStream } from "node:fs";
import { pathToFileURL } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { createGunzip } from "node:zlib";
import { bundle } from "../devtools_worker/build.mjs";

const { main, second } = await bundle();
const { HeapSnapshotLoader } = await import(pathToFileURL(main));

async function load(file) {
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  let stream = createReadStream(file);
  if (file.endsWith(".gz")) stream = stream.pipe(createGunzip());
  stream.setEncoding("utf8");
  for await (const chunk of stream) loader.write(chunk);
  loader.close();
  await loader.parsingComplete;
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(second, { workerData: { port: port2 }, transferList: [port2] });
  const snapshot = await loader.buildSnapshot(port1);
  await worker.terminate();
  port1.close();
  return snapshot;
}

const [older, newer] = [await load(process.argv[2]), await load(process.argv[3])];
const base = older.aggregatesForDiff(newer.interfaceDefinitions());
const found = {};
for (const [key, diff] of Object.entries(newer.calculateSnapshotDiff(1, base))) {
  found[key] = [diff.addedCount, diff.removedCount, diff.addedSize, diff.removedSize];
}
const keys = Object.keys(found).sort();
process.stdout.write("{\n" + keys.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(found[key])}`).join(",\n") + "\n}\n");
process.exit(0);
