import { describe, expect, it } from "vitest";

import { candidates, type Surroundings } from "../../src/server/candidates";

const everything: Surroundings = {
  configured: null,
  selectedPython: "/envs/selected/bin/python",
  defaultPython: "/usr/bin/python3",
  folderPythons: ["/code/app/.venv/bin/python"],
  trusted: true,
  onPath: "/usr/local/bin/leakline",
};

function programs(surroundings: Surroundings): string[] {
  return candidates(surroundings).map((found) =>
    found.kind === "python" ? found.python : found.command,
  );
}

describe("where the server is looked for", () => {
  it("takes the selected interpreter first and PATH last", () => {
    expect(programs(everything)).toEqual([
      "/envs/selected/bin/python",
      "/usr/bin/python3",
      "/code/app/.venv/bin/python",
      "/usr/local/bin/leakline",
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
    ]);
  });

  it("finds nothing on a machine that has nothing", () => {
    const nothing = { selectedPython: null, defaultPython: null, folderPythons: [], onPath: null };
    expect(programs({ ...everything, ...nothing })).toEqual([]);
  });
});
