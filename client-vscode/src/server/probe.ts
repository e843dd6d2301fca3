/** Whether a candidate really is a `leakline` that can be started. */

import { execFile } from "node:child_process";
import { tmpdir } from "node:os";

import type { Candidate } from "./candidates";
import { PYTHON_FLAGS } from "./command";
import { isExecutable } from "./executables";

const IMPORT_TIMEOUT_MS = 15_000;

/** @returns null when the candidate works, else why it does not. */
export type Probe = (candidate: Candidate) => Promise<string | null>;

export const probe: Probe = async (candidate) => {
  if (candidate.kind === "program") {
    return (await isExecutable(candidate.command)) ? null : "there is no such program";
  }
  if (!(await isExecutable(candidate.python))) {
    return "there is no such interpreter";
  }
  return importFailure(candidate.python);
};

/** Imports the package in a folder that has nothing of the user's on the import path. */
function importFailure(python: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      python,
      [...PYTHON_FLAGS, "-c", "import leakline"],
      { cwd: tmpdir(), timeout: IMPORT_TIMEOUT_MS, windowsHide: true },
      (error, _stdout, stderr) => {
        resolve(error === null ? null : reason(stderr, error.message));
      },
    );
  });
}

/** The line of Python's complaint that names the fault. */
function reason(stderr: string, fallback: string): string {
  if (stderr.includes("Unknown option: -P")) {
    return "its Python is older than 3.11";
  }
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1)?.trim() ?? fallback;
}
