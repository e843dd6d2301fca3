import { describe, expect, it } from "vitest";

import { statusBarView } from "../src/status";

describe("one click on the status bar", () => {
  it("measures when nothing runs and nothing was found", () => {
    const view = statusBarView({ state: "idle", findings: 0, text: "no leaks found" }, false);
    expect(view).toEqual({
      command: "leakline.measureGrowth",
      text: "$(pulse) Leakline",
      tooltip: "Leakline: no leaks found; click to measure growth",
      spoken: "Leakline, no leaks found; click to measure growth",
    });
  });

  it("opens the Problems panel when there are findings", () => {
    const view = statusBarView({ state: "findings", findings: 2, text: "2 leaks" }, false);
    expect(view).toMatchObject({
      command: "workbench.actions.view.problems",
      text: "$(warning) Leakline: 2 leaks",
      // Nobody who listens sees the text.
      spoken: "Leakline: 2 leaks, click to show the Problems panel",
    });
  });

  it("cancels what runs, where that is possible, and else shows the output", () => {
    const status = { state: "measuring", findings: 0, text: "round 1 of 3" } as const;
    expect(statusBarView(status, true)).toMatchObject({
      command: "leakline.cancel",
      text: "$(loading~spin) Leakline: round 1 of 3",
      tooltip: "Leakline: click to cancel",
    });
    expect(statusBarView(status, false).command).toBe("leakline.showOutput");
  });

  it("sets the server up where there is none", () => {
    const view = statusBarView({ state: "absent", text: "It was not found." }, false);
    expect(view).toEqual({
      command: "leakline.setUpServer",
      text: "$(circle-slash) Leakline: set up",
      tooltip: "It was not found. Click to set it up.",
      spoken: "Leakline: set up, It was not found. Click to set it up.",
    });
  });

  it("shows the output while the server is being set up", () => {
    const view = statusBarView({ state: "settingUp", text: "setting up the server" }, false);
    expect(view).toMatchObject({
      command: "leakline.showOutput",
      text: "$(loading~spin) Leakline: setting up the server",
    });
  });

  it("shows why there is no server", () => {
    const view = statusBarView({ state: "stopped", text: "not found" }, false);
    expect(view).toMatchObject({ command: "leakline.showOutput", tooltip: "not found" });
  });
});

describe("a text from the server", () => {
  it("is cut where it is long", () => {
    const view = statusBarView({ state: "analyzing", findings: 0, text: "x".repeat(500) }, false);
    expect(view.text.length).toBeLessThan(100);
    expect(view.text.endsWith("…")).toBe(true);
  });

  it("does not become an icon", () => {
    const view = statusBarView({ state: "analyzing", findings: 0, text: "$(trash)" }, false);
    expect(view.text).toBe("$(loading~spin) Leakline: $ (trash)");
  });
});
