/** Asks the user which program is meant. */

import { commands, window, type QuickPickItem } from "vscode";

import type { DebuggedProgram } from "./debugSessions";
import type { StartCommand } from "./start";
import { nameOf, type Target } from "./target";

/** An inspector that answers, or a program that this window debugs. */
export type Program = Target | DebuggedProgram;

const OPEN_SETTINGS = "Open settings";

/**
 * @param start How the folder's own program is started; null where nobody knows, or may.
 * @returns null when the user chooses none.
 */
export async function pickProgram(
  programs: readonly Program[],
  start: StartCommand | null,
): Promise<Program | "start" | null> {
  const items: (QuickPickItem & { readonly choice: Program | "start" })[] = programs.map((program) => ({
    label: labelOf(program),
    description:
      "inspector" in program ? `${program.kind} · ${program.inspector}` : "debugged in this window",
    detail: "inspector" in program ? (program.directory ?? "") : "",
    choice: program,
  }));
  if (start !== null) {
    items.unshift({
      label: `$(play) Start ${start.name}`,
      description: "in a terminal",
      detail: start.line,
      choice: "start",
    });
  }
  if (items.length === 0) {
    const answer = await window.showInformationMessage(
      "No program with an open inspector answers on this machine. " +
        "Start yours: npx wrangler dev, or node --inspect server.js.",
      OPEN_SETTINGS,
    );
    if (answer === OPEN_SETTINGS) {
      await commands.executeCommand("workbench.action.openSettings", "leakline.inspect");
    }
    return null;
  }
  const title =
    start === null ? "Which program?" : "No program of this folder has an open inspector";
  return (await window.showQuickPick(items, { title }))?.choice ?? null;
}

export function labelOf(program: Program): string {
  return "inspector" in program ? nameOf(program) : program.name;
}
