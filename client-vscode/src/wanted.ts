/**
 * Whether a window has something for the server to do.
 *
 * VS Code starts the extension in every window, since a snapshot may be open in it as text (see
 * `explorer/earlyTabs`). A process of its own is worth it only where there is JavaScript,
 * TypeScript, or something of Leakline's, or where the user asks.
 */

import { Disposable, workspace, type Event, type TextDocument } from "vscode";

import { isServed } from "./served";

const IN_FOLDERS = "**/{.leakline.toml,*.heapsnapshot,*.heapsnapshot.gz}";

/**
 * Calls `start` once, as soon as there is something.
 *
 * @param asked Events by which the user asks for it.
 */
export function onceWanted(start: () => void, asked: readonly Event<unknown>[]): Disposable {
  let isStarted = false;
  const once = () => {
    if (!isStarted) {
      isStarted = true;
      listeners.dispose();
      start();
    }
  };
  const look = (document: TextDocument) => {
    if (isServed(document)) {
      once();
    }
  };
  const listeners = Disposable.from(
    workspace.onDidOpenTextDocument(look),
    ...asked.map((event) => event(once)),
  );
  if (workspace.textDocuments.some(isServed)) {
    once();
  } else {
    void workspace.findFiles(IN_FOLDERS, undefined, 1).then((found) => {
      if (found.length > 0) {
        once();
      }
    });
  }
  return listeners;
}
