import { describe, expect, it } from "vitest";

import type { Surroundings } from "../../src/server/candidates";
import { describeRejected, discover, notFoundMessage } from "../../src/server/discover";

const surroundings: Surroundings = {
  configured: null,
  selectedPython: "/a/python",
  defaultPython: "/b/python",
  folderPythons: [],
  trusted: true,
  onPath: "/c/leakline",
  ownPython: null,
  uvx: null,
};

describe("the search for the server", () => {
  it("ends at the first candidate that works, and remembers why the others do not", async () => {
    const found = await discover(surroundings, (candidate) =>
      Promise.resolve(
        candidate.kind === "python" && candidate.python === "/b/python" ? null : "no leakline",
      ),
    );
    expect(found.server?.command).toBe("/b/python");
    expect(found.rejected.map(describeRejected)).toEqual([
      "/a/python (from the selected Python interpreter): no leakline",
    ]);
  });

  it("offers a user without a server to set it up", async () => {
    const found = await discover(surroundings, () => Promise.resolve("nothing there"));
    expect(found.server).toBeNull();
    expect(notFoundMessage(found, false)).toContain("Leakline can set it up");
  });

  it("tells a user whose setting is wrong what is wrong with it", async () => {
    const found = await discover({ ...surroundings, configured: ["/x/leakline"] }, () =>
      Promise.resolve("there is no such program"),
    );
    expect(notFoundMessage(found, true)).toBe(
      "Leakline's server could not be found: /x/leakline " +
        "(from the setting leakline.server.path): there is no such program.",
    );
  });
});
