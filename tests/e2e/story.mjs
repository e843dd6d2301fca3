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

export async function measureFromLightBulb(vscode, shoot) {
  await vscode.openFile("src", "index.js");
  await vscode.statusBarItem("Leakline").waitFor();
  await vscode.narrowSideBar(190);
  await shoot("01-opened");

  await vscode.openLightBulb(GROWING_LINE);
  await vscode.codeAction(MEASURE).waitFor();
  const codeActions = await vscode.codeActions.allInnerTexts();
  await shoot("02-light-bulb");

  await vscode.codeAction(MEASURE).click();
  await vscode.notificationMessage.filter({ hasText: "round 1" }).waitFor({ timeout: 20_000 });
  const progress = {
    message: await vscode.notificationMessage.first().innerText(),
    cancellable: await vscode.cancel.isVisible(),
    statusBar: await vscode.statusBarItem("Leakline").innerText(),
  };
  await shoot("03-progress");
  return { codeActions, progress };
}

export async function readTheWarning(vscode, shoot) {
  await vscode.squiggles.first().waitFor({ timeout: 40_000 });
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

export async function captureFromPalette(vscode, folder, shoot) {
  const before = (await recordings(folder)).length;
  await vscode.runCommand(CAPTURE);
  await vscode.cancel.waitFor();
  await shoot("07-capture");
  await vscode.notification.first().waitFor({ state: "hidden", timeout: 30_000 });
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
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  return { message, buttons };
}

export async function measureWithoutWorker(vscode, shoot) {
  await vscode.runCommand(MEASURE);
  const error = vscode.notification.filter({ has: vscode.page.locator(".codicon-error") });
  await error.waitFor();
  await shoot("11-without-worker");
  return { message: await error.locator(".notification-list-item-message").innerText() };
}
