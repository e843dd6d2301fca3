import { describe, expect, it } from "vitest";

import { pageHtml } from "../../src/explorer/page";
import { keptSubject, oneSubject, pairSubject, pathOf, titleOf } from "../../src/explorer/subject";
import { bytes, percent, placeName, signed, whole } from "../../webview/format";
import { kindsOf } from "../../webview/kinds";

describe("amounts", () => {
  it("have three digits at most where they are rounded", () => {
    expect([0, 999, 1000, 25_104_320, 999_600, 99_950, 5e9, -2500].map(bytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "25.1 MB",
      "1.0 MB",
      "100 kB",
      "5.0 GB",
      "−2.5 kB",
    ]);
  });

  it("have all digits in tables", () => {
    expect(whole(25_104_320)).toBe("25,104,320");
    expect([1234, -5, 0].map(signed)).toEqual(["+1,234", "−5", "0"]);
  });

  it("have a share that is never nothing where there is something", () => {
    expect(percent(1, 1000)).toBe("<1 %");
    expect(percent(0, 1000)).toBe("0 %");
    expect(percent(333, 1000)).toBe("33 %");
    expect(percent(1, 0)).toBe("0 %");
  });
});

describe("a place", () => {
  it("is named by its file and line", () => {
    expect(placeName("file:///a/b/index.js?x#y", 3, 4)).toBe("index.js:5");
    expect(placeName("node:buffer", 3, 4)).toBe("node:buffer:5");
    expect(placeName("data:text/html;base64,AAAA/BBBB", 3, 4)).toBe("data URL:5");
    expect(placeName(null, 3, 4)).toBe("script 3:5");
  });
});

describe("the kinds of memory", () => {
  it("add up to the whole", () => {
    const found = {
      nodes: 1,
      edges: 1,
      total: 120,
      native: 20,
      typedArrays: 5,
      v8Heap: 100,
      code: 10,
      strings: 20,
      jsArrays: 5,
      system: 15,
    };
    expect(kindsOf(found).reduce((sum, { size }) => sum + size, 0)).toBe(120);
  });
});

describe("what the explorer shows", () => {
  it("is a file, or a recording by its folder or its manifest", () => {
    expect(oneSubject("/w/a.heapsnapshot")).toEqual({
      paths: ["/w/a.heapsnapshot"],
      recording: null,
      compare: false,
    });
    expect(oneSubject("/w/r").recording).toBe("/w/r");
    expect(oneSubject("/w/r/recording.json").paths).toEqual(["/w/r"]);
  });

  it("takes paths, URIs and rows of the views", () => {
    expect(pathOf("/w/r")).toBe("/w/r");
    expect(pathOf("file:///w/a%20b")).toBe("/w/a b");
    expect(pathOf({ fsPath: "/w/r", path: "/w/r" })).toBe("/w/r");
    expect(pathOf({ recording: { path: "/w/r" } })).toBe("/w/r");
    expect(pathOf(undefined)).toBeNull();
  });

  it("is named by its files", () => {
    expect(titleOf(pairSubject("/w/a.heapsnapshot", "/w/b.heapsnapshot"))).toBe(
      "a.heapsnapshot ↔ b.heapsnapshot",
    );
  });

  it("comes back with the window, unless what was kept is of no use", () => {
    const subject = oneSubject("/w/r");
    expect(keptSubject(JSON.parse(JSON.stringify(subject)))).toEqual(subject);
    for (const kept of [null, {}, { paths: [] }, { paths: [1] }]) {
      expect(keptSubject(kept)).toBeNull();
    }
  });
});

describe("the page's frame", () => {
  it("lets in nothing but its own script and style", () => {
    const html = pageHtml({
      nonce: "abc",
      cspSource: "https://webview",
      script: "https://webview/explorer.js",
      style: "https://webview/explorer.css",
    });
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc'");
    expect(policy).not.toContain("unsafe");
    expect(html.match(/<script nonce="abc"/g)).toHaveLength(1);
  });
});
