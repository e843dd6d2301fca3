import { describe, expect, it, vi } from "vitest";

import { Bridge, type Pending } from "../../src/explorer/bridge";
import type { ToPage, View } from "../../src/explorer/messages";

function bridgeTo(answer: Promise<unknown>, cancel = vi.fn()) {
  const posted: ToPage[] = [];
  const ask = vi.fn(
    (_view: View, _params: object, onProgress: (text: string, percentage: number) => void) => {
      onProgress("reading", 10);
      return { answer, cancel } satisfies Pending;
    },
  );
  const bridge = new Bridge(
    ask,
    (message) => posted.push(message),
    (error) => (error instanceof Error ? error.message : null),
  );
  return { bridge, posted, ask, cancel };
}

const QUESTION = { type: "ask", id: 7, view: "summary", params: { limit: 1 } } as const;

describe("the bridge between page and server", () => {
  it("carries a question there, and progress and answer back", async () => {
    const { bridge, posted, ask } = bridgeTo(Promise.resolve({ total: 3 }));
    expect(bridge.take(QUESTION)).toBe(true);
    await vi.waitFor(() => {
      expect(posted).toEqual([
        { type: "progress", id: 7, text: "reading", percentage: 10 },
        { type: "answer", id: 7, data: { total: 3 } },
      ]);
    });
    expect(ask.mock.calls[0]?.slice(0, 2)).toEqual(["summary", { limit: 1 }]);
  });

  it("says why a question failed", async () => {
    const { bridge, posted } = bridgeTo(Promise.reject(new Error("cut short")));
    bridge.take(QUESTION);
    await vi.waitFor(() => {
      expect(posted.at(-1)).toEqual({ type: "failure", id: 7, text: "cut short" });
    });
  });

  it("asks the server nothing but what the explorer is for", () => {
    const { bridge, posted, ask } = bridgeTo(Promise.resolve());
    bridge.take({ ...QUESTION, view: "../measure" as View });
    expect(ask).not.toHaveBeenCalled();
    expect(posted).toMatchObject([{ type: "failure", id: 7 }]);
  });

  it("gives up a question when told to, and all when the page goes", () => {
    const { bridge, cancel } = bridgeTo(new Promise(() => undefined));
    bridge.take(QUESTION);
    bridge.take({ type: "cancel", id: 8 });
    expect(cancel).not.toHaveBeenCalled();
    bridge.take({ type: "cancel", id: 7 });
    expect(cancel).toHaveBeenCalledTimes(1);
    bridge.dispose();
    expect(cancel).toHaveBeenCalledTimes(2);
  });

  it("leaves other messages to others", () => {
    expect(bridgeTo(Promise.resolve()).bridge.take({ type: "ready" })).toBe(false);
  });
});
