/** The rows of the Leaks view, from the server's `leakline/summary`. */

import { fields, list, text } from "../json";
import { bytes, growth } from "./amounts";

export interface Place {
  readonly uri: string;
  /** Counted from 0, in UTF-16 units. */
  readonly line: number;
  readonly character: number;
}

export interface Leak {
  readonly fingerprint: string;
  readonly root: string;
  readonly message: string;
  readonly warning: boolean;
  readonly ignored: boolean;
  /** The line was edited since the snapshot. */
  readonly changed: boolean;
  readonly place: Place | null;
  /** `+25 B/request, 10.0 kB`. */
  readonly figures: string;
  readonly retainedSize: number;
}

/** The findings of one file, the largest first. */
export interface LeakGroup {
  /** null: these are on no line of a file here. */
  readonly uri: string | null;
  readonly leaks: readonly Leak[];
}

/** Reads the server's answer. What is not understood is left out. */
export function leaksOf(summary: unknown): Leak[] {
  const parts = fields(summary);
  const known = list(parts.findings).map((finding) => leakOf(finding, false));
  const ignored = list(parts.ignored).map((finding) => leakOf(finding, true));
  return [...known, ...ignored].filter((leak) => leak !== null);
}

export function groupByFile(leaks: readonly Leak[]): LeakGroup[] {
  const groups = new Map<string | null, Leak[]>();
  for (const leak of leaks.toSorted((a, b) => b.retainedSize - a.retainedSize)) {
    const uri = leak.place?.uri ?? null;
    groups.set(uri, [...(groups.get(uri) ?? []), leak]);
  }
  return [...groups].map(([uri, members]) => ({ uri, leaks: members }));
}

function leakOf(value: unknown, ignored: boolean): Leak | null {
  const finding = fields(value);
  const { fingerprint, root, message, retainedSize } = finding;
  if (
    typeof fingerprint !== "string" ||
    typeof root !== "string" ||
    typeof message !== "string" ||
    typeof retainedSize !== "number"
  ) {
    return null;
  }
  const location = fields(finding.location ?? finding.declaration);
  return {
    fingerprint,
    root,
    message,
    ignored,
    warning: finding.severity === "warning" || finding.severity === "error",
    changed: location.changed === true,
    place: placeOf(location),
    figures: [...growthOf(finding), bytes(retainedSize)].join(", "),
    retainedSize,
  };
}

function growthOf(finding: Fields): string[] {
  if (typeof finding.growthBytesPerRequest === "number") {
    return [`${growth(finding.growthBytesPerRequest)}/${text(finding.unit) || "request"}`];
  }
  if (typeof finding.growthBytesPerSnapshot === "number") {
    return [`${growth(finding.growthBytesPerSnapshot)}/snapshot`];
  }
  return [];
}

function placeOf(location: Fields): Place | null {
  const { line, character } = fields(fields(location.range).start);
  const { uri } = location;
  return typeof uri === "string" && typeof line === "number" && typeof character === "number"
    ? { uri, line, character }
    : null;
}

type Fields = ReturnType<typeof fields>;
