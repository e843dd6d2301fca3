/** Offers to start the folder's program in a terminal when none answers. */

import { setTimeout as sleep } from "node:timers/promises";

import { commands, ProgressLocation, window, workspace, type WorkspaceFolder } from "vscode";

import { likelyTargets } from "./choice";
import { startCommand, type StartCommand } from "./start";
import type { Target } from "./target";

const LONGEST_WAIT_MS = 120_000;
const BETWEEN_LOOKS_MS = 500;
const OPEN_SETTINGS = "Open settings";

/** @returns The program, once it listens; null when the user does not want it, or it does not come. */
export async function startAndWait(
  folder: WorkspaceFolder | undefined,
  look: () => Promise<Target[]>,
): Promise<Target | null> {
  // A folder that is not trusted chooses no program to start.
  const start =
    folder !== undefined && workspace.isTrusted ? await startCommand(folder.uri.fsPath) : null;
  const message =
    "No program with an open inspector answers on this machine. " +
    "Start yours: `npx wrangler dev`, or `node --inspect server.js`.";
  const startIt = start === null ? [] : [`Start ${start.name}`];
  const choice = await window.showInformationMessage(message, ...startIt, OPEN_SETTINGS);
  if (choice === OPEN_SETTINGS) {
    await commands.executeCommand("workbench.action.openSettings", "leakline.inspect");
  }
  if (folder === undefined || start === null || choice !== startIt[0]) {
    return null;
  }
  return runInTerminal(folder, start, look);
}

async function runInTerminal(
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
        const [target] = likelyTargets(await look(), folder.uri.fsPath);
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
