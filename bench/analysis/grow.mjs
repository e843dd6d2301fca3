// A server's heap of about 100 MB of snapshot that leaks, and three snapshots of it.
//
//   node grow.mjs DIRECTORY MEGABYTES
import { writeHeapSnapshot } from "node:v8";

const [directory, megabytes] = process.argv.slice(2);
const ROUND = 100;

class Session {
  constructor(id) {
    this.id = `session-${id}`;
    this.points = [{ x: { value: id } }, { y: { value: 1 } }];
    this.attributes = new Map([[`a${id}`, {}], [`b${id}`, []]]);
  }
}

const table = new Map();
const handlers = [];
for (let i = 0; i < megabytes * 850; i++) {
  table.set(`key ${i}`, new Session(i));
  if (i % 4 === 0) handlers.push(() => table.get(`key ${i}`));
}

const log = [];
const state = { analytics: { timeline: [] } };

function handle(number) {
  log.push({ number, at: new Date(), tags: ["a", `request ${number}`] });
  if (number % 2) state.analytics.timeline.push({ number, who: new Session(number) });
  return handlers[number % handlers.length]().id;
}

let served = 0;
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < ROUND; i++) handle(served++);
  await new Promise((resolve) => setTimeout(resolve));
  writeHeapSnapshot(`${directory}/${round}.heapsnapshot`);
}
