/** The example Worker of the walkthrough, copied to a folder of the user's. */

import { cp } from "node:fs/promises";
import * as path from "node:path";

import { commands, Uri, window } from "vscode";

const NAME = "leakline-example";

export async function openExample(source: string): Promise<void> {
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
  await commands.executeCommand("vscode.openFolder", Uri.file(folder));
}
