/**
 * Snapshots that VS Code has opened as text.
 *
 * VS Code remembers for the next window which files have an editor of an extension's. In the first
 * window after the installation it knows none yet, and opens what it is given at once as text.
 */

import {
  commands,
  TabInputText,
  window,
  workspace,
  type Memento,
  type Tab,
} from "vscode";

import { isSnapshot } from "./subject";

const DONE = "leakline.editorKnown";

/** Gives them to the explorer, once: later it is the user who wants to read one as text. */
export async function adoptEarlyTabs(editor: string, state: Memento): Promise<void> {
  if (state.get<boolean>(DONE) === true) {
    return;
  }
  await state.update(DONE, true);
  if (isTextByChoice()) {
    return;
  }
  for (const tab of window.tabGroups.all.flatMap(({ tabs }) => tabs)) {
    if (tab.input instanceof TabInputText && isSnapshot(tab.input.uri.path)) {
      await adopt(tab, tab.input, editor);
    }
  }
}

async function adopt(tab: Tab, { uri }: TabInputText, editor: string): Promise<void> {
  const { isActive, isPreview, group } = tab;
  await commands.executeCommand("vscode.openWith", uri, editor, {
    viewColumn: group.viewColumn,
    preview: isPreview,
    preserveFocus: !isActive || !group.isActive,
  });
  const left = window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString());
  await window.tabGroups.close(left);
}

/** Whether the user has given snapshots to another editor. */
function isTextByChoice(): boolean {
  const associations = workspace
    .getConfiguration("workbench")
    .get<Record<string, unknown>>("editorAssociations", {});
  return Object.keys(associations).some((pattern) => pattern.includes("heapsnapshot"));
}
