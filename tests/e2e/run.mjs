// Runs the story in a real VS Code against a real `wrangler dev` and prints what was seen, as JSON.
//
//   node run.mjs --work DIR --screenshots DIR --vsix FILE --chromium FILE
//                --port P --worker-port P --inspector-port P [--pictures]
//
// The work folder takes the profile, a copy of the examples, and logs. --pictures keeps the
// screenshots that the documentation and the walkthrough show. On PATH there is a Python, but no `leakline`.
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

import { CodeServer } from "./code_server.mjs";
import * as story from "./story.mjs";
import { VSCodePage } from "./vscode_page.mjs";
import { copyExamples, startWrangler, writeFolderSettings } from "./worker.mjs";

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
    pictures: { type: "boolean" },
  },
});
const PICTURES = {
  "docs/images/vscode.png": "06-hover",
  "docs/images/vscode-view.png": "12-view",
  "client-vscode/media/walkthrough/server.png": "00-no-server",
  "client-vscode/media/walkthrough/example.png": "01-opened",
  "client-vscode/media/walkthrough/measure.png": "06-hover",
  "client-vscode/media/walkthrough/mend.png": "15-verified",
};
const worker = { port: options["worker-port"], inspectorPort: options["inspector-port"] };
const log = (name) => path.join(options.work, `${name}.log`);
const cleanUp = [];

async function openVSCode(folder) {
  const server = new CodeServer({
    runtimes,
    profile: path.join(options.work, "profile"),
    port: options.port,
    env: process.env,
  });
  await server.install(options.vsix);
  cleanUp.push(() => server.stop());
  await server.start(log("code-server"));
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ["--no-sandbox"],
  });
  cleanUp.push(() => browser.close());
  const vscode = new VSCodePage(await browser.newPage({ viewport: { width: 1280, height: 800 } }));
  vscode.page.setDefaultTimeout(60_000);
  await vscode.open(server.address(folder));
  return { vscode, configure: (settings) => server.configureMachine(settings) };
}

async function run() {
  await mkdir(options.screenshots, { recursive: true });
  const folder = await copyExamples(repository, path.join(options.work, "examples"));
  await writeFolderSettings(folder, worker);

  // Both take their time to start, so they start side by side.
  const wrangler = startWrangler(folder, { ...worker, env: process.env, log: log("wrangler") });
  wrangler.then(
    (group) => cleanUp.push(() => group.stop()),
    () => undefined,
  );
  const { vscode, configure } = await openVSCode(folder);
  const shoot = (name) =>
    vscode.page.screenshot({ path: path.join(options.screenshots, `${name}.png`), caret: "initial" });
  try {
    await wrangler;
    const seen = {
      setUp: await story.setUpServer(vscode, shoot),
      ...(await story.measureFromLightBulb(vscode, shoot)),
      ...(await story.readTheWarning(vscode, shoot)),
      view: await story.useTheView(vscode, shoot),
      capture: await story.captureFromPalette(vscode, folder, shoot),
      cancel: await story.cancelMeasurement(vscode, folder, shoot),
      wrongServer: await story.configureWrongServer(vscode, configure, shoot),
    };
    seen.deletion = await story.deleteRecording(vscode, folder, shoot);
    seen.mended = await story.mendTheLeak(vscode, `http://127.0.0.1:${worker.port}/`, shoot);
    await (await wrangler).stop();
    seen.withoutWorker = await story.measureWithoutWorker(vscode, shoot);
    if (options.pictures) {
      await keepPictures();
    }
    return seen;
  } catch (error) {
    await shoot("failed");
    throw error;
  }
}

async function keepPictures() {
  for (const [file, screenshot] of Object.entries(PICTURES)) {
    const from = path.join(options.screenshots, `${screenshot}.png`);
    await copyFile(from, path.join(repository, file));
  }
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
