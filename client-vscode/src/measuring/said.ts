/** What the user has said of what to measure, in the settings or in `.leakline.toml`. */

import { readFile } from "node:fs/promises";
import * as path from "node:path";

import { workspace, type WorkspaceFolder } from "vscode";

/** The file's names for the settings. */
const IN_FILE = { inspect: /^\s*inspector\s*=/m, traffic: /^\s*(?:url|observe)\s*=/m, click: /^\s*click\s*=/m } as const;

export interface Said {
  /** The value of `leakline.inspect`; null where it is not set. */
  readonly inspect: string | null;
  /** Whether `.leakline.toml` names the inspector. Only the server reads it. */
  readonly inspectInFile: boolean;
  /** Whether it is set where requests go, or that others' are watched, in either place. */
  readonly traffic: boolean;
  /** Whether it is set what is clicked on where the program is a page, in either place. */
  readonly click: boolean;
}

export async function whatIsSaid(folder: WorkspaceFolder | undefined): Promise<Said> {
  const file =
    folder === undefined
      ? ""
      : await readFile(path.join(folder.uri.fsPath, ".leakline.toml"), "utf8").catch(() => "");
  return {
    inspect: valueIfSet("inspect", folder),
    inspectInFile: IN_FILE.inspect.test(file),
    traffic:
      IN_FILE.traffic.test(file) ||
      valueIfSet("url", folder) !== null ||
      valueIfSet("observe", folder) !== null,
    click: IN_FILE.click.test(file) || valueIfSet("click", folder) !== null,
  };
}

function valueIfSet(
  name: "inspect" | "url" | "observe" | "click",
  folder: WorkspaceFolder | undefined,
): string | null {
  const settings = workspace.getConfiguration("leakline", folder?.uri);
  const value = settings.get<unknown>(name);
  // The server, too, takes a setting that has its default for one that is not set.
  return typeof value === "string" && value !== settings.inspect(name)?.defaultValue ? value : null;
}
