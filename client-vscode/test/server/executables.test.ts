import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { environmentPython, expandPath, findOnPath, isExecutable } from "../../src/server/executables";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "leakline-path-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function program(name: string): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, 0o755);
  return file;
}

describe.skipIf(process.platform === "win32")("a program on PATH", () => {
  it("is found in the first folder that has it", async () => {
    const first = await program("one/leakline");
    await program("two/leakline");
    const PATH = [folder, path.dirname(first), path.join(folder, "two")].join(path.delimiter);
    expect(await findOnPath("leakline", { PATH }, "linux")).toBe(first);
  });

  it("is not looked for in relative entries", async () => {
    await program("leakline");
    const PATH = path.relative(process.cwd(), folder);
    expect(await findOnPath("leakline", { PATH }, "linux")).toBeNull();
  });

  it("is not a folder, and not a file that may not be started", async () => {
    const file = await program("leakline");
    await chmod(file, 0o644);
    expect(await isExecutable(file)).toBe(false);
    expect(await isExecutable(folder)).toBe(false);
  });

  it("is an .exe on Windows, where the variable may be called Path", async () => {
    const file = await program("leakline.exe");
    expect(await findOnPath("leakline", { Path: folder }, "win32")).toBe(file);
  });
});

describe("paths", () => {
  it("of an interpreter differ by system", () => {
    expect(environmentPython("/app/.venv", "linux")).toBe("/app/.venv/bin/python");
    expect(environmentPython("/app/.venv", "win32")).toContain("python.exe");
  });

  it.each([
    ["/usr/bin/python3", "/usr/bin/python3"],
    ["~/envs/a/bin/python", `${homedir()}/envs/a/bin/python`],
    ["${userHome}/python", `${homedir()}/python`],
    ["${workspaceFolder}/env/bin/python", "/code/app/env/bin/python"],
    ["python", null],
    ["${env:PYTHON}", null],
    ["", null],
  ])("from a setting: %s is %s", (value, expected) => {
    expect(expandPath(value, "/code/app")).toBe(expected);
  });

  it("do not name a folder where none is open", () => {
    expect(expandPath("${workspaceFolder}/python", null)).toBeNull();
  });
});
