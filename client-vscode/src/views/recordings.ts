/** The recordings of a folder, read from disk: `.leakline/recordings/<name>/recording.json`. */

import { lstat, readdir, readFile } from "node:fs/promises";
import * as path from "node:path";

const LARGEST_MANIFEST_BYTES = 64 * 2 ** 20;

export interface Recording {
  /** Absolute path of its directory. */
  readonly path: string;
  /** When the last snapshot was taken; null when it does not say. */
  readonly time: Date | null;
  /** What the inspector calls the program, or its kind. */
  readonly target: string;
  readonly snapshots: number;
  /** Requests that were answered in all; null when nobody counted. */
  readonly requests: number | null;
  /** Bytes on disk. */
  readonly size: number;
}

/** The whole recordings of a folder, newest first. One that cannot be read is left out. */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const parent = path.join(folder, ".leakline", "recordings");
  const names = await readdir(parent).catch(() => []);
  // The names begin with the time.
  const newestFirst = names.toSorted().toReversed();
  const found = await Promise.all(newestFirst.map((name) => readRecording(path.join(parent, name))));
  return found.filter((recording) => recording !== null);
}

async function readRecording(directory: string): Promise<Recording | null> {
  const manifest = path.join(directory, "recording.json");
  try {
    const status = await lstat(manifest);
    if (!status.isFile() || status.size > LARGEST_MANIFEST_BYTES) {
      return null;
    }
    const described = describe(JSON.parse(await readFile(manifest, "utf8")));
    return described && { path: directory, ...described, size: await sizeOf(directory) };
  } catch {
    return null; // half written, deleted meanwhile, or none of ours
  }
}

function describe(manifest: unknown): Omit<Recording, "path" | "size"> | null {
  const { target, rounds } = fields(manifest);
  const last = Array.isArray(rounds) ? fields(rounds.at(-1)) : {};
  if (!Array.isArray(rounds) || rounds.length === 0) {
    return null;
  }
  const { title, kind } = fields(target);
  const name = [title, kind].find((text) => typeof text === "string" && text !== "");
  const time = typeof last.time === "string" ? new Date(last.time) : null;
  return {
    time: time === null || Number.isNaN(time.getTime()) ? null : time,
    target: typeof name === "string" ? name : "unknown program",
    snapshots: rounds.length,
    requests: typeof last.requests === "number" ? last.requests : null,
  };
}

/** Links are not followed: they lead out of the recording. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(directory, entry.name);
      return entry.isDirectory() ? sizeOf(file) : (await lstat(file)).size;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value : {};
}
