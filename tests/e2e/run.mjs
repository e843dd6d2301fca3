// Runs the story in a real VS Code against a real `wrangler dev` and prints what was seen, as JSON.
//
//   node run.mjs --work DIR --screenshots DIR --vsix FILE --chromium FILE
//                --port P --worker-port P --inspector-port P [--pictures]
//                [--story worker|debugged|searching] [--python PROGRAM]
//
// The work folder takes the profile, the example, and logs. --pictures keeps the
// screenshots that the documentation and the walkthrough show. On PATH there is a Python, but no `leakline`.
import { copyFile, cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

import { CodeServer } from "./code_server.mjs";
import { makeNodeFolder } from "./node_folder.mjs";
import * as debugging from "./story/debugging.mjs";
import * as explorer from "./story/explorer.mjs";
import * as firstUse from "./story/first_use.mjs";
import * as keyboard from "./story/keyboard.mjs";
import * as searching from "./story/searching.mjs";
import * as mending from "./story/mending.mjs";
import * as view from "./story/view.mjs";
import * as warning from "./story/warning.mjs";
import { PATIENCE_MS, VSCodePage } from "./vscode_page.mjs";
import { choosePorts, isUp, provideWrangler } from "./worker.mjs";

const repository = path.resolve(import.meta.dirname, "../..");
const runtimes = path.join(repository, "tests", "runtimes");
const { chromium } = createRequire(path.join(runtimes, "package.json"))("playwright-core");

const { values: options } = parseArgs({
  options: {
    work: { type: "string" },
    screenshots: { type: "string" },
    vsix: { type: "string" },
    chromium: { type: "string" },
    port: { type: "string" },
    "worker-port": { type: "string" },
    "inspector-port": { type: "string" },
    story: { type: "string", default: "worker" },
    python: { type: "string" },
    pictures: { type: "boolean" },
  },
});
// For the extension's pages and the README; the documentation keeps every step.
const PICTURES = {
  "docs/images/vscode.png": "10-hover",
  "docs/images/heap-explorer-statistics.png": "33-explorer-file",
  "docs/images/heap-explorer-summary.png": "31-explorer-summary",
  "docs/images/heap-explorer-dominators.png": "34-explorer-dominators",
  "docs/images/heap-explorer-growth.png": "32-explorer-source",
  "client-vscode/media/walkthrough/server.png": "02-offer",
  "client-vscode/media/walkthrough/example.png": "05-example",
  "client-vscode/media/walkthrough/measure.png": "10-hover",
  "client-vscode/media/walkthrough/mend.png": "22-verified",
  "client-vscode/media/view.png": "14-view",
  "client-vscode/media/explorer.png": "31-explorer-summary",
};
const STEPS = "docs/images/vscode";
const worker = { port: options["worker-port"], inspectorPort: options["inspector-port"] };
const log = (name) => path.join(options.work, `${name}.log`);
const profile = path.join(options.work, "profile");
const cleanUp = [];

/** The page that screenshots are taken of, once there is one. */
let page = null;

/**
 * @param {{trust: boolean, env: object, settings: object}} options Whether
 *   folders must be trusted; the environment beside that of this program; the machine's settings.
 */
async function openVSCode({ trust, env = {}, settings = {} }) {
  const server = new CodeServer({
    runtimes,
    profile,
    port: options.port,
    trust,
    env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", ...env },
  });
  await server.install(options.vsix);
  await server.configureMachine(settings);
  cleanUp.push(() => server.stop());
  await server.start(log("code-server"));
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ["--no-sandbox"],
  });
  cleanUp.push(() => browser.close());
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const vscode = new VSCodePage(page);
  return {
    /** Where a folder opens, or a window without one. */
    addressOf: (folder) => server.address(folder),
    vscode,
    configure: (changed) => server.configureMachine(changed),
  };
}

async function playWorker(home, shoot) {
  await provideWrangler(repository, home);
  const { addressOf, vscode, configure } = await openVSCode({ trust: false });
  await vscode.open(addressOf(null));
  const seen = {
    walkthrough: await firstUse.openWalkthrough(vscode, shoot),
    setUp: await firstUse.setUpServer(vscode, shoot),
  };
  const { folder } = await firstUse.openExample(vscode, home, shoot);
  await choosePorts(folder, worker);
  Object.assign(seen, await firstUse.startAndMeasure(vscode, shoot));
  Object.assign(seen, await warning.readTheWarning(vscode, shoot));
  seen.ignored = await warning.ignoreAndUnignore(vscode, shoot);
  seen.edited = await warning.editAndUndo(vscode, shoot);
  seen.keys = await keyboard.walkTheEditor(vscode, shoot);
  seen.view = await view.useTheView(vscode, shoot);
  seen.keysInViews = await keyboard.walkTheViews(vscode);
  seen.onDisk = await view.followTheDisk(vscode, folder);
  seen.capture = await view.captureTarget(vscode, folder, shoot);
  seen.compared = await view.compareRecordings(vscode, shoot);
  seen.saved = await view.saveForDevTools(vscode, home, shoot);
  seen.deletion = await view.deleteRecording(vscode, folder, shoot);
  const snapshot = path.join(repository, "fixtures", "snapshots", "node24.heapsnapshot.gz");
  try {
    seen.explorer = {
      recording: await explorer.exploreRecording(vscode, shoot),
      file: await explorer.exploreFile(vscode, snapshot, folder, shoot),
    };
  } catch (error) {
    // The tests of the explorer fail by it, and not those of all that comes after.
    await shoot("failed-explorer");
    seen.explorer = { failed: String(error) };
  }
  await explorer.leave(vscode, "index.js");
  seen.cancel = await view.cancelMeasurement(vscode, folder, shoot);
  seen.wrongServer = await mending.configureWrongServer(vscode, configure, shoot);
  seen.mended = await mending.mendAndVerify(vscode, `http://127.0.0.1:${worker.port}/`, shoot);
  seen.withoutWorker = await mending.measureWithoutWorker(vscode, () => isUp(worker.port), shoot);
  return seen;
}

async function playDebugged(home, shoot) {
  const { folder, mark } = await makeNodeFolder(repository, home, {
    python: options.python,
    port: worker.port,
  });
  const { addressOf, vscode, configure } = await openVSCode({ trust: true });
  await vscode.open(addressOf(folder));
  const url = `http://127.0.0.1:${worker.port}/{i}`;
  const seen = {
    trust: await debugging.openUntrusted(vscode, mark, shoot),
    debugged: await debugging.measureDebugged(vscode, url, shoot),
  };
  seen.mend = await debugging.previewMend(vscode, shoot);
  seen.debuggedPage = await debugging.measureDebuggedPage(vscode, folder, {
    chromium: options.chromium,
    profile: path.join(options.work, "debugged-page"),
  });
  await configure({ "leakline.inspect": `127.0.0.1:${worker.inspectorPort}` });
  const browser = await debugging.startPage(folder, {
    chromium: options.chromium,
    port: worker.inspectorPort,
    profile: path.join(options.work, "page"),
    log: log("page"),
  });
  cleanUp.push(() => browser.stop());
  seen.page = await debugging.measurePage(vscode, shoot);
  await browser.stop();
  seen.page.left = await debugging.losePage(vscode);
  return seen;
}

async function playSearching(home, shoot) {
  const places = new searching.Places(home, options.python);
  const fixture = (name) => path.join(repository, "fixtures", "snapshots", name);
  await places.make(fixture("node24.heapsnapshot.gz"), fixture("node22.heapsnapshot.gz"));
  await places.selectInterpreter(path.join(profile, "extensions"));
  const { addressOf, vscode, configure } = await openVSCode({
    trust: false,
    env: { PATH: places.bin },
    settings: {
      "leakline.server.path": await places.slowServer(),
      // It would show where a file without a folder lies on this machine.
      "breadcrumbs.enabled": false,
    },
  });
  const seen = {
    atOnce: await searching.openAtOnce(vscode, addressOf(null), places, shoot),
    compared: await searching.compareFiles(vscode, addressOf(places.folder), shoot),
    comparedWith: await searching.compareWithSelected(vscode),
    reloaded: await searching.reloadWindow(vscode),
    found: [],
  };
  await places.leaklineOnPath();
  await places.uvxOnPath();
  await searching.leaveSetting(vscode, configure, places);
  for (const leave of [
    () => places.leaveInterpreter(),
    () => places.remove("leakline"),
    () => places.remove("uvx"),
  ]) {
    seen.found.push(await searching.searchAgain(vscode, places));
    await leave();
  }
  seen.noPython = await searching.searchInVain(vscode, shoot, "43-no-python");
  await places.oldPythonOnPath();
  seen.oldPython = await searching.searchInVain(vscode, shoot, "44-old-python");
  seen.withoutServer = await searching.openWithoutServer(vscode, places, shoot);
  return seen;
}

const STORIES = { worker: playWorker, debugged: playDebugged, searching: playSearching };

async function run() {
  await mkdir(options.screenshots, { recursive: true });
  const home = path.join(options.work, "home");
  await mkdir(home);
  const shoot = (name, clip) =>
    page?.screenshot({
      path: path.join(options.screenshots, `${name}.png`),
      caret: "initial",
      clip,
    });
  try {
    const seen = await STORIES[options.story](home, shoot);
    if (options.pictures) {
      await keepPictures();
    }
    return seen;
  } catch (error) {
    await shoot("failed");
    await tellWhatWasSaid();
    throw error;
  }
}

/** For whoever looks for the reason of a failure: notifications hide by themselves. */
async function tellWhatWasSaid() {
  const said = await page?.evaluate(() => [
    ...(window.saidInNotifications ?? []).map((text) => `notification: ${text}`),
    `status bar: ${document.querySelector(".part.statusbar")?.innerText.replaceAll("\n", " ")}`,
    `focus: ${document.activeElement?.outerHTML.slice(0, 200)}`,
  ]);
  console.error(said?.join("\n"));
}

async function keepPictures() {
  const known = options.story === "worker" ? Object.entries(PICTURES) : [];
  for (const [file, screenshot] of known) {
    const from = path.join(options.screenshots, `${screenshot}.png`);
    await copyFile(from, path.join(repository, file));
  }
  // One says where things lie on this machine; others are of states that no page tells of.
  const left = ["04-set-up.png", "20-wrong-server.png", "25-keyboard-actions.png", "44-old-python.png"];
  const filter = (file) => !left.includes(path.basename(file));
  await cp(options.screenshots, path.join(repository, STEPS), { recursive: true, filter });
}

async function endAll() {
  await Promise.allSettled(cleanUp.splice(0).map((step) => step()));
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void endAll().then(() => process.exit(1)));
}

try {
  console.log(JSON.stringify(await run(), null, 2));
} finally {
  await endAll();
}
