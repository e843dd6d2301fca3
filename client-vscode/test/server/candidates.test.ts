import { describe, expect, it } from "vitest";

import { candidates, type Surroundings } from "../../src/server/candidates";

const everything: Surroundings = {
  configured: null,
  selectedPython: "/envs/selected/bin/python",
  defaultPython: "/usr/bin/python3",
  folderPythons: ["/code/app/.venv/bin/python"],
  trusted: true,
  onPath: "/usr/local/bin/leakline",
  ownPython: "/storage/server/bin/python",
  uvx: { program: "/usr/bin/uvx", wheel: "/extension/leakline-0.1.0-py3-none-any.whl" },
};

function programs(surroundings: Surroundings): string[] {
  return candidates(surroundings).map((found) =>
    found.kind === "python" ? found.python : found.command,
  );
}

describe("where the server is looked for", () => {
  it("takes the selected interpreter first, then PATH, and uvx last", () => {
    expect(programs(everything)).toEqual([
      "/envs/selected/bin/python",
      "/usr/bin/python3",
      "/code/app/.venv/bin/python",
      "/usr/local/bin/leakline",
      "/storage/server/bin/python",
      "/usr/bin/uvx",
    ]);
  });

  it("takes nothing but the configured program", () => {
    expect(candidates({ ...everything, configured: ["/opt/py", "-m", "leakline"] })).toEqual([
      {
        kind: "program",
        origin: "the setting leakline.server.path",
        command: "/opt/py",
        args: ["-m", "leakline"],
      },
    ]);
  });

  it("starts nothing that an untrusted folder chooses", () => {
    expect(programs({ ...everything, trusted: false })).toEqual([
      "/usr/bin/python3",
      "/usr/local/bin/leakline",
      "/storage/server/bin/python",
      "/usr/bin/uvx",
    ]);
  });

  it("finds nothing on a machine that has nothing", () => {
    const nothing = { selectedPython: null, defaultPython: null, folderPythons: [], onPath: null };
    expect(programs({ ...everything, ...nothing, ownPython: null, uvx: null })).toEqual([]);
  });

  it("has uvx run the wheel that came with the extension, whatever an index has", () => {
    const uvx = candidates(everything).at(-1);
    expect(uvx).toMatchObject({ args: expect.arrayContaining([everything.uvx?.wheel]) as string[] });
  });
});
