/** The command line that starts the language server. */

import type { Candidate } from "./candidates";

export interface ServerCommand {
  readonly command: string;
  /** Without `--stdio`: the language client adds it. */
  readonly args: readonly string[];
  /** Where the program was found, for the log. */
  readonly origin: string;
}

/** Python's own arguments: the folder it is started in is no place to import from. */
export const PYTHON_FLAGS: readonly string[] = ["-P"];

/** What has `leakline` serve an editor; it comes last. */
const SUBCOMMAND = "lsp";

export function serverCommand(candidate: Candidate): ServerCommand {
  if (candidate.kind === "program") {
    return {
      command: candidate.command,
      args: [...candidate.args, SUBCOMMAND],
      origin: candidate.origin,
    };
  }
  return {
    command: candidate.python,
    args: [...PYTHON_FLAGS, "-m", "leakline", SUBCOMMAND],
    origin: candidate.origin,
  };
}

/** Whether two command lines start the same program. */
export function sameCommand(a: ServerCommand, b: ServerCommand): boolean {
  return a.command === b.command && a.args.join("\0") === b.args.join("\0");
}

/**
 * Reads `leakline.server.path`: a path, or a list of a program and its arguments.
 *
 * @throws Error when it is neither.
 */
export function parseServerPath(value: unknown): readonly [string, ...string[]] | null {
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === "string") {
    const path = value.trim();
    return path === "" ? null : [path];
  }
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    const [command, ...args] = value;
    return command === undefined || command.trim() === "" ? null : [command, ...args];
  }
  throw new Error("leakline.server.path must be a path, or a list of a program and its arguments.");
}
