/** The live inspectors, from the server's `leakline/targets`. */

import { fields, list, numberOrNull, text } from "../json";

export interface Target {
  /** What the setting `leakline.inspect` takes. */
  readonly inspector: string;
  /** `HOST:PORT` of the inspector. */
  readonly address: string;
  /** `wrangler`, `node`, `deno`, `page` or `unknown`. */
  readonly kind: string;
  readonly title: string;
  /** Name and version of the runtime; may be empty. */
  readonly runtime: string;
  readonly pid: number | null;
  /** The working directory of the process; null where the system does not tell. */
  readonly directory: string | null;
  /** At which other ports the process listens. */
  readonly otherPorts: readonly number[];
  /** Another client keeps everybody else out. */
  readonly taken: boolean;
}

/** Reads the server's answer. What is not understood is left out. */
export function targetsOf(answer: unknown): Target[] {
  return list(fields(answer).targets)
    .map(targetOf)
    .filter((target) => target !== null);
}

function targetOf(value: unknown): Target | null {
  const { inspector, address, kind, title, url, runtime, pid, directory, otherPorts, taken } =
    fields(value);
  if (typeof inspector !== "string" || typeof address !== "string") {
    return null;
  }
  return {
    inspector,
    address,
    kind: text(kind) || "unknown",
    title: text(title) || text(url),
    runtime: text(runtime),
    pid: numberOrNull(pid),
    directory: text(directory) || null,
    otherPorts: list(otherPorts).filter((port) => typeof port === "number"),
    taken: taken === true,
  };
}

/** What a person calls it. */
export function nameOf(target: Target): string {
  return target.title === "" ? target.address : target.title;
}

/** At which port of this machine its inspector listens. */
export function portOf({ address }: Target): number {
  return Number(/:(\d+)$/.exec(address)?.[1]);
}

/** The port of an inspector as a setting names it, `host:port` or `ws://`; none where it has none. */
export function portsIn(inspector: unknown): number[] {
  const port = /^(?:wss?:\/\/)?[^/]*:(\d{1,5})(?:\/|$)/.exec(text(inspector))?.[1];
  return port === undefined ? [] : [Number(port)];
}

/** Ports of this machine at which the server looks for inspectors. */
export function searchedPortsOf(answer: unknown): number[] {
  return list(fields(answer).searchedPorts).filter((port) => typeof port === "number");
}
