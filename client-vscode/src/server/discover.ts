/** Finds the server to start. */

import { candidates, type Candidate, type Surroundings } from "./candidates";
import { serverCommand, type ServerCommand } from "./command";
import type { Probe } from "./probe";

export interface Rejected {
  readonly candidate: Candidate;
  readonly reason: string;
}

export interface Discovery {
  /** The first candidate that works; null when there is none. */
  readonly server: ServerCommand | null;
  /** The ones tried before it. */
  readonly rejected: readonly Rejected[];
}

export async function discover(surroundings: Surroundings, probe: Probe): Promise<Discovery> {
  const rejected: Rejected[] = [];
  for (const candidate of candidates(surroundings)) {
    const reason = await probe(candidate);
    if (reason === null) {
      return { server: serverCommand(candidate), rejected };
    }
    rejected.push({ candidate, reason });
  }
  return { server: null, rejected };
}

/** One line for the log. */
export function describeRejected({ candidate, reason }: Rejected): string {
  const program = candidate.kind === "python" ? candidate.python : candidate.command;
  return `${program} (from ${candidate.origin}): ${reason}`;
}

/** What the user reads when nothing was found. */
export function notFoundMessage(discovery: Discovery, configured: boolean): string {
  const [first] = discovery.rejected;
  if (configured && first !== undefined) {
    return `Leakline's server could not be found: ${describeRejected(first)}.`;
  }
  return (
    "Leakline's server was not found. Leakline can set it up in a Python environment of its own " +
    "(about 160 MB, from the Python package index)."
  );
}
