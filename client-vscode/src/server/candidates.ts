/** Where a `leakline` may be found, in the order in which the places are tried. */

/** A program that is `leakline` itself, with arguments that come before the subcommand. */
export interface ProgramCandidate {
  readonly kind: "program";
  readonly origin: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Arguments with which it ends at once and well where it can be started. */
  readonly trial?: readonly string[];
}

/** A Python interpreter in which the `leakline` package may be installed. */
export interface PythonCandidate {
  readonly kind: "python";
  readonly origin: string;
  readonly python: string;
}

export type Candidate = ProgramCandidate | PythonCandidate;

/** What the editor and the machine say. Paths are absolute. */
export interface Surroundings {
  /** `leakline.server.path`, already parsed; null when it is empty. */
  readonly configured: readonly [string, ...string[]] | null;
  /** The interpreter that the Python extension has selected. */
  readonly selectedPython: string | null;
  /** `python.defaultInterpreterPath`. */
  readonly defaultPython: string | null;
  /** Interpreters of a `.venv` in the open folders. */
  readonly folderPythons: readonly string[];
  /** Whether programs that the open folders choose may be started. */
  readonly trusted: boolean;
  /** `leakline` on PATH. */
  readonly onPath: string | null;
  /** The interpreter of the environment that the extension has made; null when it has not. */
  readonly ownPython: string | null;
  /** `uvx` on PATH and the wheel that it is to run. */
  readonly uvx: { readonly program: string; readonly wheel: string } | null;
}

/**
 * Lists the candidates, best first. A configured program stands alone: when it does not work the
 * user wants to hear so, and not to get another one.
 */
export function candidates(surroundings: Surroundings): Candidate[] {
  if (surroundings.configured !== null) {
    const [command, ...args] = surroundings.configured;
    return [{ kind: "program", origin: "the setting leakline.server.path", command, args }];
  }
  const found: Candidate[] = [];
  if (surroundings.trusted && surroundings.selectedPython !== null) {
    found.push(python("the selected Python interpreter", surroundings.selectedPython));
  }
  if (surroundings.defaultPython !== null) {
    found.push(python("the setting python.defaultInterpreterPath", surroundings.defaultPython));
  }
  if (surroundings.trusted) {
    for (const path of surroundings.folderPythons) {
      found.push(python("the folder's .venv", path));
    }
  }
  if (surroundings.onPath !== null) {
    found.push({ kind: "program", origin: "PATH", command: surroundings.onPath, args: [] });
  }
  if (surroundings.ownPython !== null) {
    found.push(python("the environment that Leakline made", surroundings.ownPython));
  }
  if (surroundings.uvx !== null) {
    const { program, wheel } = surroundings.uvx;
    // The wheel by its path: the name alone would get whatever an index has under it.
    const args = ["--python", ">=3.11", "--from", wheel, "leakline"];
    const trial = [...args, "--version"];
    found.push({ kind: "program", origin: "uvx", command: program, args, trial });
  }
  return found;
}

function python(origin: string, path: string): PythonCandidate {
  return { kind: "python", origin, python: path };
}
