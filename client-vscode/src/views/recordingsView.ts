import * as path from "node:path";

import {
  EventEmitter,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
  type TreeDataProvider,
} from "vscode";

import { bytes } from "./amounts";
import { snapshotsOf, type Recording, type Snapshot } from "./recordings";

export interface SnapshotNode {
  readonly recording: Recording;
  readonly snapshot: Snapshot;
}

export type RecordingNode = Recording | SnapshotNode;

/** The recordings of all open folders, newest first in each, with their snapshots. */
export class RecordingsView implements TreeDataProvider<RecordingNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param read Gets the recordings; none when there is no server. */
  constructor(private readonly read: () => Promise<Recording[]>) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: RecordingNode): Promise<RecordingNode[]> {
    if (node === undefined) {
      return this.read();
    }
    if ("snapshot" in node) {
      return [];
    }
    return (await snapshotsOf(node)).map((snapshot) => ({ recording: node, snapshot }));
  }

  getTreeItem(node: RecordingNode): TreeItem {
    return "snapshot" in node ? snapshotItem(node.snapshot) : recordingItem(node);
  }
}

function recordingItem(recording: Recording): TreeItem {
  const { requests, unit, snapshots, notes, problem } = recording;
  const time = timeOf(recording);
  const item = new TreeItem(time, TreeItemCollapsibleState.Collapsed);
  item.id = recording.path;
  item.description = [
    ...folderOf(recording),
    recording.target,
    ...countOf(snapshots),
    bytes(recording.size),
  ].join(" · ");
  const asked = requests === null ? "" : `, ${requests} ${unit}s`;
  const remarks = problem === null ? notes : [problem];
  item.tooltip = [`${recording.target}${asked}`, recording.path, ...remarks].join("\n");
  // Else the tooltip alone is spoken.
  item.accessibilityInformation = { label: [time, item.description, ...remarks].join(", ") };
  item.iconPath = new ThemeIcon(
    problem !== null ? "error" : snapshots === 1 ? "device-camera" : "graph",
  );
  item.contextValue = problem === null ? "recording" : "damagedRecording";
  return item;
}

/** The name of its folder, where several are open. */
function folderOf({ workspace: folder }: Recording): string[] {
  const open = workspace.workspaceFolders ?? [];
  const its = open.find(({ uri }) => uri.fsPath === folder);
  return open.length > 1 && its !== undefined ? [its.name] : [];
}

/** The first snapshot is that of the warm-up, which is no round. */
function countOf(snapshots: number | null): string[] {
  if (snapshots === null) {
    return ["cannot be read"];
  }
  const rounds = snapshots - 1;
  return [rounds < 1 ? "1 snapshot" : rounds === 1 ? "1 round" : `${rounds} rounds`];
}

function snapshotItem({ file, number, size }: Snapshot): TreeItem {
  const label = number === 0 ? "First snapshot" : `After round ${number}`;
  const item = new TreeItem(label);
  item.id = file;
  item.description = `${path.basename(file)} · ${bytes(size)}`;
  item.tooltip = file;
  item.accessibilityInformation = { label: [label, item.description].join(", ") };
  item.iconPath = new ThemeIcon("file-binary");
  item.contextValue = "snapshot";
  item.command = {
    command: "leakline.openHeapExplorer",
    title: "Open in the heap explorer",
    arguments: [Uri.file(file)],
  };
  return item;
}

export function timeOf(recording: Recording): string {
  return recording.time?.toLocaleString() ?? path.basename(recording.path);
}
