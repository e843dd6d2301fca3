import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { describe, expect, it, vi } from "vitest";

import { listening, PortWatch } from "../../src/views/portWatch";

function watch() {
  const state = { open: [9229] };
  const onChange = vi.fn();
  const made = new PortWatch(() => Promise.resolve(state.open), onChange);
  made.know([9229, 9230], [9229]);
  return { state, onChange, made };
}

describe("the watch for inspectors", () => {
  it("is silent while nothing changes", async () => {
    const { made, onChange } = watch();
    await made.look();
    await made.look();
    expect(onChange).not.toHaveBeenCalled();
  });

  it("tells that a program has gone, once", async () => {
    const { state, made, onChange } = watch();
    await made.look();
    state.open = [];
    await made.look();
    await made.look();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it("looks again for one that listens before it knows its program", async () => {
    const { state, made, onChange } = watch();
    await made.look();
    state.open = [9229, 9230];
    await made.look();
    await made.look();
    made.know([9229, 9230], [9229, 9230]);
    await made.look();
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it("does not ask for ever at a port where something else listens", async () => {
    const { state, made, onChange } = watch();
    await made.look();
    state.open = [9229, 9230];
    for (let turn = 0; turn < 100; turn += 1) {
      await made.look();
    }
    expect(onChange.mock.calls.length).toBeLessThan(20);
  });

  it("finds the ports at which something listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await vi.waitFor(() => {
      expect(server.listening).toBe(true);
    });
    const { port } = server.address() as AddressInfo;
    expect(await listening([port])).toEqual([port]);
    await new Promise((resolve) => server.close(resolve));
    expect(await listening([port])).toEqual([]);
  });
});
