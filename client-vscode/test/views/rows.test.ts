import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { bytes, growth } from "../../src/views/amounts";
import { groupByFile, leaksOf } from "../../src/views/leaks";
import { copyPlain } from "../../src/views/copyPlain";
import { recordingsOf, snapshotsOf } from "../../src/views/recordings";

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

  it("tell what is counted", () => {
    const clicked = { ...finding("a", null, 10), unit: "click" };
    expect(leaksOf({ findings: [clicked] })[0]?.figures).toBe("+25 B/click, 10 B");
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
  const described = {
    path: "/code/app/.leakline/recordings/20261122T160000.000Z-wrangler",
    workspace: "/code/app",
    size: 2000,
    time: "2026-11-22T16:00:03+00:00",
    target: { kind: "wrangler", title: "seed" },
    snapshots: 4,
    requests: 400,
    unit: "click",
    notes: ["wrangler runs several Workers"],
    problem: null,
  };

  it("have time, target, snapshots, requests and size", () => {
    expect(recordingsOf({ recordings: [described] })).toEqual([
      { ...described, time: new Date("2026-11-22T16:00:03Z"), target: "seed" },
    ]);
  });

  it("say of what is damaged why it cannot be read", () => {
    const damaged = { time: null, target: null, snapshots: null, requests: null, problem: "no JSON" };
    expect(recordingsOf({ recordings: [{ ...described, ...damaged }] })).toMatchObject([
      { problem: "no JSON", target: "unknown program", time: null, snapshots: null },
    ]);
  });

  it.each([null, [], { recordings: 3 }, { recordings: [null, { path: 1 }] }])(
    "leave out what is none: %j",
    (answer) => {
      expect(recordingsOf(answer)).toEqual([]);
    },
  );
});

describe("the snapshots of a recording", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "leakline-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are in the order in which they were taken", async () => {
    for (const name of ["10.heapsnapshot", "2.heapsnapshot.gz", "0.heapsnapshot", "recording.json"]) {
      writeFileSync(path.join(folder, name), "x".repeat(name.length));
    }
    mkdirSync(path.join(folder, "3.heapsnapshot"));
    const [recording] = recordingsOf({ recordings: [{ path: folder, workspace: "/code" }] });
    const found = recording && (await snapshotsOf(recording));
    expect(found?.map(({ number, size }) => [number, size])).toEqual([
      [0, 14],
      [2, 17],
      [10, 15],
    ]);
  });

  it("are none when the recording has gone", async () => {
    const gone = path.join(folder, "gone");
    const [recording] = recordingsOf({ recordings: [{ path: gone, workspace: "/code" }] });
    expect(recording && (await snapshotsOf(recording))).toEqual([]);
  });

  it("are copied for Chrome DevTools as V8 wrote them, for the user alone", async () => {
    const packed = path.join(folder, "0.heapsnapshot.gz");
    writeFileSync(packed, gzipSync('{"snapshot":{}}'));
    const copy = path.join(folder, "for-devtools.heapsnapshot");
    await copyPlain(packed, copy);
    expect(readFileSync(copy, "utf8")).toBe('{"snapshot":{}}');
    expect(statSync(copy).mode & 0o077).toBe(0);
  });
});

describe("amounts", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [999.96, "1.0 kB"],
    [24_690, "24.7 kB"],
    [99_960, "100 kB"],
    [103_820, "104 kB"],
    [999_960, "1.0 MB"],
    [12e9, "12.0 GB"],
    [-2500, "-2.5 kB"],
  ])("%d", (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });

  it("have a sign when they are growth", () => {
    const texts = [25, -25, 0.26, -2, 0, 0.01, 272.4, 103_820].map(growth);
    expect(texts).toEqual(
      ["+25 B", "-25 B", "+0.3 B", "-2 B", "0 B", "0 B", "+272 B", "+104 kB"],
    );
  });
});
