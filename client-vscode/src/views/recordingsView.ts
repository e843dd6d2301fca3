import * as path from "node:path";

import { EventEmitter, ThemeIcon, TreeItem, type TreeDataProvider } from "vscode";

import { bytes } from "./amounts";
import { readRecordings, type Recording } from "./recordings";

export interface RecordingNode {
  /** Absolute path of the workspace folder that it lies in. */
  readonly folder: string;
  readonly recording: Recording;
}

/** The recordings of all open folders, newest first. */
export class RecordingsView implements TreeDataProvider<RecordingNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly folders: () => readonly string[]) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: RecordingNode): Promise<RecordingNode[]> {
    if (node !== undefined) {
      return [];
    }
    const all = await Promise.all(
      this.folders().map(async (folder) =>
        (await readRecordings(folder)).map((recording) => ({ folder, recording })),
      ),
    );
    return all.flat();
  }

  getTreeItem({ folder, recording }: RecordingNode): TreeItem {
    const item = new TreeItem(timeOf(recording));
    item.id = recording.path;
    item.description = [
      ...(this.folders().length > 1 ? [path.basename(folder)] : []),
      recording.target,
      recording.snapshots === 1 ? "1 snapshot" : `${recording.snapshots} rounds`,
      bytes(recording.size),
    ].join(" · ");
    const asked = recording.requests === null ? "" : `, ${recording.requests} requests`;
    item.tooltip = `${recording.target}${asked}\n${recording.path}`;
    item.iconPath = new ThemeIcon(recording.snapshots === 1 ? "device-camera" : "graph");
    item.contextValue = "recording";
    return item;
  }
}

export function timeOf(recording: Recording): string {
  return recording.time?.toLocaleString() ?? path.basename(recording.path);
}
