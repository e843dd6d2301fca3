// From a fresh profile to the first measurement: nothing is installed, nothing is configured.
import path from "node:path";

const MEASURE = "Leakline: Measure growth";

/** Opens the walkthrough in a window without a folder. */
export async function openWalkthrough(vscode, shoot) {
  await vscode.runCommand("Welcome: Open Walkthrough");
  await vscode.quickInput.fill("Find a memory leak");
  await vscode.quickPicks.filter({ hasText: "Find a memory leak" }).first().click();
  await vscode.walkthroughSteps.first().waitFor();
  const steps = await vscode.walkthroughSteps.locator(".step-title").allInnerTexts();
  await shoot("01-walkthrough");
  return { steps };
}

/** Asks for a measurement where there is no server yet, and accepts the offer to set one up. */
export async function setUpServer(vscode, shoot) {
  await vscode.runCommand(MEASURE);
  const offer = vscode.notification.filter({ hasText: "server was not found" });
  await offer.waitFor();
  const message = await offer.locator(".notification-list-item-message").innerText();
  const buttons = await vscode.notificationButtons.allInnerTexts();
  // The offer may be that of the start; the command looks for the server once more.
  const item = vscode.statusBarItem("Leakline: set up");
  await item.waitFor();
  const statusBar = await item.innerText();
  await shoot("02-no-server");
  // The walkthrough shows it: without the walkthrough, or it would show itself.
  await shoot("02-offer", { x: 800, y: 640, width: 480, height: 160 });

  const start = Date.now();
  await offer.getByRole("button", { name: "Set up" }).click();
  await vscode.notificationMessage.filter({ hasText: "setting up the server" }).first().waitFor();
  const cancellable = await vscode.cancel.isVisible();
  await shoot("03-setting-up");
  const done = vscode.notificationMessage.filter({ hasText: "is set up in" });
  await done.waitFor({ timeout: 150_000 });
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  const seconds = (Date.now() - start) / 1000;
  const told = await done.innerText();
  await shoot("04-set-up");
  await vscode.clearNotifications();
  return { message, buttons, statusBar, cancellable, told, seconds };
}

/** Has the walkthrough put the example into a folder; VS Code opens it in this window. */
export async function openExample(vscode, parent, shoot) {
  await vscode.pressInStep("Open the example Worker", "Open the example Worker");
  await vscode.choosePath(`${parent}/`, "Put the example here");
  await vscode.page.waitForURL((url) => url.search.includes("leakline-example"));
  await vscode.tab("index.js").waitFor();
  await vscode.stepButton("Measure growth").waitFor();
  await vscode.page.locator(".monaco-editor .view-line").first().waitFor();
  await shoot("05-example");
  return { folder: path.join(parent, "leakline-example") };
}

/** Measures from the walkthrough: the Worker does not run, and is started in a terminal. */
export async function startAndMeasure(vscode, shoot) {
  await vscode.pressInStep("Measure its growth", "Measure growth");
  const start = vscode.quickPicks.filter({ hasText: "Start wrangler dev" });
  await start.waitFor();
  const offered = await start.innerText();
  await shoot("06-start");
  await start.click();
  await vscode.notificationMessage.filter({ hasText: "waiting for wrangler dev" }).waitFor();
  await vscode.notificationMessage.filter({ hasText: "round 1" }).waitFor({ timeout: 120_000 });
  const progress = {
    message: await vscode.notificationMessage.first().innerText(),
    cancellable: await vscode.cancel.isVisible(),
    statusBar: await vscode.statusBarItem("Leakline").innerText(),
  };
  await shoot("07-measuring");
  await vscode.squiggles.first().waitFor({ timeout: 120_000 });
  await vscode.notification.first().waitFor({ state: "hidden" });
  const done = vscode.walkthroughSteps.locator(".codicon-getting-started-step-checked");
  await vscode.until(async () => (await done.count()) === 3);
  await shoot("08-measured");
  return { offered, progress };
}
