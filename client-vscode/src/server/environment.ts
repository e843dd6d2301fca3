/** The Python environment that the extension makes for the server when there is none. */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";

import { environmentPython } from "./executables";
import type { Python } from "./python";
import type { Run } from "./run";
import { fingerprint, wheelsFor, type Wheel } from "./wheels";

/** Written last, so that an environment without it is half made. */
const MARK = "leakline-wheel.txt";

const VERIFY = "import leakline.lsp, leakline.heap.kernels";

export interface SetUp {
  readonly run: Run;
  readonly signal: AbortSignal;
  /** Told in a few words what is being done. */
  readonly report: (message: string) => void;
  readonly log: (line: string) => void;
}

export class SetUpFailed extends Error {}

export type EnvironmentState = "missing" | "outdated" | "ready";

export class OwnEnvironment {
  constructor(
    readonly folder: string,
    private readonly wheels: readonly Wheel[],
  ) {}

  get python(): string {
    return environmentPython(this.folder);
  }

  /** The wheel that any Python can run; null when none was shipped. */
  get pureWheel(): string | null {
    return this.wheels.find((wheel) => wheel.compiledFor === null)?.file ?? null;
  }

  /** Outdated: it holds the server of another release of the extension. */
  async state(): Promise<EnvironmentState> {
    const mark = await readFile(path.join(this.folder, MARK), "utf8").catch(() => null);
    if (mark === null) {
      return "missing";
    }
    const shipped = await Promise.all(this.wheels.map(fingerprint));
    return shipped.includes(mark) ? "ready" : "outdated";
  }

  /**
   * Makes the environment, in place of one that may be there and that stays if this fails.
   *
   * @returns The wheel that went in.
   * @throws SetUpFailed with a line for the user, or the signal's reason.
   */
  async make(python: Python, setUp: SetUp): Promise<Wheel> {
    // Moved and moved back: an environment works only where it was made.
    const before = `${this.folder}-before`;
    if ((await this.state()) !== "missing") {
      await rm(before, { recursive: true, force: true });
      await rename(this.folder, before);
    }
    let wheel: Wheel;
    try {
      wheel = await this.#makeWithOneOf(wheelsFor(this.wheels, python), python, setUp);
    } catch (error) {
      await rename(before, this.folder).catch(() => undefined); // most have had none
      throw error;
    }
    await rm(before, { recursive: true, force: true });
    return wheel;
  }

  async #makeWithOneOf(wheels: readonly Wheel[], python: Python, setUp: SetUp): Promise<Wheel> {
    let failure: unknown = new SetUpFailed("this copy of the extension carries no server");
    for (const wheel of wheels) {
      try {
        await this.#makeWith(wheel, python, setUp);
        return wheel;
      } catch (error) {
        await rm(this.folder, { recursive: true, force: true });
        setUp.signal.throwIfAborted();
        setUp.log(`${path.basename(wheel.file)} could not be installed`);
        failure = error;
      }
    }
    throw failure;
  }

  async #makeWith(wheel: Wheel, python: Python, setUp: SetUp): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(path.dirname(this.folder), { recursive: true });
    setUp.report("making a Python environment");
    await execute(setUp, python.program, ["-I", "-m", "venv", this.folder]);
    const install = ["install", "--prefer-binary", "--disable-pip-version-check", wheel.file];
    await execute(setUp, this.python, ["-I", "-m", "pip", ...install]);
    setUp.report("trying it");
    await execute(setUp, this.python, ["-I", "-c", VERIFY]);
    await writeFile(path.join(this.folder, MARK), await fingerprint(wheel));
  }
}

async function execute(setUp: SetUp, program: string, args: readonly string[]): Promise<void> {
  setUp.log([program, ...args].join(" "));
  const { code, stdout, stderr } = await setUp.run(program, args, {
    signal: setUp.signal,
    onLine: (line) => {
      setUp.log(line);
      const message = progressOf(line);
      if (message !== null) {
        setUp.report(message);
      }
    },
  });
  setUp.signal.throwIfAborted();
  if (code !== 0) {
    throw new SetUpFailed(reasonOf(`${stdout}\n${stderr}`));
  }
}

/** What a line of pip's output means to a user; null for most. */
export function progressOf(line: string): string | null {
  const collecting = /^(?:Collecting|Processing) (\S+)/.exec(line.trim());
  if (collecting?.[1] !== undefined) {
    const [name] = path.basename(collecting[1]).split(/[<>=!~;[(-]/);
    return name === undefined || name === "" ? null : `getting ${name}`;
  }
  return line.startsWith("Installing collected packages") ? "installing" : null;
}

/** One line on why venv or pip failed. */
export function reasonOf(output: string): string {
  if (output.includes("ensurepip is not available")) {
    return "this Python cannot make environments; on Debian and Ubuntu install python3-venv";
  }
  const lines = output.split("\n").map((line) => line.trim());
  const told = lines.findLast((line) => /^(?:ERROR|Error):/.test(line)) ?? lines.findLast(Boolean);
  return told?.replace(/^error:\s*/i, "") ?? "it gave no reason";
}
