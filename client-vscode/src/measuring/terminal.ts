/** Starts the folder's program in a terminal, and waits until it listens. */

import { setTimeout as sleep } from "node:timers/promises";

import { ProgressLocation, window, type WorkspaceFolder } from "vscode";

import { candidates } from "./choice";
import type { StartCommand } from "./start";
import type { Target } from "./target";

/** It may have to be installed first. */
const LONGEST_WAIT_MS = 300_000;
const BETWEEN_LOOKS_MS = 500;

/**
 * @param look Asks which programs answer.
 * @returns null when it does not come, or the user does not wait for it.
 */
export async function startInTerminal(
  folder: WorkspaceFolder,
  start: StartCommand,
  look: () => Promise<Target[]>,
): Promise<Target | null> {
  const terminal = window.createTerminal({ name: start.name, cwd: folder.uri });
  terminal.show(true);
  terminal.sendText(start.line);
  return window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: `Leakline: waiting for ${start.name}`,
      cancellable: true,
    },
    async (_progress, cancellation) => {
      const deadline = Date.now() + LONGEST_WAIT_MS;
      while (Date.now() < deadline && terminal.exitStatus === undefined) {
        const [target] = candidates(await look(), folder.uri.fsPath).here;
        if (cancellation.isCancellationRequested) {
          return null;
        }
        // An inspector opens before the program's own server does.
        if (target !== undefined && (target.pid === null || target.otherPorts.length > 0)) {
          return target;
        }
        await sleep(BETWEEN_LOOKS_MS);
      }
      void window.showWarningMessage(`${start.name} opened no inspector. Its terminal says why.`);
      return null;
    },
  );
}
