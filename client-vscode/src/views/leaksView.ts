import * as path from "node:path";

import {
  EventEmitter,
  Range,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
  type TreeDataProvider,
} from "vscode";

import { groupByFile, type Leak, type LeakGroup } from "./leaks";

type Node = LeakGroup | Leak;

/** The findings by file. */
export class LeaksView implements TreeDataProvider<Node> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param read Gets the findings; none when there is no server. */
  constructor(private readonly read: () => Promise<Leak[]>) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return groupByFile(await this.read());
    }
    return "leaks" in node ? [...node.leaks] : [];
  }

  getTreeItem(node: Node): TreeItem {
    return "leaks" in node ? groupItem(node) : leakItem(node);
  }
}

function groupItem(group: LeakGroup): TreeItem {
  const name = group.uri === null ? "No line in your files" : "";
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.id = group.uri ?? "nowhere";
  if (group.uri !== null) {
    const uri = Uri.parse(group.uri);
    item.resourceUri = uri;
    item.label = path.posix.basename(uri.path);
    item.iconPath = ThemeIcon.File;
  }
  const { length } = group.leaks;
  const folder = group.uri === null ? [] : folderOf(Uri.parse(group.uri));
  item.description = [String(length), ...folder].join(" · ");
  const where = typeof item.label === "string" ? item.label : name;
  const count = `${length} ${length === 1 ? "leak" : "leaks"}`;
  item.accessibilityInformation = { label: [where, count, ...folder].join(", ") };
  return item;
}

/** Where a file lies, as files of several folders may have one name; nothing beside the folder itself. */
function folderOf(uri: Uri): string[] {
  const folder = path.posix.dirname(workspace.asRelativePath(uri));
  return folder === "." || path.isAbsolute(folder) ? [] : [folder];
}

function leakItem(leak: Leak): TreeItem {
  const item = new TreeItem(leak.root);
  item.id = leak.fingerprint;
  item.description = [leak.figures, ...remarks(leak)].join(" · ");
  item.tooltip = leak.message;
  item.iconPath = leak.ignored
    ? new ThemeIcon("eye-closed")
    : leak.warning
      ? new ThemeIcon("warning", new ThemeColor("list.warningForeground"))
      : new ThemeIcon("info");
  item.contextValue = leak.ignored ? "ignoredLeak" : "leak";
  item.accessibilityInformation = { label: `${leak.message} ${remarks(leak).join(", ")}`.trim() };
  if (leak.place !== null) {
    const { uri, line, character } = leak.place;
    item.command = {
      command: "vscode.open",
      title: "Go to the line",
      arguments: [Uri.parse(uri), { selection: new Range(line, character, line, character) }],
    };
  }
  return item;
}

function remarks(leak: Leak): string[] {
  return [
    ...(leak.ignored ? ["ignored"] : []),
    ...(leak.changed ? ["changed since the snapshot"] : []),
  ];
}
