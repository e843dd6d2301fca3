/** Which program a measurement means, and where its requests go, when nobody has said so. */

import * as path from "node:path";

import type { Target } from "./target";

/** At or above, ports are given away by the system: nobody's server was told to listen there. */
const FIRST_EPHEMERAL_PORT = 32_768;

export interface Candidates {
  /** They run in the folder, or nobody knows where. */
  readonly here: readonly Target[];
  /** They run elsewhere, or are pages, which take no requests: never meant without asking. */
  readonly others: readonly Target[];
}

export function candidates(targets: readonly Target[], folder: string | null): Candidates {
  const here = targets.filter(
    ({ kind, directory }) =>
      kind !== "page" &&
      (folder === null || directory === null || areRelated(directory, folder)),
  );
  return { here, others: targets.filter((target) => !here.includes(target)) };
}

/**
 * Which of the open folders a program belongs to, by its place in the list.
 *
 * @param asked The folder that it was asked for from: what belongs to several belongs to this one.
 */
export function homeOf(target: Target, folders: readonly string[], asked: number): number {
  const { directory } = target;
  if (directory === null) {
    return asked;
  }
  const related = folders.flatMap((folder, place) => (areRelated(directory, folder) ? [place] : []));
  const [only, ...more] = related;
  return only === undefined || more.length > 0 || related.includes(asked) ? asked : only;
}

/** The address that gets the requests; null where the program's ports do not tell. */
export function likelyUrl(target: Target): string | null {
  const ports = target.otherPorts.filter((port) => port < FIRST_EPHEMERAL_PORT);
  const [port, ...others] = ports.length > 0 ? ports : target.otherPorts;
  return port === undefined || others.length > 0 ? null : urlAt(port);
}

export function urlAt(port: number): string {
  return `http://127.0.0.1:${port}/{i}`;
}

/** Whether one folder lies in the other: a Worker in the open folder, or a package of its. */
function areRelated(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
}
