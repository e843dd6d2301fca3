// DevTools computes dominators in a second worker; here that is a thread of Node's.
import { workerData } from "node:worker_threads";
import { SecondaryInitManager } from "chrome-devtools-frontend/front_end/entrypoints/heap_snapshot_worker/HeapSnapshot.js";

new SecondaryInitManager(workerData.port);
