/** Running a program to its end. */

import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";

export interface Ran {
  /** The exit status; null when it could not be started or was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Hears each line of the program's output. */
  readonly onLine?: (line: string) => void;
  readonly timeoutMs?: number;
}

export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** Runs a program in a folder that holds nothing of the user's. */
export const run: Run = (program, args, { signal, onLine, timeoutMs } = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: tmpdir(),
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    const out: string[] = [];
    const err: string[] = [];
    for (const [stream, lines] of [
      [child.stdout, out],
      [child.stderr, err],
    ] as const) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        onLine?.(line);
      });
    }
    child.once("error", (error) => {
      resolve({ code: null, stdout: out.join("\n"), stderr: error.message });
    });
    child.once("close", (code) => {
      resolve({ code, stdout: out.join("\n"), stderr: err.join("\n") });
    });
  });
