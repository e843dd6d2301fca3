/** The recordings of the open folders, from the server's `leakline/recordings`. */

import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";

import { fields, list, numberOrNull, text, texts } from "../json";

export interface Recording {
  /** Absolute path of its directory. */
  readonly path: string;
  /** The folder that it lies in. */
  readonly workspace: string;
  /** When the last snapshot was taken; null when it does not say. */
  readonly time: Date | null;
  /** What the inspector calls the program, or its kind. */
  readonly target: string;
  /** null when it cannot be read. */
  readonly snapshots: number | null;
  /** Requests that were answered in all; null when nobody counted. */
  readonly requests: number | null;
  /** What is counted as requests, such as `click`. */
  readonly unit: string;
  /** Bytes on disk. */
  readonly size: number;
  /** What to know of how it was made. */
  readonly notes: readonly string[];
  /** Why it cannot be read. */
  readonly problem: string | null;
}

/** One heap snapshot of a recording, as V8 wrote it. */
export interface Snapshot {
  readonly file: string;
  /** Counted from 0; the first is that of the warm-up. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
}

/** Reads the server's answer, newest first. What is not understood is left out. */
export function recordingsOf(answer: unknown): Recording[] {
  return list(fields(answer).recordings)
    .map(recordingOf)
    .filter((recording) => recording !== null);
}

function recordingOf(value: unknown): Recording | null {
  const said = fields(value);
  if (typeof said.path !== "string" || typeof said.workspace !== "string") {
    return null;
  }
  const { title, kind } = fields(said.target);
  const time = typeof said.time === "string" ? new Date(said.time) : null;
  return {
    path: said.path,
    workspace: said.workspace,
    time: time === null || Number.isNaN(time.getTime()) ? null : time,
    target: text(title) || text(kind) || "unknown program",
    snapshots: numberOrNull(said.snapshots),
    requests: numberOrNull(said.requests),
    unit: text(said.unit) || "request",
    size: numberOrNull(said.size) ?? 0,
    notes: texts(said.notes),
    problem: typeof said.problem === "string" ? said.problem : null,
  };
}

/** The snapshot files of a recording, the oldest first; none when it is gone. */
export async function snapshotsOf(recording: Recording): Promise<Snapshot[]> {
  const names = await readdir(recording.path).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const number = /^(\d+)\.heapsnapshot(?:\.gz)?$/.exec(name)?.[1];
      if (number === undefined) {
        return null;
      }
      const file = path.join(recording.path, name);
      const status = await stat(file).catch(() => null);
      return status?.isFile() === true
        ? { file, number: Number(number), size: status.size }
        : null;
    }),
  );
  return found
    .filter((snapshot) => snapshot !== null)
    .toSorted((a, b) => a.number - b.number);
}
