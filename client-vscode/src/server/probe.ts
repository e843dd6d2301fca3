/** Whether a candidate really is a `leakline` that can be started. */

import type { Candidate } from "./candidates";
import { PYTHON_FLAGS } from "./command";
import { isExecutable } from "./executables";
import { run } from "./run";

const IMPORT_TIMEOUT_MS = 15_000;

/** `uvx` gets the server's libraries when it is run for the first time. */
const TRIAL_TIMEOUT_MS = 180_000;

/** @returns null when the candidate works, else why it does not. */
export type Probe = (candidate: Candidate) => Promise<string | null>;

export const probe: Probe = async (candidate) => {
  if (candidate.kind === "program") {
    if (!(await isExecutable(candidate.command))) {
      return "there is no such program";
    }
    return candidate.trial === undefined
      ? null
      : failureOf(candidate.command, candidate.trial, TRIAL_TIMEOUT_MS);
  }
  if (!(await isExecutable(candidate.python))) {
    return "there is no such interpreter";
  }
  return failureOf(candidate.python, [...PYTHON_FLAGS, "-c", "import leakline"], IMPORT_TIMEOUT_MS);
};

async function failureOf(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<string | null> {
  const { code, stderr } = await run(program, args, { timeoutMs });
  return code === 0 ? null : reason(stderr, "it does not answer");
}

/** The line of Python's complaint that names the fault. */
function reason(stderr: string, fallback: string): string {
  if (stderr.includes("Unknown option: -P")) {
    return "its Python is older than 3.11";
  }
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1)?.trim() ?? fallback;
}
