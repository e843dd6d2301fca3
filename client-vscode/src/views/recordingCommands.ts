/** The buttons on the rows of Recordings. */

import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";

import { commands, Disposable, Uri, window } from "vscode";

import { analyzeRequest } from "../protocol";
import { tellFailure } from "../serverCommand";
import type { Session } from "../session";
import { exportForDevTools } from "./devtools";
import { snapshotsOf, type Recording, type Snapshot } from "./recordings";
import { timeOf, type RecordingNode } from "./recordingsView";

/** @param refresh Fills the view anew. */
export function registerRecordingCommands(session: Session, refresh: () => void): Disposable {
  return Disposable.from(
    commands.registerCommand("leakline.analyzeRecording", (node: Recording) =>
      analyze(session, node),
    ),
    // VS Code gives the row, then all rows that are selected when it is one of them.
    commands.registerCommand(
      "leakline.deleteRecording",
      async (node: Recording, selected: readonly RecordingNode[] = [node]) => {
        await deleteAll(selected.filter((each) => "path" in each));
        refresh();
      },
    ),
    commands.registerCommand("leakline.exploreRecording", (node: RecordingNode) =>
      commands.executeCommand("leakline.openHeapExplorer", Uri.file(pathOf(node))),
    ),
    commands.registerCommand(
      "leakline.compareRecordings",
      (node: RecordingNode, selected: readonly RecordingNode[] = [node]) => compare(selected),
    ),
    commands.registerCommand("leakline.exportSnapshot", (node: RecordingNode) => exportOf(node)),
    commands.registerCommand("leakline.revealRecording", (node: RecordingNode) =>
      commands.executeCommand("revealFileInOS", Uri.file(pathOf(node))),
    ),
  );
}

async function analyze(session: Session, recording: Recording): Promise<void> {
  const client = await session.client();
  if (client === null) {
    return;
  }
  try {
    await client.sendRequest(analyzeRequest, {
      paths: [recording.path],
      workspace: recording.workspace,
    });
  } catch (error) {
    tellFailure(client, analyzeRequest.method, error);
  }
}

async function deleteAll(recordings: readonly Recording[]): Promise<void> {
  const [first] = recordings;
  if (first === undefined) {
    return;
  }
  const what =
    recordings.length === 1 ? `the recording of ${timeOf(first)}` : `${recordings.length} recordings`;
  const choice = await window.showWarningMessage(
    `Delete ${what}?`,
    { modal: true, detail: "The snapshots are deleted for good." },
    "Delete",
  );
  if (choice === "Delete") {
    await Promise.all(recordings.map(({ path }) => rm(path, { recursive: true, force: true })));
  }
}

/** Two rows: their newest snapshots, the older first. One recording: its first and its last. */
async function compare(nodes: readonly RecordingNode[]): Promise<void> {
  const [first, second, ...others] = nodes;
  if (first === undefined || others.length > 0) {
    void window.showInformationMessage("Select two recordings, or two snapshots, to compare.");
    return;
  }
  const pair =
    second !== undefined
      ? [await newestOf(first), await newestOf(second)]
      : "snapshot" in first
        ? [first.snapshot]
        : ends(await snapshotsOf(first));
  const files = pair.flatMap((snapshot) => (snapshot === null ? [] : [snapshot.file]));
  // Recordings are named by their time, and snapshots are numbered.
  const [older, newer] = files.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (older === undefined || newer === undefined) {
    void window.showInformationMessage(
      "There is only one snapshot. Select another recording as well, to compare it with.",
    );
    return;
  }
  await commands.executeCommand("leakline.compareSnapshots", Uri.file(older), Uri.file(newer));
}

function ends(snapshots: readonly Snapshot[]): Snapshot[] {
  return [snapshots.at(0), snapshots.length > 1 ? snapshots.at(-1) : undefined].filter(
    (snapshot) => snapshot !== undefined,
  );
}

async function exportOf(node: RecordingNode): Promise<void> {
  const snapshot = await newestOf(node);
  if (snapshot !== null) {
    const name = `${path.basename(path.dirname(snapshot.file))}-${snapshot.number}.heapsnapshot`;
    // Not beside the sources: a heap may hold secrets, and would be committed with them.
    await exportForDevTools(snapshot, path.join(homedir(), name));
  }
}

async function newestOf(node: RecordingNode): Promise<Snapshot | null> {
  return "snapshot" in node ? node.snapshot : ((await snapshotsOf(node)).at(-1) ?? null);
}

function pathOf(node: RecordingNode): string {
  return "snapshot" in node ? node.snapshot.file : node.path;
}
