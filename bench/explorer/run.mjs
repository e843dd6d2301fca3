// Opens one large snapshot in the heap explorer's real page and prints what each step took.
//
//   python bench/heap/run.py --sizes 500 --no-typescript --repeat 1     makes the file
//   node bench/explorer/run.mjs bench/heap/build/mixed-500.heapsnapshot [PYTHON]
//
// Node 22 or newer; Chromium and playwright-core as for the tests (`make runtimes`).
import { execFileSync } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";

import { ExplorerPage } from "../../tests/explorer/browser/explorer_page.mjs";
import { Host, setTheme } from "../../tests/explorer/browser/host.mjs";
import { LanguageServer } from "../../tests/explorer/browser/server.mjs";

const repository = path.resolve(import.meta.dirname, "../..");
const [file, python = path.join(repository, ".venv/bin/python")] = process.argv.slice(2);
const { chromium } = createRequire(path.join(repository, "tests/runtimes/package.json"))(
  "playwright-core",
);
const PING_MS = 20;

const work = await mkdtemp(path.join(tmpdir(), "leakline-explorer-"));
console.log(`load average ${loadavg()[0].toFixed(1)}`);
const log = await open(path.join(work, "server.log"), "w");
const command = [python, "-c", "from leakline.cli import main; main()", "lsp"];
const server = new LanguageServer(command, work, log.fd);
const cleanUp = [() => rm(work, { recursive: true }), () => log.close(), () => server.stop()];

try {
  await server.start();
  const host = new Host(path.join(work, "bundle"), server);
  await host.start();
  cleanUp.push(() => host.stop());
  const browser = await chromium.launch({
    executablePath: execFileSync("which", ["chromium"], { encoding: "utf8" }).trim(),
    args: ["--no-sandbox"],
  });
  cleanUp.push(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 } });

  const pings = pinging();
  let begun = performance.now();
  const step = (name) => {
    const now = performance.now();
    console.log(`${name.padEnd(44)} ${((now - begun) / 1000).toFixed(2).padStart(8)} s`);
    begun = performance.now();
  };
  const page = await host.open(context, host.parts.subject.oneSubject(path.resolve(file)), "dark");
  page.setDefaultTimeout(600_000);
  const view = new ExplorerPage(page);
  await view.ready();
  await page.locator(".legend table").waitFor();
  step("opened: read, worked out, statistics shown");
  await view.show("Summary");
  const summary = view.grid("Objects by constructor");
  await view.settled(summary);
  step("summary");
  await page.getByRole("button", { name: "Count" }).click();
  await page.locator("[aria-sort=descending]", { hasText: "Count" }).waitFor();
  await view.settled(summary);
  step("sorted by count");
  await summary.locator('[data-index="0"]').click();
  await summary.press("ArrowRight");
  await view.settled(summary);
  const objects = Number(await summary.getAttribute("aria-rowcount"));
  step(`objects of the commonest (${objects.toLocaleString("en")} rows)`);
  await summary.press("End");
  await view.settled(summary);
  step("to the last row");
  await summary.press("Home");
  await view.settled(summary);
  await summary.press("ArrowDown");
  await page.locator(".retainers.filled:not([aria-busy])").waitFor();
  step("retainers of an object, to the root");
  await view.show("Containment");
  await view.settled(view.grid("What contains what"));
  step("containment");
  await view.show("Dominators");
  await page.locator(".treemap .cell").first().waitFor();
  step("treemap");
  await page.locator(".treemap .cell").first().press("Enter");
  await page.locator(".path button").first().waitFor();
  step("treemap, one level in");
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await view.settled(view.grid("What keeps how much alive"));
  step("dominators as a table");
  for (const theme of ["light", "hc-dark", "dark"]) {
    await setTheme(page, theme);
    console.log(`${`axe-core's serious faults in ${theme}`.padEnd(44)} ${(await view.faults()).length}`);
  }
  console.log(`the server's answers meanwhile, of ${pings.times.length}`);
  for (const [name, share] of [["median", 0.5], ["99th percentile", 0.99], ["slowest", 1]]) {
    console.log(`  ${name.padEnd(42)} ${(1000 * pings.at(share)).toFixed(0).padStart(5)} ms`);
  }
  pings.stop();
  console.log(`memory of the process that keeps the heap  ${await largestChild(server.process.pid)} MB`);
  console.log(`complaints of the browser: ${host.complaints.length}`);
} finally {
  for (const stepBack of cleanUp.reverse()) {
    await stepBack().catch(() => undefined);
  }
}

/** Asks the server something small again and again. */
function pinging() {
  const times = [];
  let going = true;
  void (async () => {
    while (going) {
      const start = performance.now();
      await server.connection.sendRequest("leakline/summary", {});
      times.push((performance.now() - start) / 1000);
      await new Promise((resolve) => {
        setTimeout(resolve, PING_MS);
      });
    }
  })().catch(() => undefined);
  return {
    times,
    at: (share) =>
      times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))],
    stop: () => {
      going = false;
    },
  };
}

async function largestChild(parent) {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, "utf8")).trim();
  const sizes = await Promise.all(
    children.split(" ").map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1000;
    }),
  );
  return Math.round(Math.max(...sizes));
}
