import { describe, expect, it } from "vitest";

import { olderFirst } from "../../src/explorer/age";

const written = (times: Record<string, number>) => (file: string) => {
  const time = times[file];
  return time === undefined ? Promise.reject(new Error("not there")) : Promise.resolve(time);
};

describe("of two snapshots", () => {
  it.each([
    [["before", "after"], { before: 1, after: 2 }, ["before", "after"]],
    [["after", "before"], { before: 1, after: 2 }, ["before", "after"]],
  ] as const)("the one that was written first is the older: %j", async (picked, times, expected) => {
    expect(await olderFirst(picked, written(times))).toEqual(expected);
  });

  it("of the same time the numbers in the names decide", async () => {
    const times = { "/a/10.heapsnapshot": 5, "/a/9.heapsnapshot": 5 };
    expect(await olderFirst(["/a/10.heapsnapshot", "/a/9.heapsnapshot"], written(times))).toEqual([
      "/a/9.heapsnapshot",
      "/a/10.heapsnapshot",
    ]);
  });

  it("of which one is gone the names decide, too: the server tells what is not there", async () => {
    expect(await olderFirst(["b", "a"], written({ b: 1 }))).toEqual(["a", "b"]);
  });
});
