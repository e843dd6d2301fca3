/** The wheels of the server that come with the extension. */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";

import type { Python } from "./python";

export interface Wheel {
  readonly file: string;
  /** The Python that it was compiled for, such as `cp311`; null for one that runs anywhere. */
  readonly compiledFor: string | null;
}

/** Reads a wheel's file name; null when it is none. */
export function parseWheel(file: string): Wheel | null {
  const match = /^leakline-[^-]+-(?<python>[^-]+)-(?<abi>[^-]+)-[^-]+\.whl$/.exec(
    path.basename(file),
  );
  const tags = match?.groups;
  if (tags === undefined) {
    return null;
  }
  return { file, compiledFor: tags.abi === "none" ? null : (tags.python ?? null) };
}

/** The wheels that may run in a Python, the fastest first. */
export function wheelsFor(wheels: readonly Wheel[], python: Python): Wheel[] {
  const [major, minor] = python.version;
  const tag = python.implementation === "cpython" ? `cp${major}${minor}` : null;
  return [
    ...wheels.filter((wheel) => wheel.compiledFor !== null && wheel.compiledFor === tag),
    ...wheels.filter((wheel) => wheel.compiledFor === null),
  ];
}

export async function shippedWheels(folder: string): Promise<Wheel[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => parseWheel(path.join(folder, name))).filter((wheel) => wheel !== null);
}

/** What tells a wheel from that of another release, and of another build of the same release. */
export async function fingerprint(wheel: Wheel): Promise<string> {
  const content = await readFile(wheel.file);
  return `${path.basename(wheel.file)} ${createHash("sha256").update(content).digest("hex")}`;
}
