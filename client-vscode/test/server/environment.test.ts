import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { OwnEnvironment, progressOf, reasonOf } from "../../src/server/environment";
import type { Python } from "../../src/server/python";
import type { Run } from "../../src/server/run";
import { parseWheel, shippedWheels, wheelsFor } from "../../src/server/wheels";

const python: Python = {
  program: "/usr/bin/python3",
  version: [3, 11, 7],
  implementation: "cpython",
};
const PURE = "leakline-0.1.0-py3-none-any.whl";
const COMPILED = "leakline-0.1.0-cp311-cp311-linux_x86_64.whl";

let storage: string;
let shipped: string;
let commands: string[];

beforeEach(async () => {
  storage = mkdtempSync(path.join(tmpdir(), "leakline-test-"));
  shipped = path.join(storage, "wheels");
  await mkdir(shipped);
  commands = [];
});

afterEach(() => {
  rmSync(storage, { recursive: true });
});

async function environment(...names: string[]): Promise<OwnEnvironment> {
  for (const name of names) {
    writeFileSync(path.join(shipped, name), `content of ${name}`);
  }
  return new OwnEnvironment(path.join(storage, "server"), await shippedWheels(shipped));
}

/** Python and pip that do nothing but make the folder, or fail where a test says so. */
function machine(failsAt: (command: string) => string | null = () => null): Run {
  return async (program, args) => {
    const command = [program, ...args].join(" ");
    commands.push(command);
    const stderr = failsAt(command);
    if (stderr === null && command.includes("-m venv")) {
      await mkdir(args.at(-1) ?? "", { recursive: true });
    }
    return { code: stderr === null ? 0 : 1, stdout: "", stderr: stderr ?? "" };
  };
}

function setUp(run: Run, signal: AbortSignal = new AbortController().signal) {
  return { run, signal, report: () => undefined, log: () => undefined };
}

describe("the environment that the extension makes", () => {
  it("is made with the shipped wheel and then found", async () => {
    const own = await environment(PURE);
    expect(await own.state()).toBe("missing");
    await own.make(python, setUp(machine()));
    expect(await own.state()).toBe("ready");
    expect(commands[0]).toBe(`/usr/bin/python3 -I -m venv ${own.folder}`);
    expect(commands[1]).toContain(`-I -m pip install`);
    expect(commands[1]).toContain(path.join(shipped, PURE));
  });

  it("is outdated when the extension ships another wheel", async () => {
    await (await environment(PURE)).make(python, setUp(machine()));
    writeFileSync(path.join(shipped, PURE), "the next release");
    const later = new OwnEnvironment(path.join(storage, "server"), await shippedWheels(shipped));
    expect(await later.state()).toBe("outdated");
  });

  it("takes the pure wheel where the compiled one does not work", async () => {
    const own = await environment(PURE, COMPILED);
    const wheel = await own.make(
      python,
      setUp(machine((command) => (command.includes(COMPILED) ? "ERROR: not supported" : null))),
    );
    expect(path.basename(wheel.file)).toBe(PURE);
    expect(await own.state()).toBe("ready");
  });

  it("leaves nothing behind when it fails, and says why in one line", async () => {
    const own = await environment(PURE);
    const offline = "WARNING: Retrying\nERROR: No matching distribution found for numpy";
    const made = own.make(
      python,
      setUp(machine((command) => (command.includes("pip") ? offline : null))),
    );
    await expect(made).rejects.toThrow("No matching distribution found for numpy");
    expect(existsSync(own.folder)).toBe(false);
  });

  it("keeps the one of the former release when the next cannot be made", async () => {
    await (await environment(PURE)).make(python, setUp(machine()));
    writeFileSync(path.join(storage, "server", "kept.txt"), "former");
    writeFileSync(path.join(shipped, PURE), "the next release");
    const later = new OwnEnvironment(path.join(storage, "server"), await shippedWheels(shipped));
    const offline = machine((command) => (command.includes("pip") ? "ERROR: no network" : null));
    await expect(later.make(python, setUp(offline))).rejects.toThrow("no network");
    expect(await later.state()).toBe("outdated");
    expect(readFileSync(path.join(later.folder, "kept.txt"), "utf8")).toBe("former");

    await later.make(python, setUp(machine()));
    expect(await later.state()).toBe("ready");
    expect(readdirSync(storage).sort()).toEqual(["server", "wheels"]);
  });

  it("leaves nothing behind when it is cancelled", async () => {
    const own = await environment(PURE, COMPILED);
    const abort = new AbortController();
    const run = machine((command) => {
      if (command.includes("pip")) {
        abort.abort();
      }
      return null;
    });
    await expect(own.make(python, setUp(run, abort.signal))).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }) as Error,
    );
    expect(existsSync(own.folder)).toBe(false);
    expect(commands).toHaveLength(2);
  });

  it("says so when the extension was packed without a wheel", async () => {
    const own = await environment();
    await expect(own.make(python, setUp(machine()))).rejects.toThrow("carries no server");
  });
});

describe("the wheel for a Python", () => {
  const wheels = [PURE, COMPILED].map(parseWheel).filter((wheel) => wheel !== null);
  const names = (chosen: Python) => wheelsFor(wheels, chosen).map((wheel) => wheel.file);

  it("is the compiled one of its version, then the pure one", () => {
    expect(names(python)).toEqual([COMPILED, PURE]);
  });

  it("is the pure one for other versions and other Pythons", () => {
    expect(names({ ...python, version: [3, 12, 0] })).toEqual([PURE]);
    expect(names({ ...python, implementation: "pypy" })).toEqual([PURE]);
  });

  it("is no other file", () => {
    expect(parseWheel("evil-1.0-py3-none-any.whl")).toBeNull();
    expect(parseWheel("README.md")).toBeNull();
  });
});

describe("what the user reads meanwhile", () => {
  it.each([
    ["Collecting numpy<3,>=2.0 (from leakline==0.1.0)", "getting numpy"],
    ["Processing /home/me/leakline-0.1.0-py3-none-any.whl", "getting leakline"],
    ["Installing collected packages: numpy, leakline", "installing"],
    ["  Downloading numpy-2.3.whl (16 MB)", null],
  ])("%s", (line, message) => {
    expect(progressOf(line)).toBe(message);
  });

  it("is told what Debian's Python lacks", () => {
    expect(reasonOf("Error: ensurepip is not available\n...")).toContain("python3-venv");
  });
});
