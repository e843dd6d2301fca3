/** What the user is told about a command that the server could not carry out. */

import { LSPErrorCodes } from "vscode-languageserver-protocol";

import { fields } from "./json";

/** @returns null when there is nothing to tell: the user has cancelled it. */
export function failureText(error: unknown): string | null {
  const { code, message } = fields(error);
  if (code === LSPErrorCodes.RequestCancelled || code === LSPErrorCodes.ServerCancelled) {
    return null;
  }
  const text = typeof message === "string" ? message.trim() : String(error);
  return text === "" ? "the server gave no reason; see the output" : text;
}
