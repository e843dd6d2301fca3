// Opens one large snapshot in a real VS Code and prints what each step took, and the memory of VS Code.
//
//   python bench/heap/run.py --sizes 500 --no-typescript --repeat 1     makes the file
//   node bench/explorer/vscode.mjs bench/heap/build/mixed-500.heapsnapshot [LEAKLINE] [PORT]
//
// Node 24 as tests/runtimes has it, Chromium and code-server as for the tests (`make runtimes`), and
// an extension that is packed in client-vscode/dist (`npm run package`). Screenshots are left in
// out/explorer-vscode.
import { execFileSync } from "node:child_process";
import { link, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";

import { CodeServer } from "../../tests/e2e/code_server.mjs";
import { explorerFrame } from "../../tests/e2e/story/explorer.mjs";
import { VSCodePage } from "../../tests/e2e/vscode_page.mjs";
import { ExplorerPage } from "../../tests/explorer/browser/explorer_page.mjs";

const repository = path.resolve(import.meta.dirname, "../..");
const runtimes = path.join(repository, "tests", "runtimes");
const [file, leakline = path.join(repository, ".venv/bin/leakline"), port = "9650"] =
  process.argv.slice(2);
const serverPath = path.resolve(leakline);
const { chromium } = createRequire(path.join(runtimes, "package.json"))("playwright-core");
const screenshots = path.join(repository, "out", "explorer-vscode");

// On the file's own disk: the file is linked, not copied.
const work = await mkdtemp(path.join(path.dirname(path.resolve(file)), "vscode-"));
const folder = path.join(work, "folder");
const cleanUp = [() => rm(work, { recursive: true, maxRetries: 5 })];

try {
  await mkdir(screenshots, { recursive: true });
  await mkdir(folder);
  await link(path.resolve(file), path.join(folder, "large.heapsnapshot"));
  const profile = await mkdtemp(path.join(tmpdir(), "leakline-vscode-"));
  cleanUp.push(() => rm(profile, { recursive: true, maxRetries: 5 }));
  const vsix = path.join(repository, "client-vscode", "dist", "leakline.vsix");
  const server = new CodeServer({ runtimes, profile, port, env: process.env });
  await server.install(vsix);
  await server.configureMachine({ "leakline.server.path": serverPath });
  cleanUp.push(() => server.stop());
  await server.start(path.join(profile, "code-server.log"));
  const browser = await chromium.launch({
    executablePath: execFileSync("which", ["chromium"], { encoding: "utf8" }).trim(),
    args: ["--no-sandbox"],
  });
  cleanUp.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(600_000);
  const vscode = new VSCodePage(page);
  await vscode.open(server.address(folder));
  await vscode.files.first().waitFor();
  const memory = await memoryOf(browser, server);
  console.log(`load average ${loadavg()[0].toFixed(1)}`);
  await memory.print("before");

  let begun = performance.now();
  const step = async (name, since = begun) => {
    const now = performance.now();
    console.log(`${name.padEnd(44)} ${((now - since) / 1000).toFixed(2).padStart(8)} s`);
    await page.screenshot({ path: path.join(screenshots, `${name.replace(/\W+/g, "-")}.png`) });
    begun = performance.now();
  };
  await vscode.files.filter({ hasText: "large.heapsnapshot" }).dblclick();
  const frame = await explorerFrame(vscode, ".legend table");
  const explorer = new ExplorerPage(frame);
  await step("opened, statistics");
  if ((await page.locator(".editor-group-container .monaco-editor").count()) > 0) {
    throw new Error("the file is shown as text");
  }
  await memory.print("while statistics are shown");

  await explorer.show("Summary");
  const summary = explorer.grid("Objects by constructor");
  await explorer.settled(summary);
  await step("summary");
  await frame.getByRole("button", { name: "Count" }).click();
  await frame.locator("[aria-sort=descending]", { hasText: "Count" }).waitFor();
  await explorer.settled(summary);
  await summary.locator('[data-index="0"]').click();
  await summary.press("ArrowRight");
  await explorer.settled(summary);
  const rows = Number(await summary.getAttribute("aria-rowcount"));
  await step(`objects of the commonest, ${rows.toLocaleString("en")} rows`);
  const drawn = await summary.locator(".body > .row").count();
  // The wheel, as a hand turns it, then the scroll bar to places all over.
  await summary.hover();
  for (let turn = 0; turn < 20; turn += 1) {
    await page.mouse.wheel(0, 400);
  }
  await explorer.settled(summary);
  await step("twenty turns of the wheel");
  for (let place = 1; place <= 20; place += 1) {
    await summary.evaluate((grid, share) => {
      grid.scrollTop = grid.scrollHeight * share;
    }, place / 20);
    await explorer.settled(summary);
  }
  await step("twenty places all over");
  console.log(`${"rows in the page, of those".padEnd(44)} ${String(drawn).padStart(8)}`);
  await summary.press("Home");
  await explorer.settled(summary);
  await summary.press("ArrowDown");
  await frame.locator(".retainers.filled:not([aria-busy])").waitFor();
  await step("retainers of an object, to the root");

  await explorer.show("Containment");
  await explorer.settled(explorer.grid("What contains what"));
  await step("containment");
  await explorer.show("Dominators");
  await frame.locator(".treemap .cell").first().waitFor();
  await step("dominators, treemap");
  await frame.getByRole("button", { name: "Table", exact: true }).click();
  await explorer.settled(explorer.grid("What keeps how much alive"));
  await step("dominators, table");
  await memory.print("after all tabs of one snapshot");

  await makeRecording(path.join(folder, ".leakline", "recordings", "large"));
  await vscode.runCommand("Leakline: Open Heap Explorer");
  await vscode.quickPicks.filter({ hasText: "3 snapshots" }).click();
  begun = performance.now();
  const second = await explorerFrame(vscode, "#tab-growth");
  await step("a recording of three such snapshots, opened");
  const recording = new ExplorerPage(second);
  await recording.show("Comparison");
  await recording.settled(recording.grid("What came and what went, by constructor"));
  await step("comparison");
  const since = begun;
  await recording.show("Growth");
  await second.locator(".growth progress").waitFor();
  begun = performance.now();
  await recording.show("Summary");
  await recording.settled(recording.grid("Objects by constructor"));
  await step("summary, while the growth is worked out");
  await recording.show("Growth");
  await second.locator(".card").first().waitFor();
  await step("growth", since);
  await memory.print("at the end");
} finally {
  for (const stepBack of cleanUp.reverse()) {
    await stepBack().catch((error) => {
      console.error(error);
    });
  }
}

/** A recording whose snapshots are all the same file. */
async function makeRecording(into) {
  await mkdir(into, { recursive: true });
  const rounds = [100, 200, 300].map((requests, number) => ({
    snapshot: `${number}.heapsnapshot`,
    requests,
    time: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    heapUsed: 0,
    isolate: 0,
    errors: 0,
  }));
  for (const { snapshot } of rounds) {
    await link(path.resolve(file), path.join(into, snapshot));
  }
  const target = { kind: "node", title: "large", url: "", runtime: "", v8: "" };
  const manifest = { schema: 1, workspace: folder, target, rounds, scripts: [] };
  await writeFile(path.join(into, "recording.json"), JSON.stringify(manifest));
}

/** Of the window with its webviews, of VS Code's own processes, and of the server's. */
async function memoryOf(browser, server) {
  const session = await browser.newBrowserCDPSession();
  return {
    async print(when) {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
      const all = await processesBelow(server.group.child.pid);
      const ours = new Set();
      for (const { pid, command } of all) {
        if (command.split("\0").includes("lsp")) {
          (await processesBelow(pid)).forEach((one) => ours.add(one.pid));
        }
      }
      const isOurs = ({ pid }) => ours.has(pid);
      const sizes = {
        "window and webview": await sum(renderers),
        "VS Code's processes": await sum(all.filter((one) => !isOurs(one)).map(({ pid }) => pid)),
        "Leakline's server": await sum(all.filter(isOurs).map(({ pid }) => pid)),
      };
      for (const [name, megabytes] of Object.entries(sizes)) {
        console.log(`${`memory ${when}: ${name}`.padEnd(60)} ${String(megabytes).padStart(6)} MB`);
      }
    },
  };
}

/** All processes that a process has started, and those that they have. */
async function processesBelow(root) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
        return { pid, parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]), command };
      } catch {
        return null; // gone meanwhile
      }
    }),
  );
  const below = new Set([root]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const one of found) {
      if (one !== null && below.has(one.parent)) {
        below.add(one.pid);
      }
    }
  }
  return found.filter((one) => one !== null && below.has(one.pid));
}

/** Megabytes in memory. */
async function sum(pids) {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
    }),
  );
  return Math.round(sizes.reduce((whole, size) => whole + size, 0));
}
