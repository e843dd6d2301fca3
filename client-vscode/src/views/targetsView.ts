import { EventEmitter, ThemeIcon, TreeItem, type TreeDataProvider } from "vscode";

import type { Target } from "./targets";

/** The programs whose inspectors answer on this machine. */
export class TargetsView implements TreeDataProvider<Target> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param read Looks for them; none when there is no server to look with. */
  constructor(private readonly read: () => Promise<Target[]>) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Target): Promise<Target[]> {
    return node === undefined ? this.read() : [];
  }

  getTreeItem(target: Target): TreeItem {
    const item = new TreeItem(target.about === "" ? target.address : target.about);
    item.id = target.address;
    item.description = `${target.kind} · ${target.address}`;
    item.tooltip = `${target.address}\n${target.about}`;
    item.iconPath = new ThemeIcon(target.kind === "page" ? "browser" : "vm-running");
    item.contextValue = "target";
    return item;
  }
}
