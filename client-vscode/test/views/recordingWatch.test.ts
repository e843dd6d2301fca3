import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { RecordingWatch } from "../../src/views/recordingWatch";

describe("the watch for recordings", () => {
  let folder: string;
  const recording = (name: string) => path.join(folder, ".leakline", "recordings", name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "leakline-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("tells of one that is whole, and of one that is gone, once each", async () => {
    const onChange = vi.fn();
    const watch = new RecordingWatch(() => [folder, "/no/such/folder"], onChange);
    await watch.look();
    mkdirSync(recording("one"), { recursive: true });
    await watch.look();
    expect(onChange).not.toHaveBeenCalled();
    writeFileSync(path.join(recording("one"), "recording.json"), "{}");
    await watch.look();
    await watch.look();
    expect(onChange).toHaveBeenCalledTimes(1);
    rmSync(recording("one"), { recursive: true });
    await watch.look();
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});
