import { LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol";
import { expect, it } from "vitest";

import { failureText } from "../src/failure";

it("passes the server's one line on", () => {
  const error = new ResponseError(-32803, "Nothing listens at 127.0.0.1:9229.");
  expect(failureText(error)).toBe("Nothing listens at 127.0.0.1:9229.");
});

it("is silent about what the user has cancelled", () => {
  expect(failureText(new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled"))).toBeNull();
  expect(failureText(new ResponseError(LSPErrorCodes.ServerCancelled, ""))).toBeNull();
});

it("says something even when the server says nothing", () => {
  expect(failureText(new ResponseError(-32603, ""))).toContain("see the output");
  expect(failureText("gone")).toBe("gone");
});
