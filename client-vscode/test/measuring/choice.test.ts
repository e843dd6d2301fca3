import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { candidates, homeOf, likelyUrl } from "../../src/measuring/choice";
import { startCommand } from "../../src/measuring/start";
import { nameOf, portsIn, targetsOf, type Target } from "../../src/measuring/target";

function target(port: number, more: Partial<Target> = {}): Target {
  const address = `127.0.0.1:${port}`;
  return {
    inspector: address,
    address,
    kind: "node",
    title: "server.js",
    runtime: "node.js/v24",
    pid: 4711,
    directory: "/code/app",
    otherPorts: [],
    taken: false,
    ...more,
  };
}

describe("the targets", () => {
  it("are read from the server's answer", () => {
    const answer = {
      version: 1,
      targets: [{ ...target(9229), url: "file:///code/app/server.js", v8: "13.6" }],
    };
    expect(targetsOf(answer)).toEqual([target(9229)]);
  });

  it("may be known by their address alone", () => {
    const [bare] = targetsOf({ targets: [{ inspector: "127.0.0.1:9229", address: "127.0.0.1:9229" }] });
    expect(bare).toMatchObject({ kind: "unknown", directory: null, otherPorts: [], taken: false });
    expect(bare && nameOf(bare)).toBe("127.0.0.1:9229");
  });

  it.each([null, { targets: 1 }, { targets: [null, {}] }])("are none in %j", (answer) => {
    expect(targetsOf(answer)).toEqual([]);
  });
});

describe("the folder of a program, among several", () => {
  const folders = ["/code/app", "/code/worker"];

  it("is the one that it runs in, whichever it was asked from", () => {
    expect(homeOf(target(9229, { directory: "/code/worker/src" }), folders, 0)).toBe(1);
    expect(homeOf(target(9229, { directory: "/code/app" }), folders, 0)).toBe(0);
  });

  it("is the one that it was asked from, where that may be", () => {
    for (const directory of ["/code", "/elsewhere", null]) {
      expect(homeOf(target(9229, { directory }), folders, 1)).toBe(1);
    }
  });
});

describe("the program that a measurement means", () => {
  const ports = (targets: readonly Target[], folder: string | null) =>
    candidates(targets, folder).here.map(({ address }) => Number(address.split(":")[1]));

  it("is the one that runs in the folder", () => {
    const other = target(9229, { directory: "/code/other" });
    expect(ports([other, target(9230)], "/code/app")).toEqual([9230]);
  });

  it("may run in a package of the folder, or above it", () => {
    expect(ports([target(9229, { directory: "/code/app/workers/a" })], "/code/app")).toEqual([9229]);
    expect(ports([target(9229, { directory: "/code" }), target(9230, { directory: "/code2" })], "/code/app")).toEqual([9229]);
  });

  it("is one of which nobody knows where it runs", () => {
    expect(ports([target(9229, { directory: null })], "/code/app")).toEqual([9229]);
    expect(ports([target(9229, { directory: "/elsewhere" })], null)).toEqual([9229]);
  });

  it("is none that runs elsewhere, and no page, unless the user says so", () => {
    const elsewhere = target(9230, { directory: "/elsewhere" });
    const page = target(9222, { kind: "page" });
    expect(candidates([elsewhere, page], "/code/app")).toEqual({
      here: [],
      others: [elsewhere, page],
    });
  });
});

describe("the address of the requests", () => {
  it("is the program's only other port", () => {
    expect(likelyUrl(target(9229, { otherPorts: [3000] }))).toBe("http://127.0.0.1:3000/{i}");
    expect(likelyUrl(target(9229, { otherPorts: [40_123] }))).toBe("http://127.0.0.1:40123/{i}");
  });

  it("is no port that the system gave away, where there is another", () => {
    expect(likelyUrl(target(9229, { otherPorts: [8787, 41_005] }))).toBe("http://127.0.0.1:8787/{i}");
  });

  it("is not guessed among several", () => {
    expect(likelyUrl(target(9229, { otherPorts: [3000, 3001] }))).toBeNull();
    expect(likelyUrl(target(9229))).toBeNull();
  });
});

describe("the command that starts a folder's program", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "leakline-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: unknown): void {
    writeFileSync(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  it("is wrangler where there is a Worker", async () => {
    write("wrangler.jsonc", "{}");
    expect((await startCommand(folder))?.line).toBe("npx wrangler dev");
    write("package.json", { scripts: { build: "tsc", dev: "wrangler dev --port 3000" } });
    expect(await startCommand(folder)).toEqual({ name: "wrangler dev", line: "npm run dev" });
  });

  it("installs wrangler first where the folder wants it and it is not there", async () => {
    write("wrangler.toml", "");
    write("package.json", { devDependencies: { wrangler: "4" }, scripts: { dev: "wrangler dev" } });
    expect((await startCommand(folder))?.line).toBe("npm install && npm run dev");
    mkdirSync(path.join(folder, "node_modules", "wrangler"), { recursive: true });
    write("node_modules/wrangler/package.json", "{}");
    expect((await startCommand(folder))?.line).toBe("npm run dev");
  });

  it("is Node with its inspector where the scripts name a file", async () => {
    write("package.json", { scripts: { start: "node src/server.js --port 3000" } });
    expect((await startCommand(folder))?.line).toBe("node --inspect src/server.js --port 3000");
    write("package.json", { scripts: { dev: "node --inspect server.js", start: "node server.js" } });
    expect((await startCommand(folder))?.line).toBe("npm run dev");
  });

  it.each([
    ["{"],
    ["{}"],
    [JSON.stringify({ scripts: { start: "node server.js && rm -rf /" } })],
    [JSON.stringify({ scripts: { start: "next start" } })],
  ])("is unknown with %s", async (manifest) => {
    write("package.json", manifest);
    expect(await startCommand(folder)).toBeNull();
  });
});

describe("the port of an inspector that a setting names", () => {
  it.each([
    ["127.0.0.1:9229", [9229]],
    ["ws://localhost:9230/some-id", [9230]],
    ["[::1]:9231", [9231]],
    ["localhost", []],
    ["ws://host/9:1", []],
    [null, []],
  ])("%s: %j", (setting, ports) => {
    expect(portsIn(setting)).toEqual(ports);
  });
});
