// Runs MemLab's find-leaks on three snapshots and prints its leak traces as JSON.
//
//     node memlab.mjs BASELINE TARGET FINAL [--trace-all-objects]
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { findLeaksBySnapshotFilePaths } = require("@memlab/api");
const { config } = require("@memlab/core");

const [baseline, target, final, mode] = process.argv.slice(2);
if (mode === "--trace-all-objects") {
  // What the command line's --trace-all-objects sets.
  config.oversizeObjectAsLeak = true;
  config.oversizeThreshold = 0;
}
const workDir = mkdtempSync(join(tmpdir(), "memlab-"));
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true; // its progress bar
try {
  const leaks = await findLeaksBySnapshotFilePaths(baseline, target, final, { workDir });
  print(JSON.stringify(leaks));
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
process.exit(0);
