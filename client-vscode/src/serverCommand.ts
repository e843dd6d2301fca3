import { window } from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";

import { failureText } from "./failure";

/** Has the server carry out a command, and tells the user why when it could not. */
export async function runServerCommand(
  client: LanguageClient,
  command: string,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    return await client.sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: [...args],
    });
  } catch (error) {
    tellFailure(client, command, error);
    return undefined;
  }
}

/** Tells the user why something failed, unless it was cancelled. */
export function tellFailure(client: LanguageClient, what: string, error: unknown): void {
  const text = failureText(error);
  if (text !== null) {
    client.outputChannel.error(`${what}: ${text}`);
    void window.showErrorMessage(`Leakline: ${text}`);
  }
}
