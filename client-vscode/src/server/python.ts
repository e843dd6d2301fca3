/** Finding a Python that can run the server. */

import { findOnPath } from "./executables";
import type { Run } from "./run";

export const OLDEST_PYTHON = [3, 11] as const;

export interface Python {
  readonly program: string;
  /** Major, minor, micro. */
  readonly version: readonly [number, number, number];
  /** `sys.implementation.name`. */
  readonly implementation: string;
}

export interface PythonSearch {
  /** The first that is new enough; null when there is none. */
  readonly python: Python | null;
  /** Those that are too old. */
  readonly tooOld: readonly Python[];
}

const DESCRIBE =
  "import sys, json; v = sys.version_info; " +
  "print(json.dumps([sys.executable, v[0], v[1], v[2], sys.implementation.name]))";

/** Asks interpreters for their versions, in order, until one is new enough. */
export async function findPython(programs: readonly string[], run: Run): Promise<PythonSearch> {
  const tooOld: Python[] = [];
  for (const program of programs) {
    const python = await describePython(program, run);
    if (python === null) {
      continue;
    }
    if (isNewEnough(python)) {
      return { python, tooOld };
    }
    tooOld.push(python);
  }
  return { python: null, tooOld };
}

/** Python programs on PATH, the plain name first: it is the one that the user means. */
export async function pythonsOnPath(): Promise<string[]> {
  const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];
  const found = await Promise.all([...names, "py"].map((name) => findOnPath(name)));
  return found.filter((program) => program !== null);
}

/** What the user reads when no Python will do. */
export function noPythonMessage({ tooOld }: PythonSearch): string {
  const needed = `Leakline's server needs Python ${OLDEST_PYTHON.join(".")} or newer`;
  const [first] = tooOld;
  if (first === undefined) {
    return `${needed}, and no Python was found. Install one, then set up the server.`;
  }
  return `${needed}; ${first.program} is ${first.version.join(".")}. Install a newer one, then set up the server.`;
}

async function describePython(program: string, run: Run): Promise<Python | null> {
  const { code, stdout } = await run(program, ["-I", "-c", DESCRIBE]);
  if (code !== 0) {
    return null;
  }
  try {
    const answer: unknown = JSON.parse(stdout);
    if (!Array.isArray(answer)) {
      return null;
    }
    const [executable, major, minor, micro, implementation] = answer as [
      string,
      number,
      number,
      number,
      string,
    ];
    return { program: executable, version: [major, minor, micro], implementation };
  } catch {
    return null; // some other program with that name
  }
}

function isNewEnough({ version: [major, minor] }: Python): boolean {
  const [oldestMajor, oldestMinor] = OLDEST_PYTHON;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
