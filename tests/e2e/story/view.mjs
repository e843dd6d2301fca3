// The Leakline view: leaks, targets, recordings and their buttons.
import { cp, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { ExplorerPage } from "../../explorer/browser/explorer_page.mjs";
import { explorerFrame } from "./explorer.mjs";

const MEASURE = "Leakline: Measure growth";

/** The rows of recordings; those of the snapshots below them are left out. */
const recordingRows = (vscode) =>
  vscode.viewRows("Recordings").filter({ hasText: "Cloudflare Worker" });

/** The recordings in a folder, whole or not. */
async function recordings(folder) {
  return readdir(path.join(folder, ".leakline", "recordings"));
}

/** Looks through the Leakline view and goes to a leak from it. */
export async function useTheView(vscode, shoot) {
  await vscode.openView("Leakline");
  await vscode.setSideBarWidth(400);
  const rows = (view) => vscode.viewRows(view).allInnerTexts();
  await vscode.viewRows("Leaks").nth(1).waitFor();
  await vscode.viewRows("Recordings").first().waitFor();
  await vscode.viewRows("Targets").first().waitFor();
  const seen = {
    leaks: await rows("Leaks"),
    targets: await rows("Targets"),
    recordings: await rows("Recordings"),
  };
  await vscode.viewRows("Leaks").nth(1).click();
  await vscode.statusBarItem("Ln 5").waitFor();
  await shoot("14-view");
  return seen;
}

/** A recording that comes and goes on disk, as one of the command line's does. */
export async function followTheDisk(vscode, folder) {
  const [only] = await recordings(folder);
  const kept = path.join(folder, ".leakline", "recordings");
  const copy = path.join(kept, only.replace(/^\d{4}/, "2001"));
  await cp(path.join(kept, only), copy, { recursive: true });
  await vscode.until(async () => (await recordingRows(vscode).count()) === 2);
  await rm(copy, { recursive: true });
  await vscode.until(async () => (await recordingRows(vscode).count()) === 1);
  return true;
}

/** Captures a snapshot by the button of the one target in this folder. */
export async function captureTarget(vscode, folder, shoot) {
  const before = await recordings(folder);
  const target = vscode.viewRows("Targets").filter({ hasText: "wrangler" }).first();
  await vscode.clickInRow(target, "Capture heap snapshot", vscode.cancel);
  await shoot("15-capture");
  await vscode.notification.first().waitFor({ state: "hidden" });
  await vscode.until(async () => (await recordingRows(vscode).count()) === 2);
  return { captured: (await recordings(folder)).length - before.length };
}

/** Compares two recordings in the heap explorer. */
export async function compareRecordings(vscode, shoot) {
  const rows = recordingRows(vscode);
  await rows.first().click();
  await rows.nth(1).click({ modifiers: ["Control"] });
  await vscode.fromContextMenu(rows.nth(1), "Compare");
  const tab = vscode.tabs.filter({ hasText: ".heapsnapshot" });
  await tab.waitFor();
  const opened = await tab.innerText();
  const table = '[role=treegrid][aria-label="What came and what went, by constructor"]';
  const frame = await explorerFrame(vscode, table);
  const explorer = new ExplorerPage(frame);
  await explorer.settled(frame.locator(table));
  await shoot("16-compare");
  await vscode.closeTab(opened.trim());
  return { opened };
}

/** Saves a snapshot for Chrome DevTools. */
export async function saveForDevTools(vscode, into, shoot) {
  const file = path.join(into, "for-devtools.heapsnapshot");
  await recordingRows(vscode).first().click(); // this one alone
  await vscode.fromContextMenu(recordingRows(vscode).first(), "Save for Chrome DevTools");
  await vscode.choosePath(file, "OK");
  const told = vscode.notificationMessage.filter({ hasText: "Saved" });
  await told.waitFor();
  const message = await told.innerText();
  await shoot("17-saved");
  await vscode.clearNotifications();
  return { message, begins: (await readFile(file, "utf8")).slice(0, 12) };
}

/** Deletes the newest recording. */
export async function deleteRecording(vscode, folder, shoot) {
  const before = await recordings(folder);
  await vscode.clickInRow(recordingRows(vscode).first(), "Delete recording", vscode.dialog);
  const question = await vscode.dialog.innerText();
  await shoot("18-delete");
  await vscode.dialog.getByRole("button", { name: "Delete" }).click();
  await vscode.dialog.waitFor({ state: "hidden" });
  await vscode.until(async () => (await recordings(folder)).length < before.length);
  await vscode.until(async () => (await recordingRows(vscode).count()) === 1);
  const after = await recordings(folder);
  const deleted = before.filter((name) => !after.includes(name));
  return { question, deleted, newest: before.sort().at(-1) };
}

export async function cancelMeasurement(vscode, folder, shoot) {
  const before = (await recordings(folder)).length;
  await vscode.runCommand(MEASURE);
  await vscode.cancel.waitFor();
  await shoot("19-before-cancel");
  await vscode.cancel.click();
  await vscode.notification.first().waitFor({ state: "hidden" });
  await vscode.page.locator(".part.statusbar .codicon-loading").waitFor({ state: "hidden" });
  return {
    leftBehind: (await recordings(folder)).length - before,
    statusBar: await vscode.statusBarItem("Leakline").innerText(),
  };
}
