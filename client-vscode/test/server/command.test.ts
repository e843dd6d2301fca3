import { describe, expect, it } from "vitest";

import { parseServerPath, sameCommand, serverCommand } from "../../src/server/command";

describe("the command line of the server", () => {
  it("runs a program with its own arguments before the subcommand", () => {
    const command = serverCommand({
      kind: "program",
      origin: "PATH",
      command: "/bin/leakline",
      args: ["--verbose"],
    });
    expect([command.command, ...command.args]).toEqual(["/bin/leakline", "--verbose", "lsp"]);
  });

  it("keeps the folder Python is started in off the import path", () => {
    const command = serverCommand({ kind: "python", origin: "x", python: "/bin/python" });
    expect([command.command, ...command.args]).toEqual([
      "/bin/python",
      "-P",
      "-m",
      "leakline",
      "lsp",
    ]);
  });

  it("tells command lines apart by their arguments too, wherever they were found", () => {
    const one = { command: "a", args: ["b", "c"], origin: "PATH" };
    expect(sameCommand(one, { ...one, origin: "the folder's .venv" })).toBe(true);
    expect(sameCommand(one, { ...one, args: ["b c"] })).toBe(false);
  });
});

describe("the setting leakline.server.path", () => {
  it.each([
    ["", null],
    ["  ", null],
    [undefined, null],
    [[], null],
    ["/opt/leak line/leakline", ["/opt/leak line/leakline"]],
    [
      ["python3", "-m", "leakline"],
      ["python3", "-m", "leakline"],
    ],
  ])("reads %j as %j", (value, expected) => {
    expect(parseServerPath(value)).toEqual(expected);
  });

  it.each([[{}], [7], [["leakline", 7]]])("says what is wrong with %j", (value) => {
    expect(() => parseServerPath(value)).toThrow("leakline.server.path must be a path");
  });
});
