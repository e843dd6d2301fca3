// Opens snapshots and a recording in the explorer's real page and prints what was seen, as JSON.
//
//   node run.mjs --work DIR --screenshots DIR --chromium FILE --server COMMAND (a JSON list)
//                --recording DIR… SNAPSHOT…
//
// Of the first recording all is read, of the others the growth.
import { mkdir, open } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

import { badFiles, cancelLoading, cancelView, slowServer } from "./failing.mjs";
import { Host } from "./host.mjs";
import { useKeyboardOnly } from "./keyboard.mjs";
import { readGrowth, readRecording } from "./recording.mjs";
import { LanguageServer } from "./server.mjs";
import { Explorer } from "./story.mjs";

const runtimes = path.resolve(import.meta.dirname, "../../runtimes");
const { chromium } = createRequire(path.join(runtimes, "package.json"))("playwright-core");
const THEMES = ["dark", "light", "hc-dark", "hc-light"];
const TABS = ["Statistics", "Summary", "Comparison", "Containment", "Dominators"];

const { values: options, positionals: snapshots } = parseArgs({
  allowPositionals: true,
  options: {
    work: { type: "string" },
    screenshots: { type: "string" },
    chromium: { type: "string" },
    server: { type: "string" },
    recording: { type: "string", multiple: true },
  },
});
const cleanUp = [];

async function run() {
  await mkdir(options.screenshots, { recursive: true });
  const log = await open(path.join(options.work, "server.log"), "w");
  cleanUp.push(() => log.close());
  const server = new LanguageServer(JSON.parse(options.server), options.work, log.fd);
  cleanUp.push(() => server.stop());
  await server.start();
  const host = new Host(path.join(options.work, "bundle"), server);
  await host.start();
  cleanUp.push(() => host.stop());
  const browser = await chromium.launch({ executablePath: options.chromium, args: ["--no-sandbox"] });
  cleanUp.push(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 } });

  const { oneSubject } = host.parts.subject;
  const seen = { snapshots: {}, faults: {} };
  const look = async (name, subject, use) => {
    const page = await host.open(context, subject, "dark");
    const explorer = new Explorer(page, options.screenshots);
    try {
      return await use(explorer);
    } catch (error) {
      await explorer.shoot(`${name}-failed`);
      throw error;
    } finally {
      await page.close();
    }
  };
  for (const file of snapshots) {
    const name = path.basename(file).split(".")[0];
    await look(name, oneSubject(file), async (explorer) => {
      await explorer.view.ready();
      seen.snapshots[file] = await explorer.readAll();
      const first = file === snapshots[0];
      const themes = first ? THEMES : THEMES.slice(0, 3);
      Object.assign(seen.faults, await explorer.inspect(themes, name, TABS, { pictures: first }));
    });
  }
  const [first, ...others] = options.recording;
  seen.recording = await look("recording", oneSubject(first), async (explorer) => {
    await explorer.view.ready();
    const read = await readRecording(explorer, host);
    const tabs = ["Comparison", "Growth"];
    Object.assign(seen.faults, await explorer.inspect(THEMES, "recording", tabs, { pictures: true }));
    return read;
  });
  seen.growth = { [first]: seen.recording.growth };
  for (const recording of others) {
    seen.growth[recording] = await look("growth", oneSubject(recording), readGrowth);
  }
  const [one, other] = [snapshots.at(-1), snapshots[0]];
  const pair = host.parts.subject.pairSubject(one, other);
  seen.pair = await look("pair", pair, async (explorer) => ({
    older: one,
    newer: other,
    comparison: await explorer.comparison(),
  }));
  seen.keyboard = await look("keyboard", oneSubject(first), (explorer) =>
    useKeyboardOnly(explorer, host),
  );
  seen.failing = await badFiles(look, oneSubject, options.work);
  host.server = slowServer(server, "load", "working out retained sizes");
  seen.cancelled = await look("cancelled", oneSubject(snapshots[0]), cancelLoading);
  host.server = slowServer(server, "growth", "looking for what grows");
  seen.cancelledGrowth = await look("cancelled-growth", oneSubject(first), (explorer) =>
    cancelView(explorer, "Growth", "Looking for what grows…", "Analyse it", ".card"),
  );
  host.server = slowServer(server, "compare", "comparing");
  const row = '[aria-label="What came and what went, by constructor"] .body > .row .class';
  seen.cancelledComparison = await look("cancelled-comparison", oneSubject(first), (explorer) =>
    cancelView(explorer, "Comparison", "Comparing…", "Compare them", row),
  );
  seen.complaints = host.complaints;
  return seen;
}

async function endAll() {
  for (const step of cleanUp.splice(0).reverse()) {
    await step().catch(() => undefined);
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void endAll().then(() => process.exit(1)));
}

try {
  console.log(JSON.stringify(await run()));
} finally {
  await endAll();
}
