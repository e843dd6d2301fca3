// A folder that is not trusted at first, and a Node program under VS Code's own debugger.
import { access } from "node:fs/promises";

const MEASURE = "Leakline: Measure growth";

const exists = (file) => access(file).then(() => true, () => false);

/** Opens a folder whose own interpreter leaves a mark when it is run, and trusts it after a while. */
export async function openUntrusted(vscode, mark, shoot) {
  await vscode.openFile("server.js");
  await vscode.statusBarItem("Restricted Mode").waitFor();
  await vscode.statusBarItem("Leakline: set up").waitFor();
  const ranBefore = await exists(mark);
  await shoot("30-restricted");
  await vscode.runCommand("Workspaces: Manage Workspace Trust");
  await vscode.page.getByRole("button", { name: "Trust", exact: true }).click();
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  const ranAfter = await exists(mark);
  await vscode.closeTab("Workspace Trust");
  await vscode.clearNotifications();
  return { ranBefore, ranAfter };
}

/** Starts the program in the debugger, and measures it through the debugger's connection. */
export async function measureDebugged(vscode, address, shoot) {
  await vscode.runCommand("Debug: Start Debugging");
  await vscode.until(() => fetch(address.replace("{i}", "0")).then(() => true, () => false));
  await vscode.openView("Leakline");
  const target = vscode.viewRows("Targets").filter({ hasText: "debugged in this window" });
  await target.waitFor();
  const row = await target.innerText();
  await vscode.clickInRow(target, "Measure growth");
  // Nothing tells where a debugged program answers: it is asked once.
  await vscode.page.getByText("Where do the requests go?").waitFor();
  await vscode.quickInput.fill(address);
  await shoot("31-where");
  await vscode.page.keyboard.press("Enter");
  await vscode.squiggles.first().waitFor({ timeout: 120_000 });
  await vscode.notification.first().waitFor({ state: "hidden" });
  await shoot("32-debugged");
  const squiggles = await vscode.warnings();

  await vscode.runCommand("Debug: Stop");
  await vscode.until(() => fetch(address.replace("{i}", "0")).then(() => false, () => true));
  await vscode.runCommand(MEASURE);
  const start = vscode.quickPicks.filter({ hasText: "Start node --inspect" });
  await start.waitFor();
  const offered = await start.innerText();
  await shoot("33-start-node");
  await vscode.page.keyboard.press("Escape");
  return { row, squiggles, offered };
}
