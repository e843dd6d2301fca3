// Loads a snapshot, plain or .gz, as Chrome DevTools does: the object that its panels ask.
import { createReadStream } from "node:fs";
import { pathToFileURL } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { createGunzip } from "node:zlib";
import { bundle } from "./build.mjs";

const { main, second } = await bundle();
const { HeapSnapshotLoader } = await import(pathToFileURL(main));

export async function load(file) {
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  let stream = createReadStream(file, { highWaterMark: 1 << 22 });
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
