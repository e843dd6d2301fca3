/** Snapshots for Chrome DevTools: the files are V8's own, so that a copy will do. */

import * as path from "node:path";

import { commands, Uri, window } from "vscode";

import { copyPlain } from "./copyPlain";
import type { Snapshot } from "./recordings";

const REVEAL = "Reveal in file manager";

/** Saves a snapshot under a name that Chrome DevTools takes, and says how it is opened there. */
export async function exportForDevTools(snapshot: Snapshot, suggested: string): Promise<void> {
  const target = await window.showSaveDialog({
    title: "Save for Chrome DevTools",
    defaultUri: Uri.file(suggested),
    filters: { "Heap snapshot": ["heapsnapshot"] },
  });
  if (target === undefined) {
    return;
  }
  await copyPlain(snapshot.file, target.fsPath);
  const choice = await window.showInformationMessage(
    `Saved ${path.basename(target.fsPath)}. In Chrome DevTools: Memory, then "Load profile".`,
    REVEAL,
  );
  if (choice === REVEAL) {
    await commands.executeCommand("revealFileInOS", target);
  }
}
