import { beforeEach, describe, expect, it } from "vitest";

import { ProgressNotices, type ProgressValue } from "../src/progress";

interface Shown {
  title: string;
  reports: [string | undefined, number | undefined][];
  closed: boolean;
  cancel: () => void;
}

let shown: Shown[];
let cancelled: (string | number)[];
let cancellable: boolean[];
let passedOn: string[];
let notices: ProgressNotices;

beforeEach(() => {
  shown = [];
  cancelled = [];
  cancellable = [];
  passedOn = [];
  notices = new ProgressNotices(
    (title, cancel) => {
      const notice: Shown = { title, reports: [], closed: false, cancel };
      shown.push(notice);
      return {
        report: (message, increment) => notice.reports.push([message, increment]),
        close: () => {
          notice.closed = true;
        },
      };
    },
    (token) => cancelled.push(token),
    (value) => cancellable.push(value),
  );
});

function send(token: string, value: ProgressValue): void {
  notices.handle(token, value, () => passedOn.push(value.kind));
}

const begin = { kind: "begin", title: "Leakline: Measure growth", cancellable: true } as const;

describe("progress of an operation that can be cancelled", () => {
  it("is a notification that fills and closes", () => {
    send("a", { ...begin, message: "warm-up round", percentage: 0 });
    send("a", { kind: "report", message: "round 1 of 3", percentage: 25 });
    send("a", { kind: "report", message: "round 2 of 3", percentage: 60 });
    expect(shown).toHaveLength(1);
    expect(shown[0]?.title).toBe("Leakline: Measure growth");
    expect(shown[0]?.reports).toEqual([
      ["warm-up round", 0],
      ["round 1 of 3", 25],
      ["round 2 of 3", 35],
    ]);
    expect(shown[0]?.closed).toBe(false);
    send("a", { kind: "end" });
    expect(shown[0]?.closed).toBe(true);
    expect(cancellable).toEqual([true, false]);
  });

  it("never runs backwards and never past the end", () => {
    send("a", { ...begin, percentage: 50 });
    send("a", { kind: "report", message: "late", percentage: 20 });
    send("a", { kind: "report", percentage: 400 });
    expect(shown[0]?.reports.map(([, increment]) => increment)).toEqual([50, 0, 50]);
  });

  it("lets the language client hear of the end only", () => {
    send("a", begin);
    send("a", { kind: "report", message: "on" });
    send("a", { kind: "end" });
    expect(passedOn).toEqual(["end"]);
  });

  it("is cancelled at the server by its Cancel button, while it runs", () => {
    send("a", begin);
    send("b", begin);
    shown[1]?.cancel();
    expect(cancelled).toEqual(["b"]);
    send("b", { kind: "end" });
    shown[1]?.cancel();
    expect(cancelled).toEqual(["b"]);
  });

  it("is cancelled by one click for all", () => {
    send("a", begin);
    send("b", begin);
    notices.cancelAll();
    expect(cancelled).toEqual(["a", "b"]);
  });

  it("closes when the server is gone", () => {
    send("a", begin);
    send("b", begin);
    notices.closeAll();
    expect(shown.every((notice) => notice.closed)).toBe(true);
    expect(cancellable.at(-1)).toBe(false);
    send("a", { kind: "report", message: "from the grave" });
    expect(shown[0]?.reports).toEqual([]);
  });
});

it("leaves other progress to the language client", () => {
  send("a", { kind: "begin", title: "Reading a recording" });
  send("a", { kind: "report", message: "half" });
  send("a", { kind: "end" });
  expect(shown).toEqual([]);
  expect(passedOn).toEqual(["begin", "report", "end"]);
});
