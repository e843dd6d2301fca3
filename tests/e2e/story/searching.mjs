// Where a server is looked for, one place after the other, and an explorer that was open before.
import { chmod, copyFile, mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { ExplorerPage } from "../../explorer/browser/explorer_page.mjs";
import { explorerFrame } from "./explorer.mjs";

const SNAPSHOT = "bare.heapsnapshot.gz";
const OLDER = "before.heapsnapshot";

/** The only folder on PATH, and what is put there and elsewhere for the server to be found. */
export class Places {
  constructor(parent, python) {
    this.parent = parent;
    this.python = python;
    this.bin = path.join(parent, "bin");
    this.folder = path.join(parent, "folder");
    this.startedFile = path.join(parent, "started");
    this.gate = path.join(parent, "the-gate-is-open");
    this.alone = path.join(parent, "alone.heapsnapshot");
  }

  /** One snapshot outside of all folders, and two in the folder, of which one is an hour older. */
  async make(snapshot, other) {
    await mkdir(this.bin);
    await mkdir(this.folder);
    await copyFile(snapshot, path.join(this.folder, SNAPSHOT));
    await writeFile(this.alone, gunzipSync(await readFile(snapshot)));
    const older = path.join(this.folder, OLDER);
    await writeFile(older, gunzipSync(await readFile(other)));
    const then = Date.now() / 1000 - 3600;
    await utimes(older, then, then);
  }

  /** A program that is the server, once the gate is open. */
  async slowServer() {
    const wait = `while [ ! -e '${this.gate}' ]; do /bin/sleep 0.1; done\n`;
    const file = path.join(this.parent, "slow-leakline");
    return this.#program(file, `${wait}${this.#server("setting")}`);
  }

  openGate() {
    return writeFile(this.gate, "");
  }

  /** An interpreter that has the server, and an extension in which the user has selected it. */
  async selectInterpreter(extensions) {
    const python = await this.#program(
      path.join(this.parent, "selected", "python"),
      `case "$*" in *lsp*) ${this.#mark("interpreter")} ;; esac\nexec '${this.python}' "$@"`,
    );
    const folder = path.join(extensions, "ms-python.python-1.0.0");
    await mkdir(folder, { recursive: true });
    const manifest = {
      ...{ name: "python", publisher: "ms-python", version: "1.0.0" },
      ...{ engines: { vscode: "^1.91.0" }, main: "main.js", activationEvents: [] },
    };
    await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
    await writeFile(
      path.join(folder, "main.js"),
      `const { Uri } = require("vscode");
      exports.activate = () => ({
        environments: {
          getActiveEnvironmentPath: () => ({ path: ${JSON.stringify(python)} }),
          resolveEnvironment: async ({ path }) => ({ executable: { uri: Uri.file(path) } }),
          onDidChangeActiveEnvironmentPath: () => ({ dispose() {} }),
        },
      });`,
    );
    this.selected = python;
  }

  leaklineOnPath() {
    return this.#program(path.join(this.bin, "leakline"), this.#server("PATH"));
  }

  /** As the real one, it takes what it is to run from behind \`--from WHEEL\`. */
  uvxOnPath() {
    const skip = 'while [ "$1" != leakline ]; do shift; done\nshift\n';
    return this.#program(path.join(this.bin, "uvx"), `${skip}${this.#server("uvx")}`);
  }

  oldPythonOnPath() {
    const answer = JSON.stringify(["/usr/bin/python3.9", 3, 9, 2, "cpython"]);
    return this.#program(path.join(this.bin, "python3"), `echo '${answer}'`);
  }

  leaveInterpreter() {
    return rm(this.selected);
  }

  remove(program) {
    return rm(path.join(this.bin, program));
  }

  /** Where the servers that were started so far were found. */
  async started() {
    const text = await readFile(this.startedFile, "utf8").catch(() => "");
    return text.split("\n").slice(0, -1);
  }

  #mark(place) {
    return `echo ${place} >> '${this.startedFile}'`;
  }

  #server(place) {
    const run = `exec '${this.python}' -c 'from leakline.cli import main; main()' "$@"`;
    return `case "$*" in *lsp*) ${this.#mark(place)} ;; esac\n${run}`;
  }

  async #program(file, script) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }
}

/**
 * Opens nothing but a snapshot with the first window, before VS Code knows its extensions; the server
 * lets wait. A table for such files comes with VS Code: the explorer is the editor all the same.
 */
export async function openAtOnce(vscode, address, places, shoot) {
  const file = `vscode-remote://${new URL(address).host}${places.alone}`;
  const payload = encodeURIComponent(JSON.stringify([["openFile", file]]));
  await vscode.open(`${address}&payload=${payload}`);
  const frame = await explorerFrame(vscode, ".loading");
  const said = frame.locator(".loading [role=status]");
  await said.filter({ hasText: "Starting Leakline" }).waitFor();
  const before = await said.innerText();
  const statusBar = await vscode.statusBarItem("Leakline").locator("a").getAttribute("aria-label");
  await shoot("40-starting");
  await places.openGate();
  await frame.locator(".legend table").waitFor();
  await shoot("41-started");
  const toasts = await vscode.notification.count();
  return { before, statusBar, toasts, tabs: await vscode.tabs.count() };
}

const CHANGES = "What came and what went, by constructor";
const CHANGES_TABLE = `[role=treegrid][aria-label="${CHANGES}"]`;

/** Compares two files that are selected in the list of files, the newer one first. */
export async function compareFiles(vscode, address, shoot) {
  await vscode.open(address);
  const older = vscode.files.filter({ hasText: OLDER });
  await vscode.files.filter({ hasText: SNAPSHOT }).click();
  // An editor that opens takes the selection to itself.
  await explorerFrame(vscode, ".legend table");
  await vscode.until(async () => {
    const selected = vscode.page.locator(".explorer-folders-view .monaco-list-row.selected");
    if ((await selected.count()) === 1) {
      await older.click({ modifiers: ["Control"] });
    }
    return (await selected.count()) === 2;
  });
  await vscode.fromContextMenu(older, "Compare heap snapshots");
  const { frame, title } = await readPair(vscode);
  const rows = await new ExplorerPage(frame).rows(CHANGES, 5);
  const chosen = (name) => frame.getByLabel(name, { exact: true }).locator("option:checked").innerText();
  const seen = {
    title,
    before: await chosen("Before"),
    after: await chosen("After"),
    rows: rows.map(({ cells }) => cells),
  };
  await shoot("45-compared");
  await vscode.closeTab("↔");
  return seen;
}

/** Keeps the newer file, and compares the older one with it. */
export async function compareWithSelected(vscode) {
  const newer = vscode.files.filter({ hasText: SNAPSHOT });
  await newer.dblclick();
  await explorerFrame(vscode, ".legend table");
  await vscode.fromContextMenu(newer, "Select heap snapshot for compare");
  const older = vscode.files.filter({ hasText: OLDER });
  await vscode.fromContextMenu(older, "Compare heap snapshot with selected");
  const { title } = await readPair(vscode);
  return { title };
}

/** Loads the window anew: the comparison, and the packed file behind it, are there again. */
export async function reloadWindow(vscode) {
  const isNew = () => vscode.page.evaluate(() => !("isTheWindowBefore" in window), null);
  await vscode.page.evaluate(() => {
    window.isTheWindowBefore = true;
  });
  await vscode.runCommand("Developer: Reload Window");
  await vscode.until(() => isNew().catch(() => false));
  const { title } = await readPair(vscode);
  await vscode.closeTab("↔");
  await vscode.tab(SNAPSHOT).click();
  const frame = await explorerFrame(vscode, ".legend table");
  const total = await frame.locator("tr[data-kind=Total] td").first().innerText();
  await vscode.closeTab(SNAPSHOT);
  return { title, total };
}

async function readPair(vscode) {
  const tab = vscode.tab("↔");
  await tab.waitFor();
  const frame = await explorerFrame(vscode, CHANGES_TABLE);
  return { frame, title: await tab.innerText() };
}

/** Without a server the explorer says so, and shows the heap as soon as there is one. */
export async function openWithoutServer(vscode, places, shoot) {
  await vscode.openView("Explorer");
  await vscode.files.filter({ hasText: SNAPSHOT }).dblclick();
  const frame = await explorerFrame(vscode, ".loading [role=alert]");
  const told = await frame.locator(".loading [role=alert]").innerText();
  await vscode.openView("Leakline");
  await vscode.page.getByText("Recordings are listed when Leakline's server runs").waitFor();
  const faults = await new ExplorerPage(frame).faults();
  await vscode.clearNotifications();
  await shoot("42-explorer-without-server");
  await places.leaklineOnPath();
  await vscode.runCommand("Leakline: Restart server");
  await frame.locator(".legend table").waitFor();
  await places.remove("leakline");
  return { told, faults };
}

/** Takes the setting back, and waits until another place has the server. */
export async function leaveSetting(vscode, configure, places) {
  await configure({});
  await vscode.until(async () => (await places.started()).at(-1) !== "setting");
}

/** Starts the server anew, which looks for it; gives where it was found. */
export async function searchAgain(vscode, places) {
  const before = (await places.started()).length;
  await vscode.runCommand("Leakline: Restart server");
  await vscode.until(async () => (await places.started()).length > before);
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  return (await places.started()).at(-1);
}

/** Looks for a server where there is none; gives what the user is told, and the buttons. */
export async function searchInVain(vscode, shoot, name) {
  await vscode.runCommand("Leakline: Restart server");
  await vscode.statusBarItem("Leakline: set up").waitFor();
  await vscode.notification.first().waitFor();
  const message = await vscode.notificationMessage.first().innerText();
  const buttons = await vscode.notificationButtons.allInnerTexts();
  await shoot(name);
  await vscode.clearNotifications();
  return { message, buttons };
}
