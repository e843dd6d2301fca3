import { describe, expect, it } from "vitest";

import { sourceText } from "../src/sourceContent";

const uri = "leakline-source:/app/webpack/src/index.ts?recording=1";

describe("a source that is no file", () => {
  it("is asked for by its whole address and shown as it is", async () => {
    const asked: string[] = [];
    const text = await sourceText(uri, (name) => {
      asked.push(name);
      return Promise.resolve({ text: "let a = 1;\n" });
    });
    expect(text).toBe("let a = 1;\n");
    expect(asked).toEqual([uri]);
  });

  it.each([null, undefined, {}, { text: null }, "text"])(
    "says so when there is no text: %j",
    async (answer) => {
      await expect(sourceText(uri, () => Promise.resolve(answer))).rejects.toThrow("Measure again");
    },
  );

  it("passes on why the server refused", async () => {
    await expect(
      sourceText(uri, () => Promise.reject(new Error("the recording is gone"))),
    ).rejects.toThrow("the recording is gone");
  });
});
