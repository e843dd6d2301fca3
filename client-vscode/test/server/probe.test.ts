import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { probe } from "../../src/server/probe";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "leakline-probe-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A stand-in for an interpreter. */
async function python(script: string): Promise<string> {
  const file = path.join(folder, "python");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function probePython(file: string): Promise<string | null> {
  return probe({ kind: "python", origin: "a test", python: file });
}

describe.skipIf(process.platform === "win32")("a Python interpreter", () => {
  it("works when it can import the package", async () => {
    expect(await probePython(await python('test "$*" = "-P -c import leakline"'))).toBeNull();
  });

  it("does not work without the package, and says so in Python's words", async () => {
    const file = await python(
      "echo 'Traceback:' >&2; echo \"ModuleNotFoundError: No module named 'leakline'\" >&2; exit 1",
    );
    expect(await probePython(file)).toBe("ModuleNotFoundError: No module named 'leakline'");
  });

  it("may be too old", async () => {
    const file = await python("echo 'Unknown option: -P' >&2; exit 2");
    expect(await probePython(file)).toBe("its Python is older than 3.11");
  });

  it("may be gone", async () => {
    expect(await probePython(path.join(folder, "python"))).toBe("there is no such interpreter");
  });

  it("is not started in the folder that is open", async () => {
    const file = await python(`test "$PWD" != '${process.cwd()}'`);
    expect(await probePython(file)).toBeNull();
  });
});

describe.skipIf(process.platform === "win32")("a program", () => {
  it("works when it may be started", async () => {
    const command = await python("exit 0");
    expect(await probe({ kind: "program", origin: "PATH", command, args: [] })).toBeNull();
  });

  it("does not when it is not there", async () => {
    const command = path.join(folder, "leakline");
    expect(await probe({ kind: "program", origin: "PATH", command, args: [] })).toBe(
      "there is no such program",
    );
  });
});
