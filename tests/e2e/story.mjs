// What a user does with the leaking Worker, from the first look to a cancelled measurement.
// Each step notes what it saw; whether that is right is for the caller to say.
import path from "node:path";
import { readdir } from "node:fs/promises";

const MEASURE = "Leakline: Measure growth";
const CAPTURE = "Leakline: Capture heap snapshot";
const GROWING_LINE = 5;

/** The names of whole recordings in a folder. */
async function recordings(folder) {
  const found = await readdir(path.join(folder, ".leakline", "recordings"), { recursive: true });
  return found.filter((file) => path.basename(file) === "recording.json");
}

/** The names of all recordings in a folder, whole or not. */
async function recordingFolders(folder) {
  return readdir(path.join(folder, ".leakline", "recordings"));
}

/** Opens the Worker in a profile that has no server yet, and accepts the offer to set one up. */
export async function setUpServer(vscode, shoot) {
  await vscode.openFile("src", "index.js");
  const offer = vscode.notification.filter({ hasText: "server was not found" });
  await offer.waitFor();
  const message = await offer.locator(".notification-list-item-message").innerText();
  const statusBar = await vscode.statusBarItem("Leakline").innerText();
  await shoot("00-no-server");

  const start = Date.now();
  await offer.getByRole("button", { name: "Set up" }).click();
  await vscode.notificationMessage.filter({ hasText: "setting up the server" }).first().waitFor();
  const cancellable = await vscode.cancel.isVisible();
  await shoot("00-setting-up");
  const done = vscode.notificationMessage.filter({ hasText: "is set up in" });
  await done.waitFor({ timeout: 150_000 });
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  const seconds = (Date.now() - start) / 1000;
  const told = await done.innerText();
  await shoot("00-set-up");
  await vscode.clearNotifications();
  return { message, statusBar, cancellable, told, seconds };
}

export async function measureFromLightBulb(vscode, shoot) {
  await vscode.setSideBarWidth(190);
  await shoot("01-opened");

  await vscode.openLightBulb(GROWING_LINE);
  await vscode.codeAction(MEASURE).waitFor();
  const codeActions = await vscode.codeActions.allInnerTexts();
  await shoot("02-light-bulb");

  await vscode.codeAction(MEASURE).click();
  await vscode.notificationMessage.filter({ hasText: "round 1" }).waitFor({ timeout: 60_000 });
  const progress = {
    message: await vscode.notificationMessage.first().innerText(),
    cancellable: await vscode.cancel.isVisible(),
    statusBar: await vscode.statusBarItem("Leakline").innerText(),
  };
  await shoot("03-progress");
  return { codeActions, progress };
}

export async function readTheWarning(vscode, shoot) {
  await vscode.squiggles.first().waitFor({ timeout: 90_000 });
  await vscode.notification.first().waitFor({ state: "hidden" });
  await vscode.codeLens.first().waitFor();
  const squiggles = await vscode.warnings();
  const codeLens = await vscode.codeLens.allInnerTexts();
  await shoot("04-squiggle");

  await vscode.statusBarItem("Leakline").locator("a").click();
  await vscode.problems.first().waitFor();
  const problems = await vscode.problems.allInnerTexts();
  await vscode.lowerPanel(140);
  await shoot("05-problems");

  await vscode.hoverOver(GROWING_LINE, "responseText", "Leak trace");
  await vscode.unfoldHover();
  const hover = (await vscode.hover.allInnerTexts()).join("\n");
  await shoot("06-hover");
  const statusBar = await vscode.statusBarItem("Leakline").innerText();
  return { squiggles, codeLens, problems, hover, statusBar };
}

/** Looks through the Leakline view, goes to a leak from it, and measures a target again. */
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
  await vscode.page.keyboard.press("Control+Home");
  await vscode.viewRows("Leaks").nth(1).click();
  await vscode.statusBarItem("Ln 5").waitFor();
  await shoot("12-view");
  await vscode.setSideBarWidth(190);
  return seen;
}

/** Deletes the newest recording from the Leakline view. */
export async function deleteRecording(vscode, folder, shoot) {
  const before = await recordingFolders(folder);
  await vscode.clickInRow(vscode.viewRows("Recordings").first(), "Delete recording");
  await vscode.dialog.waitFor();
  const question = await vscode.dialog.innerText();
  await shoot("13-delete");
  await vscode.dialog.getByRole("button", { name: "Delete" }).click();
  await vscode.dialog.waitFor({ state: "hidden" });
  await vscode.until(async () => (await recordingFolders(folder)).length < before.length);
  const after = await recordingFolders(folder);
  return { question, deleted: before.filter((name) => !after.includes(name)), newest: before.sort().at(-1) };
}

/** Mends the growing line, sees the warning turn into a hint, waits for wrangler, and measures again. */
export async function mendTheLeak(vscode, address, shoot) {
  await vscode.openView("Explorer");
  const answer = () => fetch(address).then((response) => response.text(), () => "");
  await vscode.replaceLine(GROWING_LINE, 'responseText = "one more request served.\\n";');
  await vscode.squiggles.first().waitFor({ state: "hidden" });
  await vscode.hints.first().waitFor();
  await shoot("14-mended");
  await vscode.page.keyboard.press("Control+S");
  // The text is that of one request as soon as the mended Worker answers.
  await vscode.until(async () => (await answer()) === "one more request served.\n");
  await vscode.page.waitForTimeout(3000); // wrangler's inspector follows its Worker
  await vscode.runCommand(MEASURE);
  await vscode.cancel.waitFor();
  await vscode.notification.first().waitFor({ state: "hidden", timeout: 90_000 });
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  await shoot("15-verified");
  return {
    squiggles: await vscode.squiggles.count(),
    problems: await vscode.problems.allInnerTexts(),
    tooltip: await vscode.statusBarItem("Leakline").locator("a").getAttribute("aria-label"),
  };
}

export async function captureFromPalette(vscode, folder, shoot) {
  const before = (await recordings(folder)).length;
  await vscode.runCommand(CAPTURE);
  await vscode.cancel.waitFor();
  await shoot("07-capture");
  await vscode.notification.first().waitFor({ state: "hidden", timeout: 60_000 });
  return { captured: (await recordings(folder)).length - before };
}

export async function cancelMeasurement(vscode, folder, shoot) {
  const before = (await recordingFolders(folder)).length;
  await vscode.runCommand(MEASURE);
  await vscode.cancel.waitFor();
  await shoot("08-before-cancel");
  await vscode.cancel.click();
  await vscode.notification.first().waitFor({ state: "hidden" });
  await vscode.page.locator(".part.statusbar .codicon-loading").waitFor({ state: "hidden" });
  await shoot("09-cancelled");
  return {
    leftBehind: (await recordingFolders(folder)).length - before,
    statusBar: await vscode.statusBarItem("Leakline").innerText(),
  };
}

/** Sets the server's path to a program that is not there, and back. */
export async function configureWrongServer(vscode, configure, shoot) {
  await configure({ "leakline.server.path": "/no/such/leakline" });
  await vscode.notificationMessage.filter({ hasText: "server" }).first().waitFor();
  const message = await vscode.notificationMessage.first().innerText();
  const buttons = await vscode.notificationButtons.allInnerTexts();
  await shoot("10-wrong-server");
  await vscode.clearNotifications();
  await configure({});
  await vscode.statusBarItem("Leakline").locator(".codicon-circle-slash").waitFor({ state: "hidden" });
  await vscode.squiggles.first().waitFor();
  return { message, buttons };
}

export async function measureWithoutWorker(vscode, shoot) {
  await vscode.runCommand(MEASURE);
  const error = vscode.notification.filter({ has: vscode.page.locator(".codicon-error") });
  await error.waitFor();
  await shoot("11-without-worker");
  return { message: await error.locator(".notification-list-item-message").innerText() };
}
