/**
 * Snapshots that VS Code has opened before it knew the heap explorer.
 *
 * VS Code remembers for the next window which files have an editor of an extension's. In the first
 * window after the installation it knows none yet, and opens what it is given at once as text, or in
 * the simple table that comes with VS Code.
 */

import {
  commands,
  TabInputCustom,
  TabInputText,
  window,
  workspace,
  type Disposable,
  type Memento,
  type Tab,
  type Uri,
} from "vscode";

import { isSnapshot } from "./subject";

/** Snapshots that the user has given to another editor, by "Reopen Editor With". */
const CHOSEN = "leakline.otherEditors";

/**
 * Gives those that are open to the explorer. Who opens one elsewhere from now on wants it there, also
 * after the window was loaded anew.
 *
 * @param state That of the window.
 */
export function adoptEarlyTabs(editor: string, state: Memento): Disposable {
  const chosen = new Set(state.get<string[]>(CHOSEN, []));
  void adoptAll(editor, chosen);
  return window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
    for (const uri of snapshotsElsewhere(closed, editor)) {
      chosen.delete(uri.toString());
    }
    for (const uri of snapshotsElsewhere(opened, editor)) {
      chosen.add(uri.toString());
    }
    void state.update(CHOSEN, [...chosen]);
  });
}

async function adoptAll(editor: string, chosen: ReadonlySet<string>): Promise<void> {
  if (isGivenAway(editor)) {
    return;
  }
  const early = allTabs().filter((tab) =>
    snapshotsElsewhere([tab], editor).some((uri) => !chosen.has(uri.toString())),
  );
  for (const tab of early) {
    await adopt(tab, editor);
  }
}

async function adopt(tab: Tab, editor: string): Promise<void> {
  const { isActive, isPreview, group } = tab;
  const [uri] = snapshotsElsewhere([tab], editor);
  if (uri === undefined) {
    return;
  }
  await commands.executeCommand("vscode.openWith", uri, editor, {
    viewColumn: group.viewColumn,
    preview: isPreview,
    preserveFocus: !isActive || !group.isActive,
  });
  const left = allTabs().filter((each) =>
    snapshotsElsewhere([each], editor).some((other) => other.toString() === uri.toString()),
  );
  await window.tabGroups.close(left);
}

function allTabs(): Tab[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs);
}

/** The snapshots that are open in other editors than the explorer. */
function snapshotsElsewhere(tabs: readonly Tab[], editor: string): Uri[] {
  return tabs.flatMap(({ input }) => {
    const isElsewhere =
      input instanceof TabInputText ||
      (input instanceof TabInputCustom && input.viewType !== editor);
    return isElsewhere && isSnapshot(input.uri.path) ? [input.uri] : [];
  });
}

/** Whether the user has given all snapshots to another editor. */
function isGivenAway(editor: string): boolean {
  const said = workspace
    .getConfiguration("workbench")
    .inspect<Record<string, unknown>>("editorAssociations");
  return [said?.globalValue, said?.workspaceValue]
    .flatMap((associations) => Object.entries(associations ?? {}))
    .some(([pattern, chosen]) => pattern.includes("heapsnapshot") && chosen !== editor);
}
