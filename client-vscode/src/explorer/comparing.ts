/** Two snapshots that the user picks in VS Code's list of files. */

import { stat } from "node:fs/promises";

import { commands, Disposable, Uri, window } from "vscode";

import { olderFirst } from "./age";
import { isSnapshot } from "./subject";

const COMPARE = "leakline.compareSnapshots";
const IS_SELECTED = "leakline.snapshotSelected";

export function registerComparing(): Disposable {
  let selected: Uri | null = null;
  return Disposable.from(
    // VS Code gives the file, then all files that are selected when it is one of them.
    commands.registerCommand(
      "leakline.compareSelectedSnapshots",
      (file: Uri, files: readonly Uri[] = [file]) => compare(files),
    ),
    commands.registerCommand("leakline.selectSnapshotForCompare", async (file: Uri) => {
      selected = file;
      await commands.executeCommand("setContext", IS_SELECTED, true);
    }),
    commands.registerCommand("leakline.compareWithSelectedSnapshot", (file: Uri) =>
      compare(selected === null ? [file] : [selected, file]),
    ),
  );
}

async function compare(files: readonly Uri[]): Promise<void> {
  const [one, other, ...more] = files.map(({ fsPath }) => fsPath).filter(isSnapshot);
  if (one === undefined || other === undefined || more.length > 0) {
    void window.showInformationMessage("Select two heap snapshots to compare.");
    return;
  }
  const [older, newer] = await olderFirst([one, other], async (file) => (await stat(file)).mtimeMs);
  await commands.executeCommand(COMPARE, Uri.file(older), Uri.file(newer));
}
