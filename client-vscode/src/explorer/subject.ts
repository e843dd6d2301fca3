/** What a command or an editor was given, as what the explorer shows. */

import * as path from "node:path";

import type { Subject } from "./messages";

const MANIFEST = "recording.json";

/** A path, a URI, or a row of the Recordings view. */
export type Opened = unknown;

/** The path that something stands for; null when it stands for none. */
export function pathOf(opened: Opened): string | null {
  if (typeof opened === "string") {
    return opened.startsWith("file:") ? decodeURIComponent(new URL(opened).pathname) : opened;
  }
  const { fsPath, path: own, recording } = fields(opened);
  if (typeof fsPath === "string") {
    return fsPath;
  }
  if (typeof own === "string") {
    return own;
  }
  return recording === undefined ? null : pathOf(recording);
}

/** One recording or snapshot file. */
export function oneSubject(opened: string): Subject {
  const recording = recordingOf(opened);
  return { paths: [recording ?? opened], recording, compare: false };
}

/** Two snapshots, the older one first. */
export function pairSubject(older: string, newer: string): Subject {
  return { paths: [older, newer], recording: null, compare: true };
}

/** What the explorer's tab is called. */
export function titleOf({ paths }: Subject): string {
  return paths.map((one) => path.basename(one)).join(" ↔ ");
}

/** What an earlier window kept of its explorer; null when it is of no use. */
export function keptSubject(kept: unknown): Subject | null {
  const { paths, recording, compare } = fields(kept);
  if (!Array.isArray(paths) || paths.length === 0) {
    return null;
  }
  if (!paths.every((one): one is string => typeof one === "string")) {
    return null;
  }
  return {
    paths,
    recording: typeof recording === "string" ? recording : null,
    compare: compare === true,
  };
}

/** Whether a path is that of a snapshot file. */
export function isSnapshot(file: string): boolean {
  return /\.heapsnapshot(\.gz)?$/.test(file);
}

function recordingOf(opened: string): string | null {
  if (path.basename(opened) === MANIFEST) {
    return path.dirname(opened);
  }
  return isSnapshot(opened) ? null : opened;
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value : {};
}
