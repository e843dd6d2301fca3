import { EventEmitter, ThemeIcon, TreeItem, type TreeDataProvider } from "vscode";

import type { DebuggedProgram } from "../measuring/debugSessions";
import type { Program } from "../measuring/picking";
import { nameOf, type Target } from "../measuring/target";

/** The programs whose inspectors answer on this machine, and those that VS Code debugs. */
export class TargetsView implements TreeDataProvider<Program> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param read Looks for them; none when there is no server to look with. */
  constructor(private readonly read: () => Promise<readonly Program[]>) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Program): Promise<Program[]> {
    return node === undefined ? [...(await this.read())] : [];
  }

  getTreeItem(node: Program): TreeItem {
    return "inspector" in node ? targetItem(node) : debuggedItem(node);
  }
}

function targetItem(target: Target): TreeItem {
  const item = new TreeItem(nameOf(target));
  item.id = target.inspector;
  item.description = [
    target.kind,
    target.address,
    ...(target.taken ? ["another client is connected"] : []),
  ].join(" · ");
  const process = target.pid === null ? [] : [`process ${target.pid}`];
  item.tooltip = [nameOf(target), target.inspector, target.runtime, ...process, target.directory]
    .filter((line) => line !== null && line !== "")
    .join("\n");
  // Else the tooltip alone is spoken.
  item.accessibilityInformation = { label: [nameOf(target), item.description].join(", ") };
  item.iconPath = new ThemeIcon(target.kind === "page" ? "browser" : "vm-running");
  item.contextValue = "target";
  return item;
}

function debuggedItem(program: DebuggedProgram): TreeItem {
  const item = new TreeItem(program.name);
  item.id = `debug session ${program.id}`;
  item.description = "debugged in this window";
  item.iconPath = new ThemeIcon("debug-alt");
  item.contextValue = "target";
  return item;
}
