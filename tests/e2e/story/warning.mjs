// What the editor shows of a leak, and what a user does about it short of mending it.
export const GROWING_LINE = 5;

/** Sees squiggle, lens, Problems with related locations, and the hover. */
export async function readTheWarning(vscode, shoot) {
  await vscode.closeTab("Welcome");
  await vscode.setSideBarWidth(190);
  await vscode.codeLens.first().waitFor();
  const squiggles = await vscode.warnings();
  const codeLens = await vscode.codeLens.allInnerTexts();

  await vscode.statusBarItem("Leakline").locator("a").click();
  await vscode.problems.first().waitFor();
  await vscode.lowerPanel(140);
  await vscode.until(async () => (await vscode.problems.count()) >= 4);
  const problems = await vscode.problems.allInnerTexts();
  await shoot("09-problems");

  const hover = await vscode.readHover(GROWING_LINE, "responseText", "Leak trace");
  await shoot("10-hover");
  const statusBar = await vscode.statusBarItem("Leakline").innerText();

  const page = await openItsPage(vscode);

  // The related location of the declaration leads there.
  await vscode.problems.filter({ hasText: "is declared here" }).click();
  await vscode.statusBarItem(/^Ln 1, .*12 selected/).waitFor();
  return { squiggles, codeLens, problems, hover, statusBar, page };
}

/** Opens the page of the documentation by the code in the hover; gives what stands there. */
async function openItsPage(vscode) {
  const link = vscode.hover.locator("a", { hasText: "growing-variable" }).first();
  const tab = vscode.tab("growing-variable.md");
  // The hover may have closed, or may be drawn anew.
  await vscode.until(async () => {
    await vscode.hoverOver(GROWING_LINE, "responseText", "Leak trace");
    await link.click({ timeout: 10_000 }).catch(() => undefined);
    return tab.waitFor({ timeout: 10_000 }).then(() => true, () => false);
  });
  const heading = vscode.page.locator(".monaco-editor .view-line", { hasText: "growing-variable" });
  await heading.first().waitFor();
  const text = await heading.first().innerText();
  await vscode.closeTab("growing-variable.md");
  return text.replaceAll("\u00a0", " ");
}

/** Ignores the finding by the light bulb, and takes that back. */
export async function ignoreAndUnignore(vscode, shoot) {
  const ignoreHere = /Ignore .responseText. here/;
  await vscode.openLightBulb(GROWING_LINE, ignoreHere);
  const codeActions = await vscode.codeActions.allInnerTexts();
  await shoot("11-light-bulb");
  await vscode.codeAction(ignoreHere).click();
  await vscode.squiggles.first().waitFor({ state: "hidden" });
  await vscode.statusBarItem("Leakline").locator(".codicon-pulse").waitFor();
  await vscode.codeLens.first().waitFor({ state: "hidden" });
  const comment = (await vscode.line(GROWING_LINE)).text.trim();
  await shoot("12-ignored");
  await vscode.undoUntil(vscode.squiggles.first());
  const squiggles = await vscode.warnings();
  return { codeActions, comment, squiggles };
}

/** Edits the growing line: the warning becomes a hint, and undo brings it back. */
export async function editAndUndo(vscode, shoot) {
  await vscode.replaceLine(GROWING_LINE, 'responseText += "served.\\n";');
  await vscode.hints.first().waitFor();
  await vscode.squiggles.first().waitFor({ state: "hidden" });
  await vscode.hoverOver(GROWING_LINE, "responseText", "measure again");
  const hint = (await vscode.hover.allInnerTexts()).join("\n");
  await shoot("13-changed");
  await vscode.undoUntil(vscode.squiggles.first());
  await vscode.hints.first().waitFor({ state: "hidden" });
  return { hint, squiggles: await vscode.warnings() };
}
