// The way from a warning to what can be done about it, and to a row's menu, with keys alone.
import { GROWING_LINE } from "./warning.mjs";

/** Goes to the warning, reads its hover, and looks at the actions. */
export async function walkTheEditor(vscode, shoot) {
  const { keyboard } = vscode.page;
  await vscode.typeCommand("View: Focus Active Editor Group");
  const there = vscode.statusBarItem(new RegExp(`^Ln ${GROWING_LINE}, `));
  await pressUntil(vscode, ["F8"], there);
  // What it says of the problem closes again.
  await keyboard.press("Escape");
  const hover = vscode.hover.filter({ hasText: "Leak trace" }).first();
  await pressUntil(vscode, ["Control+K", "Control+I"], hover);
  const text = await hover.innerText();
  await keyboard.press("Escape");
  await hover.waitFor({ state: "hidden" });
  await pressUntil(vscode, ["Control+."], vscode.codeAction("Measure again to verify").first());
  const actions = await vscode.codeActions.allInnerTexts();
  await shoot("25-keyboard-actions");
  await keyboard.press("Escape");
  // VS Code's window is a little wider than the page, and has moved along with the focus.
  await vscode.page.evaluate(() => {
    for (let part = document.querySelector(".part.sidebar"); part !== null; part = part.parentElement) {
      part.scrollLeft = 0;
    }
  });
  return { hover: text, actions };
}

/** Opens the menu of a target, and reads what is spoken of the rows. */
export async function walkTheViews(vscode) {
  const { page } = vscode;
  const entries = page.locator(".monaco-menu").getByRole("menuitem");
  const row = vscode.viewRows("Targets").first();
  await row.waitFor();
  await vscode.typeCommand("Leakline: Focus on Targets View");
  await vscode.until(async () => {
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+F10");
    return entries.first().waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
  const menu = await entries.allInnerTexts();
  await page.keyboard.press("Escape");
  await entries.first().waitFor({ state: "hidden" });
  const spoken = {};
  for (const view of ["Leaks", "Targets", "Recordings"]) {
    spoken[view] = await vscode
      .viewRows(view)
      .evaluateAll((rows) => rows.map((each) => each.getAttribute("aria-label")));
  }
  const statusBar = vscode.statusBarItem("Leakline").locator("[role=button]");
  return { menu, spoken, statusBar: await statusBar.getAttribute("aria-label") };
}

/** Presses keys until they have led to something: an editor that is busy does not hear each. */
async function pressUntil(vscode, keys, shown) {
  await vscode.until(async () => {
    for (const key of keys) {
      await vscode.page.keyboard.press(key);
    }
    return shown.waitFor({ timeout: 10_000 }).then(() => true, () => false);
  });
}
