import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { bytes, growth } from "../../src/views/amounts";
import { groupByFile, leaksOf } from "../../src/views/leaks";
import { readRecordings } from "../../src/views/recordings";
import { configuredTarget, parseTargets } from "../../src/views/targets";

function finding(root: string, uri: string | null, retainedSize: number) {
  const start = { line: 4, character: 4 };
  return {
    fingerprint: `id of ${root}`,
    root,
    message: `global \`${root}\` grows`,
    severity: "warning",
    retainedSize,
    growthBytesPerRequest: 25.2,
    growthBytesPerSnapshot: 2520,
    location: uri === null ? null : { uri, range: { start, end: start }, changed: false },
    declaration: null,
  };
}

describe("the rows of Leaks", () => {
  it("are grouped by file, the largest first, with growth and size", () => {
    const leaks = leaksOf({
      findings: [
        finding("small", "file:///a.js", 1000),
        finding("large", "file:///b.js", 24_690),
        finding("lost", null, 10),
      ],
    });
    expect(groupByFile(leaks).map(({ uri, leaks }) => [uri, leaks.map((leak) => leak.figures)])).toEqual([
      ["file:///b.js", ["+25 B/request, 24.7 kB"]],
      ["file:///a.js", ["+25 B/request, 1.0 kB"]],
      [null, ["+25 B/request, 10 B"]],
    ]);
    expect(leaks[0]?.place).toEqual({ uri: "file:///a.js", line: 4, character: 4 });
  });

  it("tell the growth between snapshots where nobody counted requests", () => {
    const bare = { ...finding("a", null, 10), growthBytesPerRequest: null };
    expect(leaksOf({ findings: [bare] })[0]?.figures).toBe("+2.5 kB/snapshot, 10 B");
  });

  it("mark what the user ignores", () => {
    const leaks = leaksOf({ findings: [], ignored: [finding("a", null, 10)] });
    expect(leaks.map((leak) => leak.ignored)).toEqual([true]);
  });

  it.each([null, "text", { findings: 3 }, { findings: [{ root: 1 }, null] }])(
    "leave out what is none: %j",
    (answer) => {
      expect(leaksOf(answer)).toEqual([]);
    },
  );
});

describe("the rows of Recordings", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "leakline-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function record(name: string, manifest: string): string {
    const directory = path.join(folder, ".leakline", "recordings", name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, "recording.json"), manifest);
    return directory;
  }

  it("are the newest first, with time, target, snapshots, requests and size", async () => {
    const rounds = [
      { requests: 100, time: "2026-11-22T16:00:00+00:00" },
      { requests: 200, time: "2026-11-22T16:00:03+00:00" },
    ];
    const manifest = JSON.stringify({ target: { kind: "wrangler", title: "seed" }, rounds });
    record("20261121T000000.000Z-node", JSON.stringify({ target: { kind: "node" }, rounds: [{}] }));
    const newest = record("20261122T160000.000Z-wrangler", manifest);
    mkdirSync(path.join(newest, "sources"));
    writeFileSync(path.join(newest, "sources", "1.js"), "x".repeat(1000));
    const [first, second] = await readRecordings(folder);
    expect(first).toEqual({
      path: newest,
      time: new Date("2026-11-22T16:00:03Z"),
      target: "seed",
      snapshots: 2,
      requests: 200,
      size: manifest.length + 1000,
    });
    expect(second).toMatchObject({ target: "node", time: null, requests: null });
  });

  it("leave out what is damaged or leads elsewhere", async () => {
    record("1", "{");
    record("2", JSON.stringify({ rounds: [] }));
    const elsewhere = path.join(folder, "elsewhere.json");
    writeFileSync(elsewhere, JSON.stringify({ rounds: [{}] }));
    const linked = record("3", "");
    rmSync(path.join(linked, "recording.json"));
    symlinkSync(elsewhere, path.join(linked, "recording.json"));
    expect(await readRecordings(folder)).toEqual([]);
  });

  it("are none in a folder that was never measured", async () => {
    expect(await readRecordings(path.join(folder, "missing"))).toEqual([]);
  });
});

describe("the rows of Targets", () => {
  it("are the lines of `leakline targets`", () => {
    const output =
      "127.0.0.1:9229                      wrangler  seed-worker: Worker\n" +
      "ws://127.0.0.1:9230/a%20b           node      server.js file:///srv/server.js Node.js/v24\n" +
      "127.0.0.1:9231                      unknown\n";
    expect(parseTargets(output)).toEqual([
      { address: "127.0.0.1:9229", kind: "wrangler", about: "seed-worker: Worker" },
      {
        address: "ws://127.0.0.1:9230/a%20b",
        kind: "node",
        about: "server.js file:///srv/server.js Node.js/v24",
      },
      { address: "127.0.0.1:9231", kind: "unknown", about: "" },
    ]);
  });

  it("are none where none answers", () => {
    const output = "no inspector answers on ports 9229 to 9238 and 9222 of this machine\n";
    expect(parseTargets(output)).toEqual([]);
  });
});

describe("the inspector that the settings name", () => {
  it("is a target where it answers", async () => {
    const asked: string[] = [];
    const target = await configuredTarget("127.0.0.1:9650", (url) => {
      asked.push(url);
      return Promise.resolve([{ title: "seed-worker: Worker" }, {}]);
    });
    expect(asked).toEqual(["http://127.0.0.1:9650/json/list"]);
    expect(target).toMatchObject({ address: "127.0.0.1:9650", about: "seed-worker: Worker" });
  });

  it("is none where nobody answers, or no inspector does", async () => {
    const refused = () => Promise.reject(new Error("refused"));
    expect(await configuredTarget("127.0.0.1:9650", refused)).toBeNull();
    expect(await configuredTarget("127.0.0.1:9650", () => Promise.resolve({}))).toBeNull();
    expect(await configuredTarget("ws://127.0.0.1:9650/x", () => Promise.resolve([{}]))).toBeNull();
  });
});

describe("amounts", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [999.96, "1.0 kB"],
    [24_690, "24.7 kB"],
    [999_960, "1.0 MB"],
    [12e9, "12.0 GB"],
    [-2500, "-2.5 kB"],
  ])("%d", (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });

  it("have a sign when they are growth", () => {
    expect([growth(25), growth(-25)]).toEqual(["+25 B", "-25 B"]);
  });
});
