// The heap explorer in VS Code: of a recording, and of a snapshot file.
import { copyFile } from "node:fs/promises";
import path from "node:path";

import { ExplorerPage } from "../../explorer/browser/explorer_page.mjs";

/** The frame of the explorer that is in front. */
export async function explorerFrame(vscode, has) {
  let found = null;
  await vscode.until(async () => {
    for (const frame of vscode.page.frames()) {
      if (await frame.locator(has).isVisible().catch(() => false)) {
        found = frame;
      }
    }
    return found !== null;
  });
  return found;
}

/** Opens the oldest recording from the palette, looks at the growth, and goes to a source. */
export async function exploreRecording(vscode, shoot) {
  await vscode.openView("Explorer");
  await vscode.setSideBarWidth(190);
  // All room to the explorer.
  await vscode.runCommand("View: Hide Panel");
  await vscode.runCommand("Leakline: Open Heap Explorer");
  await vscode.page
    .locator(".quick-input-widget .monaco-list-row")
    .filter({ hasText: /, \d+ snapshots/ })
    .last()
    .click();
  const frame = await explorerFrame(vscode, "#tab-growth");
  const explorer = new ExplorerPage(frame);
  await explorer.show("Growth");
  await frame.locator(".card[data-root]").first().waitFor();
  const roots = await frame
    .locator(".card[data-root]")
    .evaluateAll((cards) => cards.map((card) => card.innerText));
  const faults = { growth: await explorer.faults() };
  await shoot("30-explorer-growth");
  await explorer.show("Summary");
  const grid = explorer.grid("Objects by constructor");
  await explorer.settled(grid);
  await grid.locator('[data-index="0"]').click();
  await grid.press("ArrowRight");
  await explorer.settled(grid);
  await grid.press("ArrowDown");
  await frame.locator(".retainers.filled:not([aria-busy])").waitFor();
  const retainers = await frame.locator(".retainers h2").innerText();
  faults.summary = await explorer.faults();
  await shoot("31-explorer-summary");
  await explorer.show("Growth");
  await frame.locator(".card[data-root] .link").first().click();
  await vscode.page.locator(".monaco-editor .view-line").first().waitFor();
  const place = await vscode.statusBarItem("Ln ").innerText();
  await shoot("32-explorer-source");
  return { roots, retainers, faults, place };
}

/** Opens a snapshot file from the list of files: the explorer is its editor. */
export async function exploreFile(vscode, snapshot, folder, shoot) {
  await closeAll(vscode);
  await vscode.openView("Explorer");
  await copyFile(snapshot, path.join(folder, "node24.heapsnapshot.gz"));
  const file = vscode.files.filter({ hasText: "node24.heapsnapshot.gz" });
  if (!(await file.isVisible())) {
    await vscode.runCommand("Refresh Explorer");
  }
  await file.dblclick();
  const frame = await explorerFrame(vscode, ".legend table");
  const total = await frame.locator("tr[data-kind=Total] td").first().innerText();
  await shoot("33-explorer-file");
  await new ExplorerPage(frame).show("Dominators");
  await frame.locator(".treemap .cell").first().waitFor();
  await shoot("34-explorer-dominators");
  return { total };
}

/** Closes all of that, and opens a file of the folder as it was before. */
export async function leave(vscode, file) {
  await closeAll(vscode);
  await vscode.openFile(file);
  await vscode.statusBarItem("Leakline").locator("a").click();
  await vscode.problems.first().waitFor();
  await vscode.squiggles.first().waitFor();
}

async function closeAll(vscode) {
  await vscode.runCommand("View: Close All Editors");
  await vscode.tabs.first().waitFor({ state: "hidden" });
}
