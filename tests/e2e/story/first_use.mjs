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

  // With keys alone, whatever else has the focus; a toast that has gone by itself comes again.
  const settingUp = vscode.notificationMessage.filter({ hasText: "setting up the server" }).first();
  await vscode.until(async () => {
    if (await vscode.typeCommand("Notifications: Focus Notification Toast")) {
      await vscode.page.keyboard.press("Tab");
      await vscode.page.keyboard.press("Enter");
      return settingUp.waitFor({ timeout: 60_000 }).then(() => true, () => false);
    }
    await vscode.runCommand(MEASURE);
    return false;
  });
  const cancellable = await vscode.cancel.isVisible();
  await shoot("03-setting-up");
  const told = await vscode.heard(/is set up in|could not be set up/);
  if (!told.includes("is set up in")) {
    throw new Error(told);
  }
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  await shoot("04-set-up");
  await vscode.clearNotifications();
  return { message, buttons, statusBar, cancellable, told };
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
  await vscode.heard(/waiting for wrangler dev/);
  // All at once: a round is soon over.
  const measuring = await vscode.page.waitForFunction(
    () => {
      const texts = (selector) =>
        [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
      const messages = texts(".notification-toast .notification-list-item-message");
      const message = messages.find((text) => /round \d of/.test(text));
      return message === undefined
        ? null
        : {
            message,
            cancellable: texts(".notification-toast .monaco-text-button").includes("Cancel"),
            statusBar: texts(".part.statusbar .statusbar-item").find((text) => text.includes("Leakline")),
          };
    },
    undefined,
    { polling: 100 },
  );
  const progress = await measuring.jsonValue();
  await shoot("07-measuring");
  await vscode.squiggles.first().waitFor();
  await vscode.notification.first().waitFor({ state: "hidden" });
  const done = vscode.walkthroughSteps.locator(".codicon-getting-started-step-checked");
  await vscode.until(async () => (await done.count()) === 3);
  await shoot("08-measured");
  return { offered, progress };
}
