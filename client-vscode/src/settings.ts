import { Uri, workspace } from "vscode";

/** What says how to measure, under the names that the settings and the server's commands share. */
const TARGET_SETTINGS = ["url", "inspect", "requests", "rounds"] as const;

/**
 * Completes the arguments of a server command with the settings of the folder that the file lies
 * in. The server asks for the settings of the whole window, where a folder's own do not show.
 */
export function withFolderSettings(args: readonly unknown[]): unknown[] {
  const [first, ...others] = args;
  const uri = fileOf(first);
  if (uri === null) {
    return [...args];
  }
  const settings = workspace.getConfiguration("leakline", Uri.parse(uri));
  const target = Object.fromEntries(
    TARGET_SETTINGS.map((name) => [name, settings.get<unknown>(name)]),
  );
  // What was asked for in so many words wins: a row of Targets names its own inspector.
  return [{ ...target, ...(first as object), uri }, ...others];
}

function fileOf(argument: unknown): string | null {
  if (typeof argument !== "object" || argument === null || !("uri" in argument)) {
    return null;
  }
  return typeof argument.uri === "string" ? argument.uri : null;
}
