/** Finding programs on the machine. */

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";

/** Whether a path is a file that may be started. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * Looks a program up on PATH. Relative entries are passed over: they would name a place in
 * whatever folder happens to be open.
 */
export async function findOnPath(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const entries = (environment.PATH ?? environment.Path ?? "").split(path.delimiter);
  const file = platform === "win32" ? `${name}.exe` : name;
  for (const entry of entries) {
    const candidate = path.join(entry, file);
    if (path.isAbsolute(entry) && (await isExecutable(candidate))) {
      return candidate;
    }
  }
  return null;
}

/** The interpreter of a virtual environment. */
export function environmentPython(
  environment: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}

/**
 * Puts the home and the first folder into a path from a setting.
 *
 * @returns null when the path is still not absolute: a bare `python` says nothing.
 */
export function expandPath(value: string, folder: string | null): string | null {
  let expanded = value.trim().replace(/^~(?=$|[\\/])/, homedir());
  expanded = expanded.replaceAll("${userHome}", homedir());
  if (folder !== null) {
    expanded = expanded.replaceAll("${workspaceFolder}", folder);
  }
  return path.isAbsolute(expanded) ? expanded : null;
}
