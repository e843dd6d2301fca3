// What DevTools' worker needs to load a snapshot outside the browser.
import { HeapSnapshotLoader } from "chrome-devtools-frontend/front_end/entrypoints/heap_snapshot_worker/HeapSnapshotLoader.js";
import { SecondaryInitManager } from "chrome-devtools-frontend/front_end/entrypoints/heap_snapshot_worker/HeapSnapshot.js";

export { HeapSnapshotLoader, SecondaryInitManager };
