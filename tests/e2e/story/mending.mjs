// The server that is not there, the mended leak, and the program that has gone.
import { GROWING_LINE } from "./warning.mjs";

const MEASURE = "Leakline: Measure growth";
const MENDED = 'responseText = "one more request served.\\n";';
const ANSWER = "one more request served.\n";

/** Sets the server's path to a program that is not there, and back. */
export async function configureWrongServer(vscode, configure, shoot) {
  await configure({ "leakline.server.path": "/no/such/leakline" });
  const message = await vscode.heard(/could not be found/);
  const buttons = await vscode.notificationButtons.allInnerTexts();
  await vscode.statusBarItem("Leakline").locator(".codicon-circle-slash").waitFor();
  await shoot("20-wrong-server");
  await vscode.clearNotifications();
  await configure({});
  await vscode.statusBarItem("Leakline").locator(".codicon-circle-slash").waitFor({ state: "hidden" });
  await vscode.squiggles.first().waitFor();
  return { message, buttons };
}

/** Mends the growing line, waits for wrangler, and verifies by the light bulb. */
export async function mendAndVerify(vscode, worker, shoot) {
  await vscode.openView("Explorer");
  await vscode.setSideBarWidth(190);
  await vscode.replaceLine(GROWING_LINE, MENDED);
  await vscode.hints.first().waitFor();
  await vscode.squiggles.first().waitFor({ state: "hidden" });
  await vscode.page.keyboard.press("Control+S");
  // wrangler says that it loads before it has: the text is that of one request once it has.
  const answer = () => fetch(worker).then((response) => response.text(), () => "");
  await vscode.until(async () => (await answer()) === ANSWER);
  const verify = /Measure again to verify/;
  await vscode.openLightBulb(GROWING_LINE, verify);
  await shoot("21-mended");
  await vscode.codeAction(verify).click();
  const told = await vscode.heard(/no longer grows/);
  await vscode.hints.first().waitFor({ state: "hidden" });
  await vscode.codeLens.first().waitFor({ state: "hidden" });
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  await shoot("22-verified");
  await vscode.clearNotifications();
  await vscode.page.getByText("No problems have been detected").waitFor();
  return {
    told,
    squiggles: (await vscode.squiggles.count()) + (await vscode.hints.count()),
    tooltip: await vscode.statusBarItem("Leakline").locator("a").getAttribute("aria-label"),
  };
}

/** Ends wrangler in its terminal; a measurement then offers to start it again. */
export async function measureWithoutWorker(vscode, isUp, shoot) {
  await vscode.runCommand("Terminal: Kill All Terminals");
  await vscode.until(async () => !(await isUp()));
  await vscode.runCommand(MEASURE);
  const start = vscode.quickPicks.filter({ hasText: "Start wrangler dev" });
  await start.waitFor();
  await shoot("23-without-worker");
  await vscode.page.keyboard.press("Escape");
  await vscode.quickInput.waitFor({ state: "hidden" });
  return { notifications: await vscode.notification.count() };
}
