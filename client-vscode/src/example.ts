/** The example Worker of the walkthrough, copied to a folder of the user's. */

import { cp } from "node:fs/promises";
import * as path from "node:path";

import { commands, Uri, ViewColumn, window, workspace, type Memento } from "vscode";

const NAME = "leakline-example";
const OPENED = "leakline.exampleOpened";
const WALKTHROUGH = { category: "leakline.leakline#leakline.start", step: "measure" };

/** @param state Remembers the folder beyond the window, which VS Code opens anew. */
export async function openExample(source: string, state: Memento): Promise<void> {
  const [parent] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: "Put the example here",
      title: `Where to put ${NAME}`,
    })) ?? [];
  if (parent === undefined) {
    return;
  }
  const folder = path.join(parent.fsPath, NAME);
  // One that is there already may have been worked on.
  await cp(source, folder, { recursive: true, force: false });
  await state.update(OPENED, folder);
  await commands.executeCommand("vscode.openFolder", Uri.file(folder));
}

/** Goes on with the walkthrough in the window of the example, with the Worker beside it. */
export async function showExample(state: Memento): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined || state.get<string>(OPENED) !== folder.fsPath) {
    return;
  }
  await state.update(OPENED, undefined);
  // Ticks the step off, which a dialog that was cancelled does not.
  await commands.executeCommand("setContext", "leakline.exampleIsOpen", true);
  await window.showTextDocument(Uri.joinPath(folder, "src", "index.js"), {
    viewColumn: ViewColumn.One,
    preview: false,
  });
  await commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, true);
}
