// A folder that is not trusted at first, and a Node program under VS Code's own debugger.
import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { ProcessGroup } from "../process_group.mjs";

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
  // Nothing tells where a debugged program answers: it is asked once.
  const question = vscode.page.getByText("Where do the requests go?");
  await vscode.clickInRow(target, "Measure growth", question);
  await vscode.quickInput.fill(address);
  await shoot("31-where");
  await vscode.page.keyboard.press("Enter");
  await vscode.squiggles.first().waitFor();
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

/** Looks at the edits that bound the Map before they are made, and leaves it at that. */
export async function previewMend(vscode, shoot) {
  await vscode.openView("Explorer");
  await vscode.openFile("pages.js");
  await vscode.squiggles.first().waitFor();
  const squiggles = await vscode.warnings();
  const mend = /Keep at most \d+ entries in .pages./;
  await vscode.openLightBulb(squiggles[0].line, mend);
  await vscode.codeAction(mend).click();
  const preview = vscode.page.locator(".bulk-edit-panel");
  const edits = preview.locator(".monaco-list-row");
  // What is not ticked is not changed.
  await edits.first().locator(".edit-checkbox").click();
  await shoot("24-mend");
  const previewed = await edits.allInnerTexts();
  await preview.getByRole("button", { name: "Discard" }).click();
  await edits.first().waitFor({ state: "hidden" });
  await vscode.closeTab("pages.js");
  return { squiggles, previewed };
}

/** A page whose every click is kept; the line that keeps it is the second. */
async function writePage(folder, name) {
  const html = `<title>${name}</title><button>Add</button><script src="${name}.js"></script>`;
  const script =
    "const basket = [];\nconst add = () => basket.push({ item: `number ${basket.length}` });\n" +
    'document.querySelector("button").addEventListener("click", add);\n';
  await writeFile(path.join(folder, `${name}.html`), html);
  await writeFile(path.join(folder, `${name}.js`), script);
}

/** Starts a page in VS Code's own debugger, and has its button clicked through the debugger. */
export async function measureDebuggedPage(vscode, folder, { chromium, profile }) {
  await writePage(folder, "cart");
  const configuration = {
    ...{ type: "chrome", request: "launch", name: "Cart", browserLaunchLocation: "workspace" },
    ...{ file: "${workspaceFolder}/cart.html", runtimeExecutable: chromium, userDataDir: profile },
    runtimeArgs: ["--headless", "--no-sandbox", "--disable-gpu"],
    internalConsoleOptions: "neverOpen",
  };
  const launch = { version: "0.2.0", configurations: [configuration] };
  await writeFile(path.join(folder, ".vscode", "launch.json"), JSON.stringify(launch));
  await vscode.openView("Explorer");
  await vscode.openFile("cart.js");
  await vscode.runCommand("Debug: Start Debugging");
  await vscode.openView("Leakline");
  const target = vscode.viewRows("Targets").filter({ hasText: "cart" });
  await target.waitFor();
  const row = await target.innerText();
  await clickOnTheButton(vscode, target);
  const squiggles = await vscode.warnings();
  await vscode.runCommand("Debug: Stop");
  await target.waitFor({ state: "hidden" });
  await vscode.closeTab("cart.js");
  return { row, squiggles };
}

/** Measures a page by clicks, and waits for what is found. */
async function clickOnTheButton(vscode, target, shoot = async () => undefined) {
  const click = vscode.quickPicks.filter({ hasText: "Click on an element" });
  await vscode.clickInRow(target, "Measure growth", click);
  await shoot("34-page");
  await click.click();
  await vscode.page.getByText("What is to be clicked on?").waitFor();
  await vscode.quickInput.fill("button");
  await vscode.page.keyboard.press("Enter");
  await vscode.squiggles.first().waitFor();
  await vscode.notification.first().waitFor({ state: "hidden" });
}

/** Starts a page in a browser of its own. */
export async function startPage(folder, { chromium, port, profile, log }) {
  await writePage(folder, "shop");
  const browser = new ProcessGroup(
    "the page's browser",
    [
      ...[chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...[`--remote-debugging-port=${port}`, `--user-data-dir=${profile}`],
      pathToFileURL(path.join(folder, "shop.html")).href,
    ],
    { env: process.env, log },
  );
  const listed = () => fetch(`http://127.0.0.1:${port}/json/list`).then((answer) => answer.text());
  await browser.until(() => listed().then((text) => text.includes("shop.html"), () => false), 60_000);
  return browser;
}

/**
 * Picks the page in the Targets view, where it has come without a word of the user's, and has its
 * button clicked in each round.
 */
export async function measurePage(vscode, shoot) {
  await vscode.viewRows("Targets").filter({ hasText: "shop" }).waitFor();
  await vscode.openView("Explorer");
  await vscode.openFile("shop.js");
  await vscode.openView("Leakline");
  const target = vscode.viewRows("Targets").filter({ hasText: "shop" });
  await target.waitFor();
  const row = await target.innerText();
  await clickOnTheButton(vscode, target, shoot);
  await vscode.viewRows("Leaks").filter({ hasText: "shop.js" }).waitFor();
  await shoot("35-page-measured");
  return { row, squiggles: await vscode.warnings() };
}

/** The browser ends: its row goes without a word of the user's. */
export async function losePage(vscode) {
  await vscode.viewRows("Targets").filter({ hasText: "shop" }).waitFor({ state: "hidden" });
  return (await vscode.viewRows("Targets").allInnerTexts()).filter((row) => row.includes("shop"));
}
