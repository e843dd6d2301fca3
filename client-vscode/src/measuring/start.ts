/** How the program in a folder is started with its inspector open. */

import { readFile } from "node:fs/promises";
import * as path from "node:path";

export interface StartCommand {
  /** What a button calls it. */
  readonly name: string;
  /** The line for a terminal. */
  readonly line: string;
}

const WRANGLER_FILES = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"];

/** A script that is nothing but Node with a file of the folder's and plain arguments. */
const PLAIN_NODE = /^node\s+(?<rest>[\w./@=:\s-]+)$/;

/** @returns null where the folder does not tell. */
export async function startCommand(folder: string): Promise<StartCommand | null> {
  const manifest = await readText(path.join(folder, "package.json"));
  const scripts = scriptsOf(manifest);
  for (const file of WRANGLER_FILES) {
    if ((await readText(path.join(folder, file))) !== null) {
      const name = Object.keys(scripts).find((each) => isWranglerDev(scripts[each]));
      const line = name === undefined ? "npx wrangler dev" : `npm run ${name}`;
      const wanted = manifest?.includes('"wrangler"') === true;
      const missing = wanted && !(await isInstalled("wrangler", folder));
      return { name: "wrangler dev", line: missing ? `npm install && ${line}` : line };
    }
  }
  for (const name of ["dev", "start"]) {
    const rest = PLAIN_NODE.exec(scripts[name] ?? "")?.groups?.rest;
    if (rest !== undefined) {
      const line = rest.includes("--inspect") ? `npm run ${name}` : `node --inspect ${rest}`;
      return { name: line, line };
    }
  }
  return null;
}

/** Whether Node finds a package from a folder. */
async function isInstalled(name: string, folder: string): Promise<boolean> {
  const above = path.dirname(folder);
  const there = await readText(path.join(folder, "node_modules", name, "package.json"));
  return there !== null || (above !== folder && (await isInstalled(name, above)));
}

function isWranglerDev(script: string | undefined): boolean {
  return script !== undefined && /^wrangler dev(\s+[\w./@=:-]+)*$/.test(script);
}

function scriptsOf(manifest: string | null): Record<string, string> {
  try {
    const read: unknown = JSON.parse(manifest ?? "{}");
    const scripts =
      typeof read === "object" && read !== null && "scripts" in read ? read.scripts : {};
    return Object.fromEntries(
      Object.entries(scripts ?? {})
        .filter((entry): entry is [string, string] => typeof entry[1] === "string")
        .filter(([name]) => /^[\w:-]+$/.test(name)),
    );
  } catch {
    return {}; // npm tells the user about it
  }
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}
