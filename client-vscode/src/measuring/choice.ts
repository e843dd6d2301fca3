/** Which program a measurement means, and where its requests go, when nobody has said so. */

import * as path from "node:path";

import type { Target } from "./target";

/** At or above, ports are given away by the system: nobody's server was told to listen there. */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * The programs among which there is to choose: those that run in the folder, else all. A page
 * takes no requests, and is measured only where there is nothing else.
 */
export function likelyTargets(targets: readonly Target[], folder: string | null): Target[] {
  const programs = targets.filter(({ kind }) => kind !== "page");
  const here = programs.filter(
    ({ directory }) => folder !== null && directory !== null && areRelated(directory, folder),
  );
  return [here, programs, targets].find((some) => some.length > 0)?.slice() ?? [];
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
