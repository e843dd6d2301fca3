// Runs MemLab's find-leaks on three snapshots and writes its leak traces as JSON.
//
//     node memlab.mjs BASELINE TARGET FINAL OUTPUT [--trace-all-objects]
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { findLeaksBySnapshotFilePaths } = require("@memlab/api");
const { config } = require("@memlab/core");

const [baseline, target, final, output, mode] = process.argv.slice(2);
if (mode === "--trace-all-objects") {
  // What the command line's --trace-all-objects sets.
  config.oversizeObjectAsLeak = true;
  config.oversizeThreshold = 0;
}
const workDir = mkdtempSync(join(tmpdir(), "memlab-"));
try {
  const leaks = await findLeaksBySnapshotFilePaths(baseline, target, final, { workDir });
  writeFileSync(output, JSON.stringify(leaks));
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
process.exit(0);
