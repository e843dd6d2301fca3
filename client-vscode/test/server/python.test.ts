import { describe, expect, it } from "vitest";

import { findPython, noPythonMessage } from "../../src/server/python";
import { run, type Run } from "../../src/server/run";

/** Answers as interpreters of these versions would. */
function interpreters(versions: Record<string, [number, number, number]>): Run {
  return (program) => {
    const version = versions[program];
    return Promise.resolve(
      version === undefined
        ? { code: null, stdout: "", stderr: "no such file" }
        : { code: 0, stdout: JSON.stringify([program, ...version, "cpython"]), stderr: "" },
    );
  };
}

describe("the Python for the server", () => {
  it("is the first that is new enough", async () => {
    const machine = interpreters({ "/a": [3, 9, 2], "/b": [3, 12, 1], "/c": [3, 14, 0] });
    const { python } = await findPython(["/missing", "/a", "/b", "/c"], machine);
    expect(python).toMatchObject({ program: "/b", version: [3, 12, 1] });
  });

  it("is told to be too old, with its version", async () => {
    const search = await findPython(["/usr/bin/python3"], interpreters({ "/usr/bin/python3": [3, 10, 12] }));
    expect(noPythonMessage(search)).toBe(
      "Leakline's server needs Python 3.11 or newer; /usr/bin/python3 is 3.10.12. " +
        "Install a newer one, then set up the server.",
    );
  });

  it("is told to be missing", async () => {
    const search = await findPython(["/missing"], interpreters({}));
    expect(noPythonMessage(search)).toContain("no Python was found");
  });

  it("is not a program that only has the name", async () => {
    const stub: Run = () => Promise.resolve({ code: 0, stdout: "Get it from the store", stderr: "" });
    expect((await findPython(["/python"], stub)).python).toBeNull();
  });
});

describe("running a program", () => {
  it("hands on its lines and its end", async () => {
    const lines: string[] = [];
    const script = "console.log('one'); console.error('two'); process.exitCode = 3";
    const ran = await run(process.execPath, ["-e", script], { onLine: (line) => lines.push(line) });
    expect(ran).toEqual({ code: 3, stdout: "one", stderr: "two" });
    expect(lines.toSorted()).toEqual(["one", "two"]);
  });

  it("says that there is no such program", async () => {
    expect(await run("/no/such/program", [])).toMatchObject({ code: null });
  });

  it("ends it when asked to", async () => {
    const abort = new AbortController();
    const ran = run(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], {
      signal: abort.signal,
    });
    abort.abort();
    expect((await ran).code).toBeNull();
  });
});
